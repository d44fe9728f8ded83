import { type IncomingMessage, request as requestPlain } from 'node:http'
import { request as requestTls } from 'node:https'
import { EventReader } from './event-reader.ts'
import type { HttpTarget } from './http-target.ts'
import type { ClientLedger } from './ledger.ts'
import { type LedgerRun, pause, sinceStart, whileRunning } from './ledger-run.ts'

/**
 * One reader of server-sent events that are numbered from 1. Each number must come exactly once, over all connections. What a correct client
 * does and this one does (WHATWG HTML §9.2): when the stream ends it connects again with `Last-Event-ID`; an event that the end cut in
 * two does not count as received. An end without the end of the HTTP body is a finding (`cut`), as is silence.
 */
export interface LedgerEventClient {
  readonly name: string
  readonly target: HttpTarget
  /** Path and query. The client's name is added as `stream`, which each event must carry with its number as `n`. */
  readonly path: string
  /** Silence of this length, ms, counts as lost. Default 15,000. */
  readonly timeoutMs?: number
}

/** Reads until the run ends. */
export async function runLedgerEventClient(run: LedgerRun, options: LedgerEventClient): Promise<void> {
  const ledger = run.ledger.client({ name: options.name, traffic: 'events', idempotent: true, applied: false })
  let last = 0
  const onEvent = (id: string, data: string): void => {
    const at = sinceStart(run)
    const number = Number(id)
    if (!Number.isInteger(number) || number < 1 || !matches(data, options.name, number)) {
      ledger.find('wrong answer', options.name, at, at, `event ${id}: ${data.slice(0, 100)}`)
      return
    }
    for (; last < number - 1; last += 1) ledger.fail(ledger.next(at), 'lost', at, at, `event ${last + 1} left out`)
    if (number > last) {
      ledger.next(at)
      last = number
    }
    ledger.answer(number - 1, at)
  }
  for (let failures = 0; !run.signal.aborted; ) {
    const came = last
    const orderly = await connection(run, options, ledger, last, onEvent)
    if (run.signal.aborted) break
    if (orderly) ledger.reconnected += 1
    failures = last > came ? 0 : failures + 1
    await pause(run, Math.min(500, 20 * 2 ** failures))
  }
}

/** One connection; resolves with whether it ended in order. */
function connection(
  run: LedgerRun,
  options: LedgerEventClient,
  ledger: ClientLedger,
  last: number,
  onEvent: (id: string, data: string) => void,
): Promise<boolean> {
  const { name, target, timeoutMs = 15_000 } = options
  const from = sinceStart(run)
  return new Promise((resolve) => {
    let over = false
    const finish = (kind: 'cut' | 'lost' | 'server error' | 'other status' | undefined, detail: string): void => {
      if (over) return
      over = true
      stopLooking()
      run.signal.removeEventListener('abort', stop)
      if (kind !== undefined && !run.signal.aborted) ledger.find(kind, name, from, sinceStart(run), detail)
      request.destroy()
      resolve(kind === undefined)
    }
    const stop = (): void => finish(undefined, 'the run ends')
    const request = (target.tls ? requestTls : requestPlain)({
      ...(target.socketPath === undefined
        ? { host: target.host, port: target.port }
        : { socketPath: target.socketPath }),
      path: `${target.base}${options.path}${options.path.includes('?') ? '&' : '?'}stream=${name}`,
      headers: {
        accept: 'text/event-stream',
        host: target.authority,
        ...(last > 0 && { 'last-event-id': String(last) }),
      },
      agent: false,
      ...(target.tls?.ca !== undefined && { ca: target.tls.ca }),
      ...(target.tls && { rejectUnauthorized: target.tls.verify !== false }),
    })
    let [heard, heardAt] = [0, Number.NaN]
    const stopLooking = whileRunning(run, (running) => {
      if (heard > 0 || Number.isNaN(heardAt)) heardAt = running.value()
      heard = 0
      if (running.value() - heardAt > timeoutMs) finish('lost', `silent for ${timeoutMs} ms`)
    })
    request.on('error', (error: NodeJS.ErrnoException) => finish('lost', `no stream: ${error.code ?? error.message}`))
    request.on('response', (response: IncomingMessage) => {
      const status = response.statusCode ?? 0
      if (status !== 200) {
        finish(status >= 500 ? 'server error' : 'other status', `stream answered with ${status}`)
        return
      }
      const reader = new EventReader(onEvent)
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        heard += 1
        reader.read(text)
      })
      response.on('error', (error: NodeJS.ErrnoException) =>
        finish('cut', `after event ${reader.lastId}: ${error.code ?? error.message}`),
      )
      response.on('end', () => finish(undefined, 'end of stream'))
    })
    request.end()
    run.signal.addEventListener('abort', stop, { once: true })
  })
}

function matches(data: string, stream: string, number: number): boolean {
  try {
    const event = JSON.parse(data) as { readonly stream?: unknown; readonly n?: unknown }
    return event.stream === stream && event.n === number
  } catch {
    return false
  }
}
