import type { Socket } from 'node:net'
import { classifyError } from './connection-failure.ts'
import type { PreparedRequest } from './http-request.ts'
import { type HttpTarget, openSocket } from './http-target.ts'
import type { FailureKind, Outcome } from './outcome.ts'
import { ResponseReader } from './response-reader.ts'
import { sendStream } from './stream-sending.ts'

/** What a connection needs from its pool. */
export interface ConnectionOwner {
  readonly target: HttpTarget
  readonly shared: Buffer
  readonly labelHeader: string
  readonly now: () => number
  /** The exchange is over and the connection can take another. */
  readonly onIdle: (connection: HttpConnection) => void
  /** The connection will take no more. `unsolicited` when bytes came that nobody had asked for. */
  readonly onGone: (connection: HttpConnection, unsolicited: boolean) => void
}

/** One connection that carries one exchange at a time. */
export class HttpConnection {
  /** When the exchange in progress must be over, in the owner's ms; Infinity while idle. */
  deadline: number = Number.POSITIVE_INFINITY
  readonly #owner: ConnectionOwner
  readonly #socket: Socket
  readonly #reader = new ResponseReader()
  #request: PreparedRequest | undefined
  #done: ((outcome: Outcome) => void) | undefined
  #connected = false
  #gone = false
  #sentAt: number | undefined
  #exchanges = 0
  #received = false
  #ended = false
  #uploading: AbortController | undefined

  constructor(owner: ConnectionOwner) {
    this.#owner = owner
    this.#socket = openSocket(owner.target, owner.shared, {
      onConnected: () => {
        this.#connected = true
        if (this.#request) this.#send(this.#request)
        else owner.onIdle(this)
      },
      onBytes: (buffer, size) => this.#onBytes(buffer, size),
      onEnd: () => this.#onEnd(),
      onError: (error) => this.#onError(error),
      onClose: () => this.#fail(this.#closedFailure(), 'closed'),
    })
  }

  /** Starts an exchange; `done` is called once. Only on a new or idle connection. */
  exchange(request: PreparedRequest, deadline: number, done: (outcome: Outcome) => void): void {
    this.#request = request
    this.#done = done
    this.deadline = deadline
    this.#sentAt = undefined
    this.#received = false
    if (this.#connected) this.#send(request)
  }

  /** Gives up what is in progress and closes. */
  abandon(failure: FailureKind, detail: string): void {
    this.#fail(failure, detail)
  }

  #send(request: PreparedRequest): void {
    const { isHead: head, keep, onBody } = request
    this.#reader.begin({ head, keep, onBody, labelHeader: this.#owner.labelHeader })
    this.#sentAt = this.#owner.now()
    this.#exchanges += 1
    if (request.bytes !== undefined) {
      this.#socket.cork()
      this.#socket.write(request.text, 'latin1')
      this.#socket.write(request.bytes)
      this.#socket.uncork()
      return
    }
    this.#socket.write(request.text, 'latin1')
    if (request.stream) {
      this.#uploading = new AbortController()
      void sendStream(this.#socket, request.stream, this.#uploading.signal).then(() => {
        this.#uploading = undefined
      })
    }
  }

  #onBytes(buffer: Buffer, size: number): void {
    if (!this.#done) {
      this.#leave(true)
      return
    }
    this.#received = true
    const taken = this.#reader.read(buffer, size)
    if (this.#reader.wrong !== '') this.#fail('malformed', this.#reader.wrong)
    else if (!this.#reader.done) return
    else if (taken < size) this.#fail('malformed', `${size - taken} bytes more than the answer announced`)
    else this.#finish()
  }

  /** Hands out the answer, then returns the connection to its pool or ends it. */
  #finish(): void {
    const reader = this.#reader
    const outcome: Outcome = {
      kind: 'answered',
      status: reader.status,
      label: reader.label,
      bytes: reader.bodyBytes,
      sentAt: this.#sentAt ?? 0,
      head: reader.head,
      body: reader.body,
    }
    const done = this.#done
    this.#done = undefined
    this.#request = undefined
    this.deadline = Number.POSITIVE_INFINITY
    // An answer that came before its upload was over leaves the connection in the middle of a request.
    const reusable = reader.keepAlive && !this.#uploading && !this.#ended
    if (!reusable) this.#leave(false)
    else this.#owner.onIdle(this)
    done?.(outcome)
  }

  #onEnd(): void {
    this.#ended = true
    if (this.#done && this.#received && this.#reader.end()) this.#finish()
    else this.#fail(this.#closedFailure(), 'ended by the peer')
  }

  #closedFailure(): FailureKind {
    if (!this.#connected) return 'refused'
    return this.#received ? 'truncated' : 'closed before answer'
  }

  #onError(error: NodeJS.ErrnoException): void {
    const stage = this.#connected ? (this.#received ? 'answering' : 'waiting') : 'connecting'
    this.#fail(classifyError(error, stage), error.code ?? error.message)
  }

  #fail(failure: FailureKind, detail: string): void {
    const done = this.#done
    this.#done = undefined
    this.#request = undefined
    this.deadline = Number.POSITIVE_INFINITY
    this.#leave(false)
    done?.({ kind: 'failed', failure, detail, sentAt: this.#sentAt, reused: this.#exchanges > 1 })
  }

  #leave(unsolicited: boolean): void {
    if (this.#gone) return
    this.#gone = true
    this.#uploading?.abort()
    this.#socket.destroy()
    this.#owner.onGone(this, unsolicited)
  }
}
