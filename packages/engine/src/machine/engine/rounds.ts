import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Outside } from '../../supervisor/waits.ts'
import { ScheduledJobs } from '../cron/scheduled-jobs.ts'
import type { Desired } from '../desired/desired.ts'
import { externalUrl } from '../desired/injected-environment.ts'
import { logFile, rotateLog } from '../logs/log-file.ts'
import { systemProber } from '../probe/run-probe.ts'
import { Scaler } from '../scale/scaler.ts'
import type { SecretSource } from '../secret-source.ts'
import { SecretWatch } from '../secrets/secret-watch.ts'
import type { EngineParts } from './engine-parts.ts'
import type { MachineEngine } from './machine-engine.ts'

/** ms between two rounds, and between two looks at what is in flight to draining replicas. */
const everyRound = 2000
const everyIdleLook = 50
const everyExternal = 5000

/** What the engine does again and again: measures, looks whether draining replicas are idle, asks externals. */
export class Rounds implements Disposable {
  readonly #parts: EngineParts
  /** Whoever waits for something looks again: time alone may have settled it. */
  readonly #nudge: () => void
  readonly #scheduled: ScheduledJobs
  readonly #scaler: Scaler
  readonly #secrets: SecretWatch
  readonly #timers = new Map<string, Disposable>()
  #externals: Desired | undefined
  #closed = false

  constructor(parts: EngineParts, engine: MachineEngine, secrets: SecretSource) {
    this.#parts = parts
    this.#nudge = () => engine.nudge()
    this.#scheduled = new ScheduledJobs(parts)
    this.#secrets = new SecretWatch(parts, secrets)
    this.#scaler = new Scaler(parts, (service, replicas) => engine.scaleStable(service, replicas))
  }

  /** Begins. */
  start(): void {
    this.#again('round', everyRound, () => this.#round())
    this.#again('idle', everyIdleLook, () => this.#lookForIdle())
    this.#again('externals', everyExternal, () => this.#askExternals())
  }

  /** Next scheduled run by job, ms since the Unix epoch. */
  nextRuns(): ReadonlyMap<string, number> {
    return this.#scheduled.next
  }

  /** Asks these externals from now on, at once for the first time; volumes are made. */
  watchExternals(desired: Desired): void {
    this.#externals = desired
    void this.#askExternals()
  }

  [Symbol.dispose](): void {
    this.#closed = true
    for (const timer of this.#timers.values()) timer[Symbol.dispose]()
  }

  #again(name: string, ms: number, work: () => Promise<void>): void {
    if (this.#closed) return
    const timer = this.#parts.clock.after(ms, () => {
      void work()
        .catch(() => {})
        .then(() => this.#again(name, ms, work))
    })
    this.#timers.set(name, timer)
  }

  async #round(): Promise<void> {
    const { usage, clock, exposure, driver, store, publisher } = this.#parts
    usage.sample(clock.now())
    exposure.advance(driver.supervisor.replicas.values(), clock.now())
    store.write({ exposure: exposure.record() })
    this.#rotateLogs()
    this.#scheduled.look()
    await this.#scaler.look()
    await this.#secrets.look()
    await publisher.check()
    this.#nudge()
  }

  #rotateLogs(): void {
    const { driver, stateDir } = this.#parts
    const keys = [...driver.supervisor.replicas.keys(), ...driver.supervisor.jobs.keys()]
    for (const id of keys) rotateLog(logFile(stateDir, id))
  }

  async #lookForIdle(): Promise<void> {
    const { driver, link, publisher } = this.#parts
    const draining = [...driver.supervisor.replicas.values()].filter(({ state }) => state.phase === 'draining')
    if (draining.length === 0) return
    const busy = publisher.isOpen ? (await link.status()).endpoints.filter(({ inFlight }) => inFlight > 0) : []
    for (const { id } of draining) {
      if (!busy.some((endpoint) => endpoint.id === id)) driver.dispatch({ kind: 'idle', replica: id })
    }
  }

  async #askExternals(): Promise<void> {
    const desired = this.#externals
    if (!desired) return
    const { driver } = this.#parts
    const { volumes, externals, postgres, redis } = desired.fleet
    for (const name of Object.keys(volumes)) {
      const folder = join(this.#parts.stateDir, 'volumes', name)
      mkdirSync(folder, { recursive: true })
      // Services that share a volume may run as different users; mkdir's own mode is cut by the umask.
      chmodSync(folder, 0o777)
      driver.dispatch({ kind: 'outside', target: `volume:${name}`, outside: { ready: true } })
    }
    const asked = [
      ...Object.values(externals).map(({ name, url, check }) => ({
        target: `external:${name}` as const,
        name,
        url,
        check,
      })),
      ...Object.values(postgres).map(({ name, url }) => ({
        target: `postgres:${name}` as const,
        name,
        url,
        check: 'tcp' as const,
      })),
      ...Object.values(redis).map(({ name, url }) => ({
        target: `redis:${name}` as const,
        name,
        url,
        check: 'tcp' as const,
      })),
    ]
    await Promise.all(
      asked.map(async ({ target, name, url, check }) => {
        // Without an address it runs here, and the supervisor knows how it is.
        if (url === undefined) {
          if (driver.supervisor.outside.has(target)) driver.dispatch({ kind: 'outside', target, outside: undefined })
          return
        }
        const before = driver.supervisor.outside.get(target)
        const outside = await this.#askOne(name, url, check)
        if (before?.ready === outside.ready && before.why === outside.why) return
        driver.dispatch({ kind: 'outside', target, outside })
        this.#nudge()
      }),
    )
  }

  async #askOne(name: string, written: string, check: 'none' | 'tcp' | 'http'): Promise<Outside> {
    try {
      const url = new URL(externalUrl(name, written, this.#parts.env))
      if (check === 'none') return { ready: true }
      const port = url.port || (standardPorts[url.protocol] ?? '')
      const question =
        check === 'tcp' || url.protocol === 'https:'
          ? ({ kind: 'tcp', port: 0 } as const)
          : ({ kind: 'http', path: url.pathname } as const)
      const result = await systemProber({
        question,
        address: `${url.hostname}:${port}`,
        timeout: 2000,
        exec: async () => undefined,
      })
      return result.ok === false ? { ready: false, why: `${url.host}: ${result.detail}` } : { ready: true }
    } catch (error) {
      return { ready: false, why: error instanceof Error ? error.message : String(error) }
    }
  }
}

const standardPorts: Readonly<Record<string, string>> = {
  'https:': '443',
  'http:': '80',
  'postgres:': '5432',
  'postgresql:': '5432',
  'redis:': '6379',
  'rediss:': '6379',
}
