import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import {
  type Account,
  type DisturbanceRecord,
  type DisturbanceRun,
  Ledger,
  type LedgerRun,
  machineClock,
  parseTarget,
  planDisturbances,
  readLedgerFile,
  reconcile,
  runDisturbances,
  runLedgerEventClient,
  runLedgerHttpClient,
  runLedgerWebSocketClient,
  whileRunning,
} from '@seaworthy/proof'
import type { Subject, SubjectKind } from './subject.ts'

/** How hard and how long a subject is used. */
export interface ZeroLossOptions {
  readonly seed: number
  readonly disturbances: number
  /** Shortest and longest pause before each disturbance, ms. Default 100 to 500. */
  readonly gapMs?: readonly [number, number]
  /** Multiplies the clients' rates. Default 1: about 250 ids/s. */
  readonly scale?: number
  /** Shortest run, s; for subjects without disturbances. Default 2. */
  readonly seconds?: number
  /** A request without an answer after this time, ms, is lost. Default 15,000. */
  readonly timeoutMs?: number
  readonly say: (line: string) => void
}

/** The account, and the faults that the subject says it injected. */
export interface RunAccount extends Account {
  readonly injected: number | undefined
}

/** Uses a subject with every kind of client while it is disturbed, then holds what they saw against its services' ledger. */
export async function runZeroLoss(kind: SubjectKind, options: ZeroLossOptions): Promise<RunAccount> {
  const directory = await mkdtemp(join(tmpdir(), 'zero-loss-'))
  try {
    await using subject = await kind.start(directory, options.seed)
    return await useSubject(kind.name, subject, options)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function useSubject(name: string, subject: Subject, options: ZeroLossOptions): Promise<RunAccount> {
  const { seed, seconds = 2 } = options
  const stop = new AbortController()
  const startAt = machineClock.now()
  const run: LedgerRun = { ledger: new Ledger(`z${seed}`), clock: machineClock, startAt, signal: stop.signal }
  const elapsed = (): number => machineClock.now() - startAt
  const began = performance.eventLoopUtilization()
  let stalled = 0
  const stopLooking = whileRunning(run, ({ longestStall }) => {
    stalled = longestStall
  })
  const clients = startClients(run, subject, options)
  const count = subject.disturbances.length === 0 ? 0 : options.disturbances
  const plan = planDisturbances(subject.disturbances, count, seed)
  const disturb = async (): Promise<DisturbanceRun> => {
    // Whoever is not there yet cannot lose anything, and what the last disturbance did must have time to be seen.
    await progress(run)
    const done = await runDisturbances({ plan, seed, gapMs: options.gapMs ?? [100, 500], now: elapsed, wait, onRecord })
    await wait(Math.max(500, seconds * 1000 - elapsed()))
    await progress(run)
    return done
  }
  const each = Math.max(1, Math.ceil(plan.length / 20))
  const onRecord = (record: DisturbanceRecord, index: number): void => {
    if ((index + 1) % each !== 0) return
    const at = `${index + 1} of ${plan.length} disturbances, ${(elapsed() / 1000).toFixed(0)} s`
    options.say(`${name}: ${at}, last: ${record.name}`)
  }
  try {
    // A client that fails is a fault of the harness and ends the run at once.
    const ended = clients.then(() => Promise.reject(new Error('the clients ended before the run')))
    const { records, failure } = await Promise.race([disturb(), ended])
    stop.abort()
    await clients
    const file = await readLedgerFile(subject.ledger, run.ledger)
    const account = reconcile({
      ledger: run.ledger,
      file,
      policies: subject.policies,
      disturbances: records,
      plannedDisturbances: plan.length,
      failure,
      client: { busy: performance.eventLoopUtilization(began).utilization, stalledMs: stalled },
      elapsedMs: elapsed(),
    })
    return { ...account, injected: await subject.injected?.() }
  } finally {
    stop.abort()
    stopLooking()
    await clients.catch(() => undefined)
  }
}

/** Waits until every client has had another answer; throws when one has none within a minute. */
async function progress(run: LedgerRun): Promise<void> {
  const before = new Map(run.ledger.clients.map((client) => [client, client.answered]))
  const end = performance.now() + 60_000
  for (const [client, answered] of before) {
    while (client.answered === answered) {
      if (performance.now() > end) throw new Error(`client ${client.options.name} had no answer for a minute`)
      await wait(20)
    }
  }
}

/** One client of each kind that users have. */
async function startClients(run: LedgerRun, subject: Subject, options: ZeroLossOptions): Promise<void> {
  const target = parseTarget(subject.url)
  const { resend } = subject
  const scale = options.scale ?? 1
  const timeoutMs = options.timeoutMs ?? 15_000
  const http = { target, resend, timeoutMs }
  await Promise.all([
    runLedgerHttpClient(run, { ...http, name: 'get', connections: 'keep-alive', path: '/echo', rate: 80 * scale }),
    runLedgerHttpClient(run, {
      ...http,
      name: 'slow-get',
      connections: 'keep-alive',
      path: '/work?ms=150&bytes=3000',
      rate: 20 * scale,
    }),
    runLedgerHttpClient(run, {
      ...http,
      name: 'post',
      connections: 'keep-alive',
      path: '/work?ms=5',
      method: 'POST',
      rate: 50 * scale,
    }),
    runLedgerHttpClient(run, { ...http, name: 'new', connections: 'new', path: '/echo', rate: 30 * scale }),
    runLedgerHttpClient(run, {
      ...http,
      name: 'new-post',
      connections: 'new',
      path: '/echo',
      method: 'POST',
      rate: 20 * scale,
    }),
    runLedgerHttpClient(run, {
      ...http,
      name: 'upload',
      connections: 'keep-alive',
      path: '/upload',
      method: 'POST',
      rate: 6 * scale,
      upload: { bytes: 200_000, pauseMs: 20 },
    }),
    runLedgerWebSocketClient(run, { name: 'ws-1', target, path: '/ws', rate: 20 * scale, timeoutMs }),
    runLedgerWebSocketClient(run, { name: 'ws-2', target, path: '/ws', rate: 2 * scale, timeoutMs }),
    runLedgerEventClient(run, { name: 'sse-1', target, path: '/events?ms=50', timeoutMs }),
    runLedgerEventClient(run, { name: 'sse-2', target, path: '/events?ms=300', timeoutMs }),
  ])
}
