import { WebSocket } from 'ws'
import type { HttpTarget } from './http-target.ts'
import { endless, heldUpMs, type LedgerRun, pause, sinceStart, whileRunning } from './ledger-run.ts'
import { pace } from './pacer.ts'
import { webSocketAddress, webSocketTls } from './websocket-address.ts'

/**
 * One WebSocket that sends messages with ids at a constant rate and expects each answered once. What a correct client does and this one
 * does: on a close with 1001 (going away) or 1012 (service restart) it connects again at once and repeats what is not answered; so it does
 * after a connection that ended without a close, but that is a finding (`cut`).
 */
export interface LedgerWebSocketClient {
  readonly name: string
  readonly target: HttpTarget
  readonly path: string
  /** Messages/s. */
  readonly rate: number
  /** A message that is not answered within this time, ms, is lost. Default 15,000. */
  readonly timeoutMs?: number
}

interface Open {
  readonly n: number
  readonly from: number
  /** When it was due in running time. */
  readonly due: number
  sent: boolean
}

/** Sends until the run ends, then waits for what is not answered. */
export async function runLedgerWebSocketClient(run: LedgerRun, options: LedgerWebSocketClient): Promise<void> {
  const { name, timeoutMs = 15_000 } = options
  const ledger = run.ledger.client({ name, traffic: 'websocket', idempotent: false })
  const unanswered = new Map<string, Open>()
  let socket: WebSocket | undefined
  let over = false
  let runningNow = run.clock.now()

  const post = (id: string, message: Open): void => {
    if (socket?.readyState !== WebSocket.OPEN) return
    if (message.sent) ledger.sendAgain(message.n)
    message.sent = true
    socket.send(JSON.stringify({ id }))
  }
  const receive = (text: string): void => {
    const id = readId(text)
    const n = id === undefined ? undefined : ledger.numberOf(id)
    if (id === undefined || n === undefined) {
      ledger.find('wrong answer', name, sinceStart(run), sinceStart(run), text.slice(0, 100))
      return
    }
    unanswered.delete(id)
    ledger.answer(n, sinceStart(run))
  }
  /** Connects once; resolves when the connection is over, with how it ended. */
  const connection = (): Promise<'orderly' | 'cut' | 'none'> =>
    new Promise((resolve) => {
      const from = sinceStart(run)
      let opened = false
      let refused = false
      const current = new WebSocket(webSocketAddress(options.target, options.path), {
        perMessageDeflate: false,
        handshakeTimeout: timeoutMs,
        ...webSocketTls(options.target),
      })
      socket = current
      current.on('open', () => {
        opened = true
        for (const [id, message] of unanswered) post(id, message)
      })
      current.on('message', (data) => receive(String(data)))
      current.on('unexpected-response', (_request, response) => {
        refused = true
        ledger.find('server error', name, from, sinceStart(run), `upgrade answered with ${response.statusCode}`)
        current.terminate()
      })
      current.on('error', (error) => {
        if (!opened && !refused && !over)
          ledger.find('lost', name, from, sinceStart(run), `no connection: ${error.message}`)
      })
      current.on('close', (code) => {
        const orderly = code === 1012 || code === 1001
        if (opened && !over && !orderly) ledger.find('cut', name, from, sinceStart(run), `close code ${code}`)
        if (opened && !over && orderly) ledger.reconnected += 1
        resolve(opened ? (orderly ? 'orderly' : 'cut') : 'none')
      })
    })

  const connecting = (async (): Promise<void> => {
    for (let failures = 0; !over; ) {
      const ended = await connection()
      failures = ended === 'none' ? failures + 1 : 0
      if (!over && ended !== 'orderly') await pauseAlways(run, Math.min(500, 20 * 2 ** failures))
    }
  })()
  const stopLooking = whileRunning(run, (running) => {
    runningNow = running.value()
    for (const [id, message] of unanswered) {
      if (runningNow - message.due < timeoutMs) break
      unanswered.delete(id)
      ledger.fail(message.n, 'lost', message.from, sinceStart(run), `not answered within ${timeoutMs} ms`)
    }
  })

  await pace({
    clock: run.clock,
    startAt: run.clock.now(),
    times: endless(options.rate),
    signal: run.signal,
    skipLaterThan: heldUpMs,
    onDue: () => {
      const from = sinceStart(run)
      const n = ledger.next(from)
      const message: Open = { n, from, due: runningNow, sent: false }
      unanswered.set(ledger.idOf(n), message)
      post(ledger.idOf(n), message)
    },
  })
  while (unanswered.size > 0) await pauseAlways(run, 20)
  stopLooking()
  over = true
  socket?.close(1000)
  await Promise.race([connecting, pauseAlways(run, 1000)])
  socket?.terminate()
  await connecting
}

function pauseAlways(run: LedgerRun, ms: number): Promise<void> {
  return pause({ ...run, signal: new AbortController().signal }, ms)
}

function readId(text: string): string | undefined {
  try {
    const { id } = JSON.parse(text) as { readonly id?: unknown }
    return typeof id === 'string' ? id : undefined
  } catch {
    return undefined
  }
}
