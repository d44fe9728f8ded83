import type {
  Engine,
  EngineState,
  Observation,
  ReplicaView,
  RouteOptions,
  Shares,
  VersionExposure,
  VersionRequest,
  VersionState,
} from '@seaworthy/engine'
import { type CounterPage, latencyBoundsMs, outcomes } from '@seaworthy/gateway'
import { Problem, type Service } from '@seaworthy/model'

/** How a version behaves under load. */
export interface Behaviour {
  /** Share of requests that fail, 0..1. */
  readonly errors: number
  /** Whether its replicas become ready. */
  readonly ready: boolean
}

/** One version in memory. */
export interface Version {
  replicas: number
  requests: number
  failures: number
  rows: Map<number, { requests: number; failures: number }>
}

const width = latencyBoundsMs.length + 1

/**
 * An engine in memory that keeps its contract, for tests of releases: replicas are ready at once, traffic is what
 * `serve` says, and every verb is written down in `calls`. `kill` makes the next verb (or the n-th from now) throw after
 * it has taken effect, as a controller sees that dies between doing and knowing.
 */
export class FakeEngine {
  readonly kind = 'machine' as const
  readonly calls: string[] = []
  /** How the coin dealt, one entry a `route`. */
  readonly deals: RouteOptions[] = []
  readonly jobs: Map<string, number> = new Map()
  stable = 'v1'
  shares: Record<string, number> = { v1: 1 }
  readonly versions: Map<string, Version> = new Map()
  readonly behaviour: Record<string, Behaviour>
  readonly service: Service
  sourceDown = false
  previewUrl: (version: string) => string = () => 'http://127.0.0.1:1'
  #rest = new Map<string, number>()

  constructor(service: Service, behaviour: Record<string, Behaviour>, replicas = 4) {
    this.service = service
    this.behaviour = behaviour
    this.versions.set('v1', { replicas, requests: 0, failures: 0, rows: new Map() })
  }

  /** Lets this many requests arrive; fractions are carried over, so counts are exact in the long run. */
  serve(requests: number): void {
    for (const [name, share] of Object.entries(this.shares)) {
      const version = this.versions.get(name)
      if (!version || share === 0) continue
      const take = (key: string, amount: number): number => {
        const total = (this.#rest.get(key) ?? 0) + amount
        this.#rest.set(key, total - Math.floor(total))
        return Math.floor(total)
      }
      const served = take(`${name} requests`, requests * share)
      const failed = Math.min(served, take(`${name} failures`, served * (this.behaviour[name]?.errors ?? 0)))
      const row = version.rows.get(share) ?? { requests: 0, failures: 0 }
      row.requests += served
      row.failures += failed
      version.rows.set(share, row)
      version.requests += served
      version.failures += failed
    }
  }

  async state(): Promise<EngineState> {
    return {
      kind: 'machine',
      fleet: 'test',
      environment: 'production',
      generation: 1,
      services: [
        {
          service: this.service.name,
          stable: this.stable,
          urls: [],
          versions: [...this.versions.keys()].map((name) => this.#view(name)),
        },
      ],
      replicas: [],
      resources: [],
      jobs: [],
      gateway: { ready: true, urls: [], snapshotVersion: 1 },
      limitations: [],
    }
  }

  async *observe(): AsyncGenerator<Observation> {
    for (const [name, version] of this.versions) {
      for (let i = 0; i < version.replicas; i++) yield { kind: 'replica', at: 0, replica: this.#replica(name, i) }
    }
    yield { kind: 'synced', at: 0 }
  }

  async ensureVersion(service: string, request: VersionRequest): Promise<VersionState> {
    this.calls.push(`ensure ${request.version} ${request.replicas}`)
    const known = this.versions.get(request.version)
    if (!known)
      this.versions.set(request.version, { replicas: request.replicas, requests: 0, failures: 0, rows: new Map() })
    return this.#view(request.version, service)
  }

  async scaleVersion(_service: string, version: string, replicas: number): Promise<VersionState> {
    this.calls.push(`scale ${version} ${replicas}`)
    const known = this.versions.get(version)
    if (known) known.replicas = replicas
    return this.#view(version)
  }

  async removeVersion(_service: string, version: string): Promise<void> {
    this.calls.push(`remove ${version}`)
    if ((this.shares[version] ?? 0) > 0) throw new Problem({ code: 'SW4005', message: `${version} has a share` })
    this.versions.delete(version)
  }

  async route(
    service: string,
    shares: Shares,
    options: RouteOptions = {},
  ): Promise<{ service: string; shares: Shares; snapshotVersion: number; inForceAt: number }> {
    this.calls.push(
      `route ${Object.entries(shares)
        .map(([version, share]) => `${version}=${Number(share.toFixed(3))}`)
        .join(' ')}`,
    )
    for (const [version, share] of Object.entries(shares)) {
      if (share > 0 && (this.versions.get(version)?.replicas ?? 0) === 0)
        throw new Problem({ code: 'SW4003', message: `${version} has no ready replica` })
    }
    this.shares = { ...shares }
    this.deals.push(options)
    return { service, shares, snapshotVersion: 1, inForceAt: 0 }
  }

  async promote(_service: string, version: string): Promise<VersionState> {
    this.calls.push(`promote ${version}`)
    this.stable = version
    return this.#view(version)
  }

  async counters(): Promise<readonly CounterPage[]> {
    if (this.sourceDown) throw new Error('the gateway does not answer')
    const rows = [...this.versions].flatMap(([name, version]) =>
      [...version.rows].map(([share, row]) => {
        const counts = Array.from({ length: outcomes.length * width }, () => 0)
        counts[1] = row.requests - row.failures
        counts[outcomes.indexOf('server-error') * width + 1] = row.failures
        return {
          service: this.service.name,
          route: 'r',
          version: name,
          share,
          assigned: row.requests,
          episodes: row.requests,
          counts,
          failedEpisodes: row.failures,
          inFlight: 0,
          overdue: latencyBoundsMs.map(() => 0),
        }
      }),
    )
    return [{ worker: 'w', epoch: 'e', snapshotVersion: 1, at: 0, rows }]
  }

  async exposure(): Promise<readonly VersionExposure[]> {
    return []
  }

  async runJob(
    job: string,
    key: string,
  ): Promise<{ kind: 'succeeded'; key: string; attempts: number; finishedAt: number }> {
    this.calls.push(`job ${job}`)
    this.jobs.set(`${job} ${key}`, (this.jobs.get(`${job} ${key}`) ?? 0) + 1)
    return { kind: 'succeeded', key, attempts: 1, finishedAt: 0 }
  }

  async preview(_service: string, version: string): Promise<readonly { replica: string; url: string }[]> {
    return [{ replica: `${version}-0`, url: this.previewUrl(version) }]
  }

  /** This engine as its contract, with each verb passed through `around` (which may throw before or after it took effect). */
  as(around: <T>(verb: string, call: () => Promise<T>) => Promise<T> = (_, call) => call()): Engine {
    const verbs = new Set(['ensureVersion', 'scaleVersion', 'removeVersion', 'route', 'promote', 'runJob'])
    return new Proxy(this, {
      get: (target, key) => {
        const value = Reflect.get(target, key) as unknown
        if (typeof value !== 'function') return value
        const bound = (value as (...args: unknown[]) => unknown).bind(target)
        return verbs.has(String(key))
          ? (...args: unknown[]) => around(String(key), async () => bound(...args) as Promise<unknown>)
          : bound
      },
    }) as unknown as Engine
  }

  #view(version: string, service: string = this.service.name): VersionState {
    const replicas = this.versions.get(version)?.replicas ?? 0
    const ready = (this.behaviour[version]?.ready ?? true) ? replicas : 0
    return {
      service,
      version,
      spec: this.service,
      stable: version === this.stable,
      share: this.shares[version] ?? 0,
      replicas,
      ready,
      createdAt: 0,
    }
  }

  #replica(version: string, index: number): ReplicaView {
    const ready = this.behaviour[version]?.ready ?? true
    return {
      replica: `${version}-${index}`,
      service: this.service.name,
      version,
      phase: ready ? 'ready' : 'crash-looping',
      since: 0,
      restarts: ready ? 0 : 5,
      ...(ready ? {} : { reason: 'exit 1' }),
    }
  }
}
