import { WebSocket } from 'ws'
import type { HttpTarget } from './http-target.ts'
import type { FailureKind, Outcome } from './outcome.ts'
import type { Sender } from './sender.ts'
import { webSocketAddress, webSocketTls } from './websocket-address.ts'

/** Messages over a fixed number of WebSockets. */
export interface WebSocketLoad {
  readonly target: HttpTarget
  readonly path: string
  /** Connections; messages go round. */
  readonly sockets: number
  readonly messageOf: (n: number) => string
  /** A message that is not answered within this time, ms, counts as a timeout. Default 10,000. */
  readonly timeoutMs?: number
  readonly now?: () => number
}

interface Pending {
  readonly sentAt: number
  readonly done: (outcome: Outcome) => void
}

/** A sender with connections to close. */
export interface WebSocketSender extends Sender, AsyncDisposable {}

/**
 * Opens the connections and resolves when all are there. Each message is taken to be answered by the next one that comes on its
 * connection, so the server must answer in order, one for one. A connection that ends fails what was waiting on it and is opened again.
 */
export async function openWebSocketSender(load: WebSocketLoad): Promise<WebSocketSender> {
  const { timeoutMs = 10_000, now = (): number => performance.now() } = load
  const lanes = Array.from({ length: load.sockets }, () => new Lane(load, now))
  await Promise.all(lanes.map((lane) => lane.open()))
  const sweep = setInterval(() => {
    for (const lane of lanes) lane.expire(now() - timeoutMs)
  }, 50)
  return {
    send: (n, done) => lanes[n % lanes.length]?.send(load.messageOf(n), done),
    [Symbol.asyncDispose]: async () => {
      clearInterval(sweep)
      await Promise.all(lanes.map((lane) => lane.close()))
    },
  }
}

class Lane {
  readonly #load: WebSocketLoad
  readonly #now: () => number
  #socket: WebSocket | undefined
  #pending: Pending[] = []
  #closed = false

  constructor(load: WebSocketLoad, now: () => number) {
    this.#load = load
    this.#now = now
  }

  /** Resolves when the connection is there; rejects when it cannot be opened. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const { target, path } = this.#load
      const socket = new WebSocket(webSocketAddress(target, path), {
        perMessageDeflate: false,
        ...webSocketTls(target),
      })
      this.#socket = socket
      socket.on('open', resolve)
      socket.on('error', reject)
      socket.on('message', (data: Buffer) => {
        const first = this.#pending.shift()
        const { sentAt = 0 } = first ?? {}
        const none = { label: undefined, head: undefined, body: undefined }
        first?.done({ kind: 'answered', status: 0, bytes: data.length, sentAt, ...none })
      })
      socket.on('close', (code) => {
        this.#fail('closed before answer', `close code ${code}`)
        if (!this.#closed) this.open().catch(() => undefined)
      })
    })
  }

  send(message: string, done: (outcome: Outcome) => void): void {
    const sentAt = this.#now()
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#pending.push({ sentAt, done })
      this.#socket.send(message)
      return
    }
    setImmediate(() =>
      done({ kind: 'failed', failure: 'refused', detail: 'not connected', sentAt: undefined, reused: true }),
    )
  }

  /** Gives up the connection when its oldest message was sent before `limit`: later answers could not be told apart. */
  expire(limit: number): void {
    const oldest = this.#pending[0]
    if (!oldest || oldest.sentAt > limit) return
    this.#fail('timeout', 'no answer in time')
    this.#socket?.terminate()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#fail('cancelled', 'sender closed')
    const socket = this.#socket
    if (!socket || socket.readyState === WebSocket.CLOSED) return
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.terminate()
    await closed
  }

  #fail(failure: FailureKind, detail: string): void {
    const pending = this.#pending
    this.#pending = []
    for (const { sentAt, done } of pending) done({ kind: 'failed', failure, detail, sentAt, reused: true })
  }
}
