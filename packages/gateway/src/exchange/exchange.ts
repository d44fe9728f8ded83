import { assign } from '../assign/assignment.ts'
import type { CounterRowState } from '../count/counter-row.ts'
import type { Outcome } from '../counter-page.ts'
import { withoutFields } from '../message/fields.ts'
import { addedRequestFields, clientBehind, forwardHead, type Hop } from '../message/forward-head.ts'
import { type Identity, identify } from '../message/identity.ts'
import { type RefusalName, refusalStatus } from '../message/refusal.ts'
import type { RequestHead } from '../message/request-head.ts'
import type { ResponseHead } from '../message/response-head.ts'
import { type EndpointState, suspect, trust } from '../pool/endpoint.ts'
import type { Held } from '../pool/hold-queue.ts'
import { pickEndpoint } from '../pool/pick.ts'
import type { CompiledRoute } from '../route/compiled-route.ts'
import { resolveRoute } from '../route/resolve.ts'
import { Attempts } from './attempts.ts'
import type { Front } from './front.ts'
import type { InFlightLinks } from './in-flight.ts'
import { answerWithProblem } from './local-answer.ts'
import { grpcOutcome, outcomeOf } from './outcome.ts'
import { Replay } from './replay.ts'
import { isIdempotent, mayRetry } from './retry.ts'
import { type StreamTail, tailOf } from './stream-tail.ts'
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
  readonly identity: Identity
  /** Monotonic ms. */
  readonly startedAt: number
  /** Age at the end, ms. */
  elapsed = 0
  route: CompiledRoute | undefined
  row: CounterRowState | undefined
  /** The version dealt by the coin; empty while the service has none. */
  version = ''
  endpoint: EndpointState | undefined
  state: ExchangeState = 'new'
  status = 0
  outcome: Outcome = 'ok'
  refusal: RefusalName | undefined
  /** Body bytes from and to the client. */
  bytesIn = 0
  bytesOut = 0
  readonly attempts: Attempts = new Attempts()
  /** Whether the request is complete. */
  bodyDone: boolean
  holdUntil = 0
  /** While a front still feeds what arrived together, sending waits for `uncork`. */
  corked = true
  readonly #around: Surroundings
  readonly #front: Front
  #upstream: Upstream | undefined
  #replay: Replay | undefined
  #idempotent = false
  #trailers = ''
  #setCookie = ''
  #client = 0
  #interim = 0
  /** When something last moved, monotonic ms; brought up to date at the next tick after `#moved` was set. */
  #progressAt: number
  #moved = false
  #headAt = 0
  #clientFull = false
  #replicaFull = false
  #answer: ResponseHead | undefined
  #tail: StreamTail | undefined

  constructor(around: Surroundings, front: Front, head: RequestHead, hop: Hop) {
    this.#around = around
    this.#front = front
    this.head = head
    this.hop = hop
    this.identity = identify(head, around.ids)
    this.startedAt = around.now()
    this.#progressAt = this.startedAt
    this.bodyDone = head.framing === 'none' || head.contentLength === 0
  }

  /** The client's address: the peer's, or what a trusted proxy says of it. */
  get clientAddress(): string {
    const { hop, head } = this
    if (!hop.trusted || head.forwarded === undefined || head.forwarded.for === '') return hop.client
    return clientBehind(head.forwarded.for, hop.client, this.#around.isTrusted)
  }

  /** Whether the answer goes on as long as it likes: WebSocket, event stream, gRPC. */
  get isStream(): boolean {
    return this.#tail !== undefined
  }

  /** Routes the request and sends it on its way, or answers it here. */
  start(): void {
    this.#around.inFlight.add(this)
    const route = resolveRoute(this.#around.tableOf(this.hop.listener), this.head)
    if (typeof route === 'string') {
      this.refuse(route)
      return
    }
    this.route = route
    this.#deal(route)
    if (this.head.framing === 'length' && this.head.contentLength > route.route.maxBodyBytes) {
      this.refuse('body-too-large')
      return
    }
    this.#idempotent = isIdempotent(this.head.method, route.route.idempotent)
    this.#dispatch()
  }

  /** Draws the version; a request held from before its service had any is dealt when it is woken. */
  #deal(route: CompiledRoute): void {
    const dealt = assign(route.service, this.head, this.hop, this.clientAddress, this.#around)
    this.version = route.service.versions[dealt.version]?.version ?? ''
    this.#setCookie = dealt.setCookie
    if (!dealt.counted || this.version === '') return
    this.#client = dealt.client
    this.row = this.#around.rowOf(route, this.version)
    this.row?.assign(dealt.client, this.startedAt)
  }

  #dispatch(): void {
    const { service } = this.route as CompiledRoute
    const side = service.versions.findIndex(({ version }) => version === this.version)
    const pick = pickEndpoint(service, side, this.attempts.tried, this.#around)
    if (pick.kind !== 'endpoint') {
      this.#hold(pick.kind === 'full')
      return
    }
    this.endpoint = pick.endpoint
    pick.endpoint.inFlight++
    if (this.attempts.begin(pick.version !== side) && this.row !== undefined) this.row.rescued++
    this.state = 'opening'
    this.#moved = true
    const upstream = pick.endpoint.pool.open(this)
    if (this.state === 'opening') this.#upstream = upstream
  }

  #hold(full: boolean): void {
    const { service } = this.route as CompiledRoute
    const { max, deadlineMs } = service.pool.hold
    if (this.holdUntil === 0) this.holdUntil = this.#around.now() + deadlineMs
    this.state = 'held'
    if (deadlineMs > 0 && service.held.add(this, max)) return
    this.refuse(full ? 'overloaded' : max > 0 && deadlineMs > 0 ? 'hold-full' : 'unavailable')
  }

  /** A replica may have become ready. */
  resume(): void {
    if (this.holdUntil <= this.#around.now()) {
      this.holdExpired()
      return
    }
    if (this.version === '' && this.route !== undefined) this.#deal(this.route)
    this.#dispatch()
  }

  holdExpired(): void {
    this.refuse('unavailable')
  }

  // What the front tells.

  /** Body bytes from the client; false asks it to wait for `resumeBody`. */
  bodyData(chunk: Buffer): boolean {
    if (this.state === 'done' || this.state === 'closing') return true
    this.bytesIn += chunk.length
    this.#moved = true
    if (this.status === 101) this.#tail?.toReplica(chunk)
    else if (this.route !== undefined && this.bytesIn > this.route.route.maxBodyBytes) {
      this.clientBroke('body-too-large')
      return true
    }
    if (this.state === 'sent' || this.state === 'answering') {
      this.#replay?.remember(chunk)
      this.#replicaFull = this.#upstream?.write(chunk) === false
      return !this.#replicaFull
    }
    this.#replay ??= new Replay()
    return this.#replay.hold(chunk)
  }

  /** The client's body is complete. */
  bodyEnd(trailers: string): void {
    this.bodyDone = true
    this.#trailers = trailers
    this.#moved = true
    if (this.state === 'sent' || this.state === 'answering') this.#upstream?.end(trailers)
  }

  /** Everything that arrived together has been fed. */
  uncork(): void {
    this.corked = false
    this.#upstream?.flush()
  }

  /** The client can take more of the answer. */
  clientDrained(): void {
    this.#clientFull = false
    this.#moved = true
    this.#upstream?.resume()
  }

  /** The client closed its connection or reset its stream; that never counts against a replica. */
  clientGone(): void {
    if (this.state === 'done') return
    if (this.state === 'held') this.route?.service.held.remove(this)
    this.#upstream?.abort()
    this.status ||= 499
    this.#finish(this.#tail === undefined ? 'client-abort' : 'ok')
  }

  /** The client's request turned out to be wrong after its head. */
  clientBroke(name: RefusalName): void {
    if (this.state === 'held') this.route?.service.held.remove(this)
    if (this.state === 'answering') this.#abandon('client-error')
    else this.refuse(name)
  }

  // What the upstream tells.

  /** The head as it goes to an HTTP/1.1 replica. */
  forwardedHead(): string {
    return forwardHead(this.head, this.addedFields(), this.endpoint?.hostHeader ?? 'localhost')
  }

  /** The field lines that the gateway adds to the request. */
  addedFields(): string {
    return addedRequestFields(this.head, this.hop, this.identity)
  }

  /** A connection is there: now the request is written. */
  upstreamReady(upstream: Upstream): void {
    this.#upstream = upstream
    this.state = 'sent'
    this.#moved = true
    upstream.sendHead()
    const replay = this.#replay
    if (replay !== undefined) {
      for (const chunk of replay.chunks) this.#replicaFull = !upstream.write(chunk)
      if (!this.#idempotent) replay.forget()
    } else if (this.#idempotent && this.head.framing !== 'none') this.#replay = new Replay()
    if (this.bodyDone) upstream.end(this.#trailers)
    if (this.corked) return
    upstream.flush()
    if (!this.bodyDone && !this.#replicaFull) this.#front.resumeBody()
  }

  upstreamDrained(): void {
    this.#replicaFull = false
    this.#moved = true
    if (!this.bodyDone || this.status === 101) this.#front.resumeBody()
  }

  upstreamInterim(status: number, block: string): void {
    if (++this.#interim > interimLimit) {
      this.#upstream?.abort()
      this.upstreamFailed('malformed')
    } else if (status === 100 ? this.head.expectContinue : status === 103) this.#front.interim(status, block)
  }

  upstreamHead(answer: ResponseHead): void {
    if (answer.status === 101 && !(this.head.upgrade && answer.upgrade)) {
      this.#upstream?.abort()
      this.upstreamFailed('malformed')
      return
    }
    const endpoint = this.endpoint as EndpointState
    const route = this.route as CompiledRoute
    trust(endpoint)
    this.#replay = undefined
    this.#answer = answer
    this.state = 'answering'
    this.status = answer.status
    this.#moved = true
    this.#tail = tailOf(answer)
    if (this.#tail !== undefined) {
      this.#headAt = this.#around.now()
      endpoint.streams++
    }
    const passed =
      route.responseNames === undefined
        ? answer
        : { ...answer, block: withoutFields(answer.block, route.responseNames) }
    const date = answer.hasDate ? '' : this.#around.dateLine()
    const id = this.identity.requestId
    this.#front.respond(passed, `${date}X-Request-Id: ${id}\r\n${route.responseBlock}${this.#setCookie}`)
  }

  /** Body bytes from the replica, valid only within this call; false asks it to wait for `resume`. */
  upstreamData(chunk: Buffer): boolean {
    if (this.state !== 'answering') return true
    this.bytesOut += chunk.length
    this.#moved = true
    this.#tail?.toClient(chunk)
    this.#clientFull = !this.#front.write(chunk)
    return !this.#clientFull
  }

  upstreamFlush(): void {
    if (this.state === 'answering') this.#front.flush()
  }

  upstreamEnd(trailers: string): void {
    if (this.state !== 'answering') return
    const grpc = this.#answer?.kind === 'grpc'
    const outcome = grpc ? grpcOutcome(trailers || (this.#answer?.block ?? '')) : outcomeOf(this.status, undefined)
    this.#front.end(trailers)
    this.#finish(outcome)
  }

  /** The attempt failed; the request is sent elsewhere, answered with an error, or cut. */
  upstreamFailed(failure: UpstreamFailure): void {
    if (this.state === 'done' || this.state === 'closing') return
    this.#upstream = undefined
    if (this.state === 'answering') {
      this.#front.cut()
      this.#finish(this.status === 101 ? 'ok' : 'server-error')
      return
    }
    const endpoint = this.endpoint as EndpointState
    this.#release()
    if (failure === 'unreachable') suspect(endpoint, this.#around.now())
    const { repeated } = this.attempts
    const allowed = this.route?.service.pool.retries ?? 0
    const replayable = this.#replay?.complete ?? true
    if (!mayRetry({ failure, idempotent: this.#idempotent, replayable, repeated, allowed })) {
      this.refuse(failure === 'malformed' ? 'upstream-malformed' : 'upstream-reset')
      return
    }
    this.attempts.failed(endpoint, failure !== 'unreachable')
    this.#dispatch()
  }

  // What the clock tells.

  /** Looks whether this request has waited too long for something. */
  tick(now: number): void {
    const route = this.route?.route
    if (route === undefined || this.state === 'held' || this.state === 'done') return
    if (this.#moved) {
      this.#moved = false
      this.#progressAt = now
    }
    if (this.#tail !== undefined) this.#tickStream(now)
    else if (now - this.#progressAt < route.timeoutMs) return
    else if (this.state === 'answering') this.#abandon(this.#clientFull ? 'client-abort' : 'timeout')
    else if (this.bodyDone || this.#replicaFull || this.state === 'opening') this.refuse('upstream-timeout')
    else this.refuse('request-timeout')
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

  /** Ends a stream as its protocol demands; with `force` even in the middle of a message. */
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
    const request = { method: this.head.method, requestId: this.identity.requestId }
    const allow =
      name === 'method-not-allowed' ? { allow: this.#around.tableOf(this.hop.listener).allowed(this.head) } : {}
    this.bytesOut += answerWithProblem(this.#front, name, { ...request, ...allow }, this.#around.dateLine())
    this.#finish(outcomeOf(this.status, name))
  }

  #abandon(outcome: Outcome): void {
    this.#upstream?.abort()
    this.#front.cut()
    this.#finish(outcome)
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
