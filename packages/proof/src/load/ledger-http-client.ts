import { HttpClient } from './http-client.ts'
import type { HttpTarget } from './http-target.ts'
import type { ClientLedger } from './ledger.ts'
import { endless, heldUpMs, type LedgerRun, sinceStart } from './ledger-run.ts'
import type { Answered, Failed, FailureKind } from './outcome.ts'
import { pace } from './pacer.ts'
import { type StreamedBody, seededBody } from './streamed-body.ts'

/** A constant-rate HTTP client that keeps a ledger. Its rules for repeating a request are those of `resend`. */
export interface LedgerHttpClient {
  readonly name: string
  readonly target: HttpTarget
  /** Requests/s. */
  readonly rate: number
  readonly connections: 'keep-alive' | 'new'
  /** Default GET. */
  readonly method?: 'GET' | 'PUT' | 'POST'
  readonly path: string
  /** Bodies of seeded bytes whose checksum the answer must confirm; sizes vary up to `bytes`, pieces are sent with pauses. */
  readonly upload?: { readonly bytes: number; readonly pauseMs: number }
  /**
   * `never`: whatever is not answered is lost. `idempotent`: a GET or PUT whose connection ended before the answer was whole is sent again on another
   * one, up to three times, as RFC 9110 §9.2.2 allows and browsers do. A refused connection is never tried again: that is downtime.
   */
  readonly resend: 'never' | 'idempotent'
  /** Default 15,000. */
  readonly timeoutMs?: number
}

const mostResends = 3
const connectionEnded: readonly FailureKind[] = [
  'closed before answer',
  'reset before answer',
  'reset during answer',
  'truncated',
]

/** Sends until the run ends, then waits for what is in progress. The service answers JSON with the request's `id`, and with `sha256` for uploads. */
export async function runLedgerHttpClient(run: LedgerRun, options: LedgerHttpClient): Promise<void> {
  const { name, target, connections, method = 'GET', timeoutMs = 15_000 } = options
  const idempotent = method !== 'POST'
  const ledger = run.ledger.client({ name, traffic: options.upload ? 'upload' : 'request', idempotent })
  const client = new HttpClient({ target, connections, timeoutMs, now: run.clock.now })
  const bodies = options.upload ? uploadBodies(options.upload) : []
  let unfinished = 0
  let allDone = (): void => undefined

  const attempt = (n: number, from: number, tries: number): void => {
    const body = bodies[n % bodies.length]
    const request = client.prepare({
      method,
      path: options.path,
      headers: { 'x-request-id': ledger.idOf(n) },
      keep: true,
      ...(body !== undefined && { body }),
    })
    client.send(request, (outcome) => {
      const to = sinceStart(run)
      if (outcome.kind === 'failed' && mayResend(options, idempotent, outcome) && tries < mostResends) {
        ledger.sendAgain(n)
        run.clock.after(20 * 2 ** tries, () => attempt(n, from, tries + 1))
        return
      }
      if (outcome.kind === 'failed') {
        const kind = outcome.failure === 'malformed' ? 'wrong answer' : 'lost'
        ledger.fail(
          n,
          kind,
          from,
          to,
          `${outcome.failure} (${outcome.detail})${outcome.reused ? ', on a used connection' : ''}${tries > 0 ? `, ${tries + 1} tries` : ''}`,
        )
      } else judge(ledger, n, from, to, outcome, body)
      unfinished -= 1
      if (unfinished === 0) allDone()
    })
  }

  await pace({
    clock: run.clock,
    startAt: run.clock.now(),
    times: endless(options.rate),
    signal: run.signal,
    skipLaterThan: heldUpMs,
    onDue: () => {
      const from = sinceStart(run)
      unfinished += 1
      attempt(ledger.next(from), from, 0)
    },
  })
  if (unfinished > 0)
    await new Promise<void>((resolve) => {
      allDone = resolve
    })
  if (client.counts.unsolicited > 0) {
    ledger.find('unsolicited', name, 0, sinceStart(run), `${client.counts.unsolicited} connections`)
  }
  await client[Symbol.asyncDispose]()
}

function mayResend(options: LedgerHttpClient, idempotent: boolean, outcome: Failed): boolean {
  return options.resend === 'idempotent' && idempotent && connectionEnded.includes(outcome.failure)
}

function judge(
  ledger: ClientLedger,
  n: number,
  from: number,
  to: number,
  outcome: Answered,
  body: StreamedBody | undefined,
): void {
  const { status, body: text = '' } = outcome
  if (status >= 500) ledger.fail(n, 'server error', from, to, `status ${status}: ${text.slice(0, 200)}`)
  else if (status < 200 || status > 299)
    ledger.fail(n, 'other status', from, to, `status ${status}: ${text.slice(0, 200)}`)
  else {
    const wrong = wrongWith(ledger.idOf(n), text, body)
    if (wrong === undefined) ledger.answer(n, to)
    else ledger.fail(n, 'wrong answer', from, to, wrong)
  }
}

function wrongWith(id: string, text: string, body: StreamedBody | undefined): string | undefined {
  let answer: { readonly id?: unknown; readonly sha256?: unknown }
  try {
    answer = JSON.parse(text)
  } catch {
    return `no JSON: ${text.slice(0, 100)}`
  }
  if (answer.id !== id) return `the answer to ${String(answer.id)}`
  if (body !== undefined && answer.sha256 !== body.sha256)
    return `checksum ${String(answer.sha256)} instead of ${body.sha256}`
  return undefined
}

function uploadBodies(upload: { readonly bytes: number; readonly pauseMs: number }): StreamedBody[] {
  const { bytes, pauseMs } = upload
  return [1, 2, 3, 4, 5].map((seed) =>
    seededBody({
      seed,
      bytes: Math.ceil((bytes * seed) / 5),
      pieceBytes: Math.ceil(bytes / 16),
      pauseMs,
      chunked: seed % 2 === 0,
    }),
  )
}
