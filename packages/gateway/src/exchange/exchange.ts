import { type Assignment, assign, unassigned } from '../assign/assignment.ts'
import type { CounterRowState } from '../count/counter-row.ts'
import type { Outcome } from '../counter-page.ts'
import { addedRequestFields, clientAddress, type Hop } from '../message/forward-head.ts'
import { type Identity, identify } from '../message/identity.ts'
import { type RefusalName, refusalStatus } from '../message/refusal.ts'
import type { RequestHead } from '../message/request-head.ts'
import type { ResponseHead } from '../message/response-head.ts'
import { type EndpointState, suspect, trust } from '../pool/endpoint.ts'
import type { Held } from '../pool/hold-queue.ts'
import { pickEndpoint } from '../pool/pick.ts'
import { type CompiledRoute, passedAnswer } from '../route/compiled-route.ts'
import { resolveRoute } from '../route/resolve.ts'
import { Attempts } from './attempts.ts'
import type { Front } from './front.ts'
import type { InFlightLinks } from './in-flight.ts'
import { answerWithProblem } from './local-answer.ts'
import { grpcOutcome, outcomeOf } from './outcome.ts'
import { Progress } from './progress.ts'
import { RequestBody } from './request-body.ts'
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
  /** What the coin dealt. */
  dealt: Assignment = unassigned
  /** The client's address, as far as proxies before us are believed. */
  readonly client: string
  endpoint: EndpointState | undefined
  state: ExchangeState = 'new'
  status = 0
  outcome: Outcome = 'ok'
  refusal: RefusalName | undefined
  readonly body: RequestBody
  /** Body bytes to the client. */
  bytesOut = 0
  readonly attempts: Attempts = new Attempts()
  holdUntil = 0
  /** While a front still feeds what arrived together, sending waits for `uncork`. */
  corked = true
  readonly #around: Surroundings
  readonly #front: Front
  #upstream: Upstream | undefined
  #idempotent = false
  #interim = 0
  readonly #progress: Progress
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
    this.client = clientAddress(head, hop, around.isTrusted)
    this.identity = identify(head, around.ids)
    this.startedAt = around.now()
    this.#progress = new Progress(this.startedAt)
    this.body = new RequestBody(head)
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
    this.dealt = assign(route.service, this.head, this.hop, this.client, this.#around)
    const { version, counted, client } = this.dealt
    if (counted && version !== '') this.row = this.#around.rowOf(route, version)
    this.row?.assign(client, this.startedAt)
  }

  #dispatch(): void {
    const { service } = this.route as CompiledRoute
    const side = service.versions.findIndex(({ version }) => version === this.dealt.version)
    const pick = pickEndpoint(service, side, this.attempts.tried, this.#around)
    if (pick.kind !== 'endpoint') {
      this.#hold(pick.kind === 'full')
      return
    }
    this.endpoint = pick.endpoint
    pick.endpoint.inFlight++
    if (this.attempts.begin(pick.version !== side) && this.row !== undefined) this.row.rescued++
    this.state = 'opening'
    this.#progress.mark()
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
    if (this.dealt.version === '' && this.route !== undefined) this.#deal(this.route)
    this.#dispatch()
  }

  holdExpired(): void {
    this.refuse('unavailable')
  }

  /** Body bytes from the client; false asks it to wait for `resumeBody`. */
  bodyData(chunk: Buffer): boolean {
    if (this.state === 'done' || this.state === 'closing') return true
    this.body.bytes += chunk.length
    this.#progress.mark()
    if (this.status === 101) this.#tail?.toReplica(chunk)
    else if (this.route !== undefined && this.body.bytes > this.route.route.maxBodyBytes) {
      this.clientBroke('body-too-large')
      return true
    }
    const upstream = this.#upstream
    if (upstream === undefined || (this.state !== 'sent' && this.state !== 'answering')) return this.body.hold(chunk)
    this.#replicaFull = !this.body.send(chunk, upstream, this.#idempotent)
    return !this.#replicaFull
  }

  /** The client's body is complete. */
  bodyEnd(trailers: string): void {
    this.body.done = true
    this.body.trailers = trailers
    this.#progress.mark()
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
    this.#progress.mark()
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

  /** The field lines that the gateway adds to the request. */
  addedFields(): string {
    return addedRequestFields(this.head, this.hop, this.identity)
  }

  /** A connection is there: now the request is written. */
  upstreamReady(upstream: Upstream): void {
    this.#upstream = upstream
    this.state = 'sent'
    this.#progress.mark()
    upstream.sendHead()
    this.#replicaFull = !this.body.replay(upstream, this.#idempotent)
    if (this.body.done) upstream.end(this.body.trailers)
    if (this.corked) return
    upstream.flush()
    if (!this.body.done && !this.#replicaFull) this.#front.resumeBody()
  }

  upstreamDrained(): void {
    this.#replicaFull = false
    this.#progress.mark()
    if (!this.body.done || this.status === 101) this.#front.resumeBody()
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
    this.body.release()
    this.#answer = answer
    this.state = 'answering'
    this.status = answer.status
    this.#progress.mark()
    this.#tail = tailOf(answer)
    if (this.#tail !== undefined) {
      this.#headAt = this.#around.now()
      endpoint.streams++
    }
    const date = answer.hasDate ? '' : this.#around.dateLine()
    const id = this.identity.requestId
    const added = `${date}X-Request-Id: ${id}\r\n${route.responseBlock}${this.dealt.setCookie}`
    this.#front.respond(passedAnswer(route, answer), added)
  }

  /** Body bytes from the replica, valid only within this call; false asks it to wait for `resume`. */
  upstreamData(chunk: Buffer): boolean {
    if (this.state !== 'answering') return true
    this.bytesOut += chunk.length
    this.#progress.mark()
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
    const { replayable } = this.body
    if (!mayRetry({ failure, idempotent: this.#idempotent, replayable, repeated, allowed })) {
      this.refuse(failure === 'malformed' ? 'upstream-malformed' : 'upstream-reset')
      return
    }
    this.attempts.failed(endpoint, failure !== 'unreachable')
    this.#dispatch()
  }

  /** Looks whether this request has waited too long for something. */
  tick(now: number): void {
    const route = this.route?.route
    if (route === undefined || this.state === 'held' || this.state === 'done') return
    const still = this.#progress.stillFor(now)
    if (this.#tail !== undefined) this.#tickStream(now, still)
    else if (still < route.timeoutMs) return
    else if (this.state === 'answering') this.#abandon(this.#clientFull ? 'client-abort' : 'timeout')
    else if (this.body.done || this.#replicaFull || this.state === 'opening') this.refuse('upstream-timeout')
    else this.refuse('request-timeout')
  }

  #tickStream(now: number, still: number): void {
    const endpoint = this.endpoint as EndpointState
    if (this.state === 'closing') {
      if (still > boundaryPatienceMs) this.#abandon('ok')
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
      this.#progress.mark()
    } else this.#finish('ok')
  }

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
    this.body.release()
    const around = this.#around
    const now = around.now()
    this.elapsed = now - this.startedAt
    around.inFlight.remove(this)
    this.row?.end(
      outcome,
      this.#tail === undefined ? this.elapsed : this.#headAt - this.startedAt,
      this.dealt.client,
      now,
    )
    around.ended(this)
    this.#release()
    const held = this.route?.service.held
    if (held !== undefined && held.size > 0) held.wakeSome(1)
  }
}
