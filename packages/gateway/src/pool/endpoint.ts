import type { UpstreamPool } from '../exchange/upstream.ts'
import type { Endpoint } from '../snapshot.ts'
import { type ConnectTarget, parseAddress } from './address.ts'

/** A replica as one worker knows it; it outlives snapshots for as long as its id and address stay. */
export class EndpointState {
  readonly service: string
  readonly id: string
  readonly address: string
  readonly target: ConnectTarget
  /** What a request without a Host is told. */
  readonly hostHeader: string
  state: 'ready' | 'draining' | 'gone'
  /** Requests sent or about to be, not yet ended. */
  inFlight = 0
  /** Of those, WebSockets and event streams. */
  streams = 0
  /** Monotonic ms before which new requests go elsewhere, after a connection could not be made. */
  suspectUntil = 0
  /** ms of the next suspicion. */
  suspectFor: number = firstSuspicionMs
  /** When `draining` or `gone` began, monotonic ms; streams have their grace from here. */
  drainingSince = 0
  readonly pool: UpstreamPool
  /** Its part of a log line. */
  readonly logged: string

  constructor(service: string, endpoint: Endpoint, pool: (endpoint: EndpointState) => UpstreamPool) {
    this.service = service
    this.id = endpoint.id
    this.logged = `,"endpoint":${JSON.stringify(endpoint.id)}`
    this.address = endpoint.address
    this.target = parseAddress(endpoint.address)
    this.hostHeader = this.target.kind === 'tcp' ? endpoint.address : 'localhost'
    this.state = endpoint.state
    this.pool = pool(this)
  }
}

const firstSuspicionMs = 50
const longestSuspicionMs = 2_000

/** A connection could not be made: keep away for a while, longer each time. */
export function suspect(endpoint: EndpointState, now: number): void {
  endpoint.suspectUntil = now + endpoint.suspectFor
  endpoint.suspectFor = Math.min(endpoint.suspectFor * 2, longestSuspicionMs)
}

/** The replica answered: all is forgiven. */
export function trust(endpoint: EndpointState): void {
  endpoint.suspectUntil = 0
  endpoint.suspectFor = firstSuspicionMs
}
