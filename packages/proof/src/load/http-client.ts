import { HttpConnection } from './http-connection.ts'
import { type PreparedRequest, prepareRequest, type RequestSpec } from './http-request.ts'
import type { HttpTarget } from './http-target.ts'
import type { Outcome } from './outcome.ts'
import { RunningTime } from './running-time.ts'

/** How a client uses connections. */
export interface HttpClientOptions {
  readonly target: HttpTarget
  /** `keep-alive` reuses idle connections, the latest first; `new` opens one for each request and announces its end. */
  readonly connections?: 'keep-alive' | 'new'
  /** Most connections at a time; further requests wait for one. Default 900: many systems allow a process 1,024 descriptors. */
  readonly limit?: number
  /** A request that is not answered within this time, ms, counts as a timeout; time in which the client itself did not run is not counted. Default 10,000. */
  readonly timeoutMs?: number
  /** Lower-case header whose value labels answers. Default `x-version`. */
  readonly labelHeader?: string
  /** Monotonic clock, ms. */
  readonly now?: () => number
}

/** What a client has seen besides the outcomes. */
export interface HttpClientCounts {
  /** Connections opened. */
  readonly opened: number
  /** Requests that had to wait because all `limit` connections were busy. */
  readonly waited: number
  /** Times that bytes came on an idle connection: an answer to nothing that was asked. */
  readonly unsolicited: number
}

interface Waiting {
  readonly request: PreparedRequest
  readonly deadline: number
  readonly done: (outcome: Outcome) => void
}

const sweepMs = 20

/** A cheap HTTP/1.1 client: one exchange at a time on each connection, failures told apart, no retries of its own. */
export class HttpClient implements AsyncDisposable {
  readonly target: HttpTarget
  readonly #reuse: boolean
  readonly #limit: number
  /** Nobody chose the limit, so that to meet it says something about this client alone. */
  readonly limitIsDefault: boolean
  readonly #timeoutMs: number
  readonly #now: () => number
  readonly #running: RunningTime
  readonly #labelHeader: string
  readonly #shared: Buffer = Buffer.allocUnsafeSlow(65_536)
  readonly #all = new Set<HttpConnection>()
  readonly #idle: HttpConnection[] = []
  #waiting: Waiting[] = []
  #firstWaiting = 0
  #sweep: NodeJS.Timeout | undefined
  #counts = { opened: 0, waited: 0, unsolicited: 0 }

  constructor(options: HttpClientOptions) {
    this.target = options.target
    this.#reuse = options.connections !== 'new'
    this.#limit = options.limit ?? 900
    this.limitIsDefault = options.limit === undefined
    this.#timeoutMs = options.timeoutMs ?? 10_000
    this.#labelHeader = options.labelHeader ?? 'x-version'
    this.#now = options.now ?? (() => performance.now())
    this.#running = new RunningTime(this.#now, sweepMs)
  }

  /** What this client has seen besides the outcomes. */
  get counts(): HttpClientCounts {
    return { ...this.#counts }
  }

  /** Writes a request for this client's target; do it once for a request that is sent often. */
  prepare(spec: RequestSpec): PreparedRequest {
    return prepareRequest(this.target, spec, !this.#reuse)
  }

  /** Sends a request; `done` is called exactly once, never before this returns. */
  send(request: PreparedRequest, done: (outcome: Outcome) => void): void {
    if (this.#sweep === undefined) this.#startSweep()
    const deadline = this.#running.value() + this.#timeoutMs
    const idle = this.#idle.pop()
    if (idle) idle.exchange(request, deadline, done)
    else if (this.#all.size < this.#limit) this.#open().exchange(request, deadline, done)
    else {
      this.#counts.waited += 1
      this.#waiting.push({ request, deadline, done })
    }
  }

  /** Sends a request and waits for what becomes of it. */
  request(spec: RequestSpec): Promise<Outcome> {
    return new Promise((resolve) => this.send(this.prepare(spec), resolve))
  }

  /** Opens that many connections ahead of need. They become idle when they are there; one that fails is not tried again. */
  warm(connections: number): void {
    for (let opened = 0; opened < connections && this.#all.size < this.#limit; opened += 1) this.#open()
  }

  /** Gives up everything that is in progress and closes all connections. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweep)
    this.#sweep = undefined
    const waiting = this.#waiting.slice(this.#firstWaiting)
    this.#waiting = []
    this.#firstWaiting = 0
    for (const { done } of waiting) done(unsent('cancelled', 'client closed'))
    for (const connection of [...this.#all]) connection.abandon('cancelled', 'client closed')
  }

  #open(): HttpConnection {
    this.#counts.opened += 1
    const connection: HttpConnection = new HttpConnection({
      target: this.target,
      shared: this.#shared,
      labelHeader: this.#labelHeader,
      now: this.#now,
      onIdle: (idle) => this.#onIdle(idle),
      onGone: (gone, unsolicited) => this.#onGone(gone, unsolicited),
    })
    this.#all.add(connection)
    return connection
  }

  #onIdle(connection: HttpConnection): void {
    const next = this.#nextWaiting()
    if (next) connection.exchange(next.request, next.deadline, next.done)
    else if (this.#reuse) this.#idle.push(connection)
    else connection.abandon('cancelled', 'a connection for one request')
  }

  #onGone(connection: HttpConnection, unsolicited: boolean): void {
    this.#all.delete(connection)
    if (unsolicited) this.#counts.unsolicited += 1
    const index = this.#idle.lastIndexOf(connection)
    if (index >= 0) this.#idle.splice(index, 1)
    if (this.#all.size >= this.#limit) return
    const next = this.#nextWaiting()
    if (next) this.#open().exchange(next.request, next.deadline, next.done)
  }

  #nextWaiting(): Waiting | undefined {
    const next = this.#waiting[this.#firstWaiting]
    if (!next) return undefined
    this.#firstWaiting += 1
    if (this.#firstWaiting > 1024 && this.#firstWaiting * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#firstWaiting)
      this.#firstWaiting = 0
    }
    return next
  }

  #startSweep(): void {
    this.#running.restart()
    this.#sweep = setInterval(() => {
      this.#running.beat()
      // Answers that wait in the sockets are read before the check phase, and count.
      setImmediate(() => this.#expire())
    }, sweepMs)
  }

  #expire(): void {
    const now = this.#running.value()
    for (const connection of this.#all) {
      if (connection.deadline <= now) connection.abandon('timeout', `no answer within ${this.#timeoutMs} ms`)
    }
    // Deadlines rise in the order of waiting.
    for (
      let first = this.#waiting[this.#firstWaiting];
      first && first.deadline <= now;
      first = this.#waiting[this.#firstWaiting]
    ) {
      this.#nextWaiting()
      first.done(unsent('timeout', `no free connection within ${this.#timeoutMs} ms`))
    }
    if (this.#all.size === 0 && this.#waiting.length === this.#firstWaiting) {
      clearInterval(this.#sweep)
      this.#sweep = undefined
    }
  }
}

function unsent(failure: 'cancelled' | 'timeout', detail: string): Outcome {
  return { kind: 'failed', failure, detail, sentAt: undefined, reused: false }
}
