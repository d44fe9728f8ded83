import { assign } from '../assign/assignment.ts'
import type { CounterRowState } from '../count/counter-row.ts'
import type { Outcome } from '../counter-page.ts'
import { withoutFields } from '../message/fields.ts'
import { addedRequestFields, clientBehind, forwardHead, type Hop } from '../message/forward-head.ts'
import { type RefusalName, refusalStatus } from '../message/refusal.ts'
import type { RequestHead } from '../message/request-head.ts'
import type { ResponseHead } from '../message/response-head.ts'
import { type EndpointState, suspect, trust } from '../pool/endpoint.ts'
import type { Held } from '../pool/hold-queue.ts'
import { pickEndpoint } from '../pool/pick.ts'
import type { CompiledRoute } from '../route/compiled-route.ts'
import { resolveRoute } from '../route/resolve.ts'
import type { Front } from './front.ts'
import type { InFlightLinks } from './in-flight.ts'
import { answerWithProblem } from './local-answer.ts'
import { Replay } from './replay.ts'
import { isIdempotent, mayRetry } from './retry.ts'
import { EventStreamTail, type StreamTail, WebSocketTail } from './stream-tail.ts'
import type { Surroundings } from './surroundings.ts'
import type { Upstream, UpstreamFailure } from './upstream.ts'

/** Interim answers that one request may get before its replica counts as broken. */
const interimLimit = 16
/** ms that a stream may take to reach a place where it can end, after its grace. */
const boundaryPatienceMs = 1_000

/**
 * Where a request stands: `held` waits for a replica, `opening` for a connection, `sent` for an answer; `answering` passes it on,
 * `closing` waits for the client to leave a stream that was ended, `done` is done.
 */
export type ExchangeState = 'new' | 'held' | 'opening' | 'sent' | 'answering' | 'closing' | 'done'

/** One request from its head to its log line: routed, dealt a version, sent to a replica, retried, answered, counted. */
export class Exchange implements InFlightLinks<Exchange>, Held {
  previous: Exchange | undefined
  next: Exchange | undefined
  readonly head: RequestHead
  readonly hop: Hop
  readonly startedAt: number
  /** Wall clock is read when the line is written; this is the age in ms at the end. */
  elapsed = 0
  requestId = ''
  traceparent = ''
  route: CompiledRoute | undefined
  row: CounterRowState | undefined
  /** The version dealt by the coin, as a name. */
  version = ''
  endpoint: EndpointState | undefined
  state: ExchangeState = 'new'
  status = 0
  outcome: Outcome = 'ok'
  refusal: RefusalName | undefined
  bytesIn = 0
  bytesOut = 0
  attempts = 0
  bodyDone = false
  holdUntil = 0
  /** While a front still feeds what arrived together, sending waits for `uncork`. */
  corked = true
  readonly #around: Surroundings
  readonly #front: Front
  #upstream: Upstream | undefined
  #replay: Replay | undefined
  #idempotent = false
  #repeated = 0
  #tried: EndpointState[] = []
  #trailers = ''
  #setCookie = ''
  #client = 0
  #side = -1
  #interim = 0
  #progressAt: number
  #headAt = 0
  #clientFull = false
  #replicaFull = false
  #rescued = false
  #tail: StreamTail | undefined

  constructor(around: Surroundings, front: Front, head: RequestHead, hop: Hop) {
    this.#around = around
    this.#front = front
    this.head = head
    this.hop = hop
    this.startedAt = around.now()
    this.#progressAt = this.startedAt
    this.bodyDone = head.framing === 'none'
    const { requestId, traceparent } = head
    if (requestId === '' || traceparent === '') {
      const id = around.ids.next()
      this.requestId = requestId === '' ? (traceparent === '' ? id.slice(0, 32) : traceparent.slice(3, 35)) : requestId
      this.traceparent = traceparent === '' ? `00-${id.slice(0, 32)}-${id.slice(32)}-00` : traceparent
    } else {
      this.requestId = requestId
      this.traceparent = traceparent
    }
  }

  /** The client's address: the peer's, or what a trusted proxy says of it. */
  get clientAddress(): string {
    const { hop, head } = this
    if (!hop.trusted || head.forwarded === undefined || head.forwarded.for === '') return hop.client
    return clientBehind(head.forwarded.for, hop.client, this.#around.isTrusted)
  }

  /** Whether this is an event stream or a WebSocket. */
  get isStream(): boolean {
    return this.#tail !== undefined
  }

  /** Routes the request and sends it on its way, or answers it here. */
  start(): void {
    this.#around.inFlight.add(this)
    const route = resolveRoute(this.#around.table, this.head)
    if (typeof route === 'string') {
      this.refuse(route)
      return
    }
    const { service } = route
    const { head, hop } = this
    this.route = route
    const dealt = assign(service, head, hop, this.clientAddress, this.#around)
    this.#side = dealt.version
    this.version = service.versions[dealt.version]?.version ?? ''
    this.#setCookie = dealt.setCookie
    if (dealt.counted) {
      this.#client = dealt.client
      this.row = route.rows[dealt.version]
      this.row?.assign(dealt.client, this.startedAt)
    }
    if (head.framing === 'length' && head.contentLength > route.route.maxBodyBytes) {
      this.refuse('body-too-large')
      return
    }
    this.#idempotent = isIdempotent(head.method, route.route.idempotent)
    this.#dispatch()
  }

  #dispatch(): void {
    const { service } = this.route as CompiledRoute
    const pick = pickEndpoint(service, this.#side, this.#tried, this.#around.now(), this.#around.random)
    if (pick.kind !== 'endpoint') {
      this.#hold(pick.kind === 'full')
      return
    }
    this.endpoint = pick.endpoint
    pick.endpoint.inFlight++
    this.attempts++
    if (!this.#rescued && (pick.version !== this.#side || this.attempts === 2)) {
      this.#rescued = true
      if (this.row !== undefined) this.row.rescued++
    }
    this.state = 'opening'
    this.#upstream = pick.endpoint.pool.open(this)
  }

  #hold(full: boolean): void {
    const { service } = this.route as CompiledRoute
    const { max, deadlineMs } = service.pool.hold
    if (this.holdUntil === 0) this.holdUntil = this.#around.now() + deadlineMs
    this.state = 'held'
    if (deadlineMs <= 0 || !service.held.add(this, max)) {
      this.refuse(full ? 'overloaded' : max > 0 && deadlineMs > 0 ? 'hold-full' : 'unavailable')
    }
  }

  /** A replica may have become ready. */
  resume(): void {
    if (this.holdUntil <= this.#around.now()) this.holdExpired()
    else this.#dispatch()
  }

  holdExpired(): void {
    this.refuse('unavailable')
  }

  // What the front tells.

  /** Body bytes from the client; false asks it to wait for `resumeBody`. */
  bodyData(chunk: Buffer): boolean {
    if (this.state === 'done') return true
    this.bytesIn += chunk.length
    this.#progressAt = this.#around.now()
    if (this.#tail !== undefined) this.#tail.toReplica(chunk)
    else if (this.route !== undefined && this.bytesIn > this.route.route.maxBodyBytes) {
      if (this.state === 'answering') this.#abandon('client-error')
      else this.refuse('body-too-large')
      return true
    }
    if (this.state === 'sent' || this.state === 'answering') {
      this.#replay?.remember(chunk)
      this.#replicaFull = this.#upstream?.write(chunk) === false
      return !this.#replicaFull
    }
    if (this.state === 'closing') return true
    this.#replay ??= new Replay()
    return this.#replay.hold(chunk)
  }

  /** The client's body is complete. */
  bodyEnd(trailers: string): void {
    this.bodyDone = true
    this.#trailers = trailers
    this.#progressAt = this.#around.now()
    if (this.state === 'sent' || this.state === 'answering') this.#upstream?.end(trailers)
    else if (this.state === 'closing') this.#finish('ok')
  }

  /** Everything that arrived together has been fed. */
  uncork(): void {
    this.corked = false
    this.#upstream?.flush()
  }

  /** The client can take more of the answer. */
  clientDrained(): void {
    this.#clientFull = false
    this.#progressAt = this.#around.now()
    this.#upstream?.resume()
  }

  /** The client closed its connection or reset its stream. */
  clientGone(): void {
    if (this.state === 'done') return
    if (this.state === 'held') this.route?.service.held.remove(this)
    this.#upstream?.abort()
    this.status ||= 499
    this.#finish(this.#tail === undefined ? 'client-abort' : 'ok')
  }

  /** The client's own request turned out to be malformed after its head. */
  clientBroke(name: RefusalName): void {
    if (this.state === 'answering') this.#abandon('client-error')
    else if (this.state !== 'done') this.refuse(name)
  }

  // What the upstream tells.

  /** The head as it goes to an HTTP/1.1 replica. */
  forwardedHead(): string {
    const { head } = this
    return forwardHead(head, this.addedFields(), this.endpoint?.hostHeader ?? 'localhost')
  }

  /** The field lines that the gateway adds to the request. */
  addedFields(): string {
    return addedRequestFields(this.head, this.hop, this.requestId, this.traceparent)
  }

  /** A connection is there: now the request is written. */
  upstreamReady(upstream: Upstream): void {
    this.#upstream = upstream
    this.state = 'sent'
    this.#progressAt = this.#around.now()
    upstream.sendHead()
    let more = true
    const replay = this.#replay
    if (replay !== undefined) {
      for (const chunk of replay.chunks) more = upstream.write(chunk)
      if (!this.#idempotent) replay.forget()
    } else if (this.#idempotent && this.head.framing !== 'none') this.#replay = new Replay()
    this.#replicaFull = !more
    if (this.bodyDone) upstream.end(this.#trailers)
    else if (!this.corked && more) this.#front.resumeBody()
    if (!this.corked) upstream.flush()
  }

  upstreamDrained(): void {
    this.#replicaFull = false
    this.#progressAt = this.#around.now()
    if (!this.bodyDone) this.#front.resumeBody()
  }

  upstreamInterim(status: number, block: string): void {
    if (++this.#interim > interimLimit) {
      this.upstreamFailed('malformed')
      return
    }
    if (status === 100 ? this.head.expectContinue : status === 103) this.#front.interim(status, block)
  }

  upstreamHead(response: ResponseHead): void {
    if (response.status === 101 && !(this.head.upgrade && response.upgrade)) {
      this.#upstream?.abort()
      this.upstreamFailed('malformed')
      return
    }
    const endpoint = this.endpoint as EndpointState
    const route = this.route as CompiledRoute
    trust(endpoint)
    this.#replay = undefined
    this.state = 'answering'
    this.status = response.status
    this.#headAt = this.#progressAt = this.#around.now()
    if (response.upgrade && response.status === 101) this.#tail = new WebSocketTail()
    else if (response.eventStream && response.framing !== 'none') this.#tail = new EventStreamTail()
    if (this.#tail !== undefined) endpoint.streams++
    const passed =
      route.responseNames === undefined
        ? response
        : { ...response, block: withoutFields(response.block, route.responseNames) }
    const date = response.hasDate ? '' : this.#around.dateLine()
    this.#front.respond(passed, `${date}X-Request-Id: ${this.requestId}\r\n${route.responseBlock}${this.#setCookie}`)
  }

  /** Body bytes from the replica; false asks it to wait for `resume`. */
  upstreamData(chunk: Buffer): boolean {
    if (this.state !== 'answering') return true
    this.bytesOut += chunk.length
    this.#progressAt = this.#around.now()
    this.#tail?.toClient(chunk)
    if (this.#front.write(chunk)) return true
    this.#clientFull = true
    return false
  }

  upstreamFlush(): void {
    if (this.state === 'answering') this.#front.flush()
  }

  upstreamEnd(trailers: string): void {
    if (this.state !== 'answering') return
    this.#front.end(trailers)
    this.#finish(this.#outcomeOf(this.status))
  }

  /** The attempt failed; the request is sent elsewhere, answered with an error, or cut. */
  upstreamFailed(failure: UpstreamFailure): void {
    if (this.state === 'done' || this.state === 'closing') return
    this.#upstream = undefined
    const endpoint = this.endpoint
    if (this.state === 'answering') {
      this.#front.cut()
      this.#finish(this.#tail === undefined ? 'server-error' : 'ok')
      return
    }
    this.#release()
    if (endpoint !== undefined && failure === 'unreachable') suspect(endpoint, this.#around.now())
    const attempt = {
      failure,
      idempotent: this.#idempotent,
      replayable: this.#replay?.complete ?? true,
      repeated: this.#repeated,
      allowed: this.route?.service.pool.retries ?? 0,
    }
    if (!mayRetry(attempt)) {
      this.refuse(failure === 'malformed' ? 'upstream-malformed' : 'upstream-reset')
      return
    }
    if (failure !== 'unreachable') this.#repeated++
    if (endpoint !== undefined) this.#tried.push(endpoint)
    this.#dispatch()
  }

  // What the clock tells.

  /** Looks whether this request has waited too long for something. */
  tick(now: number): void {
    const route = this.route?.route
    if (route === undefined || this.state === 'held' || this.state === 'done') return
    if (this.#tail !== undefined) {
      this.#tickStream(now)
      return
    }
    if (now - this.#progressAt < route.timeoutMs) return
    if (this.state === 'answering') {
      this.#abandon(this.#clientFull ? 'client-abort' : 'timeout')
    } else
      this.refuse(
        this.bodyDone || this.#replicaFull || this.state === 'opening' ? 'upstream-timeout' : 'request-timeout',
      )
  }

  #tickStream(now: number): void {
    const endpoint = this.endpoint as EndpointState
    if (this.state === 'closing') {
      if (now - this.#progressAt > boundaryPatienceMs) this.#abandon('ok')
      return
    }
    const grace = this.route?.service.pool.streamGraceMs ?? 0
    const over = now - endpoint.drainingSince - grace
    if (endpoint.state !== 'ready' && over >= 0) this.endStream(over >= boundaryPatienceMs)
  }

  /** Ends an event stream or a WebSocket as its protocol demands; with `force` even in the middle of a message. */
  endStream(force: boolean): void {
    if (this.state !== 'answering' || this.#upstream === undefined) return
    if (this.#tail?.close(this.#front, this.#upstream, force) !== true) return
    if (this.status === 101 && !force) {
      this.state = 'closing'
      this.#progressAt = this.#around.now()
    } else this.#finish('ok')
  }

  // Ends.

  /** Answers with problem+json, counts and ends. */
  refuse(name: RefusalName): void {
    if (this.state === 'done') return
    this.#upstream?.abort()
    this.#upstream = undefined
    this.refusal = name
    this.status = refusalStatus(name)
    const { method } = this.head
    const request = { method, requestId: this.requestId }
    const allow = name === 'method-not-allowed' ? { allow: this.#around.table.allowed(this.head) } : {}
    this.bytesOut += answerWithProblem(this.#front, name, { ...request, ...allow }, this.#around.dateLine())
    this.#finish(this.#outcomeOf(this.status))
  }

  #abandon(outcome: Outcome): void {
    this.#upstream?.abort()
    this.#front.cut()
    this.#finish(outcome)
  }

  #outcomeOf(status: number): Outcome {
    if (this.refusal === 'upstream-timeout') return 'timeout'
    if (status === 503 && this.refusal !== undefined) return 'unavailable'
    return status >= 500 ? 'server-error' : status >= 400 ? 'client-error' : 'ok'
  }

  #release(): void {
    const endpoint = this.endpoint
    if (endpoint === undefined) return
    this.endpoint = undefined
    endpoint.inFlight--
    if (this.#tail !== undefined) endpoint.streams--
  }

  #finish(outcome: Outcome): void {
    if (this.state === 'done') return
    this.state = 'done'
    this.outcome = outcome
    this.#upstream = undefined
    this.#replay = undefined
    const around = this.#around
    const now = around.now()
    this.elapsed = now - this.startedAt
    around.inFlight.remove(this)
    this.row?.end(outcome, this.#tail === undefined ? this.elapsed : this.#headAt - this.startedAt, this.#client, now)
    around.ended(this)
    this.#release()
    const held = this.route?.service.held
    if (held !== undefined && held.size > 0) held.wakeSome(1)
  }
}
