import { type CoinSide, sideKey } from '../assign/coin.ts'
import type { UpstreamPool } from '../exchange/upstream.ts'
import type { ServicePool } from '../snapshot.ts'
import { EndpointState } from './endpoint.ts'
import { HoldQueue } from './hold-queue.ts'

/** One version of a service as one worker knows it. */
export interface VersionState extends CoinSide {
  readonly version: string
  readonly endpoints: readonly EndpointState[]
}

/** A service as one worker knows it; it outlives snapshots, its versions and endpoints are exchanged. */
export class ServiceState {
  readonly name: string
  pool: ServicePool
  versions: readonly VersionState[] = []
  readonly held: HoldQueue = new HoldQueue()
  #endpoints = new Map<string, EndpointState>()

  constructor(pool: ServicePool) {
    this.name = pool.service
    this.pool = pool
  }

  /**
   * Takes over a new description. Endpoints with the same id and address are kept with all they have in flight; the others leave
   * rotation at once and finish what they have. Returns those that left.
   */
  update(pool: ServicePool, now: number, connect: (endpoint: EndpointState) => UpstreamPool): EndpointState[] {
    const kept = new Map<string, EndpointState>()
    this.pool = pool
    this.versions = pool.versions.map((version) => ({
      version: version.version,
      share: version.share,
      coinKey: sideKey(pool.coinKey, version.version),
      endpoints: version.endpoints.map((wanted) => {
        const key = `${wanted.id}\0${wanted.address}\0${pool.protocol}`
        const endpoint = this.#endpoints.get(key) ?? new EndpointState(this.name, wanted, connect)
        if (endpoint.state !== wanted.state && wanted.state === 'draining') endpoint.drainingSince = now
        if (endpoint.state !== 'ready' && wanted.state === 'ready') endpoint.suspectUntil = 0
        endpoint.state = wanted.state
        kept.set(key, endpoint)
        return endpoint
      }),
    }))
    const left = [...this.#endpoints].filter(([key]) => !kept.has(key)).map(([, endpoint]) => endpoint)
    for (const endpoint of left) {
      if (endpoint.state === 'ready') endpoint.drainingSince = now
      endpoint.state = 'gone'
    }
    this.#endpoints = kept
    return left
  }

  endpoints(): Iterable<EndpointState> {
    return this.#endpoints.values()
  }
}
