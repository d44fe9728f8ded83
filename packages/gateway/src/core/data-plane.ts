import type { CounterRowState } from '../count/counter-row.ts'
import { Counters } from '../count/counters.ts'
import type { CounterPage } from '../counter-page.ts'
import type { Exchange } from '../exchange/exchange.ts'
import { InFlightList } from '../exchange/in-flight.ts'
import type { Surroundings } from '../exchange/surroundings.ts'
import type { UpstreamPool } from '../exchange/upstream.ts'
import { accessLine } from '../log/access-line.ts'
import { type AccessLog, silentLog } from '../log/access-log.ts'
import { RequestIds } from '../message/request-id.ts'
import type { EndpointState } from '../pool/endpoint.ts'
import { ServiceState } from '../pool/service.ts'
import { type CompiledRoute, compileRoute } from '../route/compiled-route.ts'
import { RouteTable } from '../route/route-table.ts'
import type { GatewaySnapshot, Route, ServicePool } from '../snapshot.ts'
import { checkSnapshot } from '../snapshot-check.ts'
import { trustOf } from './trust.ts'

const tickMs = 50
const defaultEpisodeMs = 10_000

/** The edges of a data plane. */
export interface DataPlaneOptions {
  /** Name of the worker in its counter pages. */
  readonly worker?: string
  readonly epoch?: string
  /** Monotonic ms. */
  readonly now?: () => number
  /** ms since the Unix epoch. */
  readonly wallClock?: () => number
  readonly random?: () => number
  readonly log?: AccessLog
  /** Makes the connections to a replica. */
  readonly connect: (endpoint: EndpointState, pool: ServicePool) => UpstreamPool
}

/** What a replica has to do right now, in one worker. */
export interface EndpointLoad {
  readonly service: string
  readonly id: string
  readonly state: 'ready' | 'draining' | 'gone'
  readonly inFlight: number
  /** Of those, WebSockets and event streams. */
  readonly streams: number
}

/** The routing state of one worker: the snapshot in force and every request in flight. */
export class DataPlane implements Surroundings {
  readonly inFlight: InFlightList<Exchange> = new InFlightList()
  readonly ids: RequestIds = new RequestIds()
  readonly now: () => number
  readonly random: () => number
  /** Routes of every listener, and of each that has some of its own. */
  #table: RouteTable = new RouteTable([])
  #tables: ReadonlyMap<string, RouteTable> = new Map()
  isTrusted: (address: string) => boolean = () => false
  /** The version in force; 0 before the first snapshot. */
  version = 0
  readonly #options: DataPlaneOptions
  readonly #wallClock: () => number
  readonly #log: AccessLog
  readonly #counters = new Counters()
  readonly #services = new Map<string, ServiceState>()
  /** Endpoints that left the snapshot and still have requests in flight. */
  readonly #leaving = new Set<EndpointState>()
  readonly #timer: NodeJS.Timeout
  #second = 0
  #date = ''
  #millisecond = 0
  #time = ''

  constructor(options: DataPlaneOptions) {
    this.#options = options
    this.now = options.now ?? (() => performance.now())
    this.random = options.random ?? Math.random
    this.#wallClock = options.wallClock ?? Date.now
    this.#log = options.log ?? silentLog
    this.#timer = setInterval(() => this.tick(), tickMs)
    this.#timer.unref()
  }

  /** Puts a snapshot in force within this call; throws a Problem and changes nothing when the snapshot is unsound. */
  apply(snapshot: GatewaySnapshot): void {
    checkSnapshot(snapshot)
    const trusted = trustOf(snapshot.trustedProxies)
    const now = this.now()
    const wanted = new Map(snapshot.services.map((service) => [service.service, service]))
    for (const [name, service] of this.#services) {
      if (wanted.has(name)) continue
      this.#settle(
        service,
        service.update({ ...service.pool, versions: [] }, now, () => noPool),
      )
      this.#services.delete(name)
      service.held.expire(Number.POSITIVE_INFINITY)
    }
    for (const pool of snapshot.services) {
      let service = this.#services.get(pool.service)
      if (service === undefined) {
        service = new ServiceState(pool)
        this.#services.set(pool.service, service)
      }
      this.#settle(
        service,
        service.update(pool, now, (endpoint) => this.#options.connect(endpoint, pool)),
      )
    }
    this.#route(snapshot)
    this.isTrusted = trusted
    this.version = snapshot.version
    for (const service of this.#services.values()) service.held.wake()
  }

  /** The routes in force on a listener. */
  tableOf(listener: string): RouteTable {
    return this.#tables.get(listener) ?? this.#table
  }

  #route(snapshot: GatewaySnapshot): void {
    const compiled = snapshot.routes.flatMap((route) => this.#compile(route))
    const names = new Set(snapshot.routes.map((route) => route.listener).filter((name) => name !== undefined))
    const tableFor = (name?: string): RouteTable =>
      new RouteTable(compiled.filter(({ route }) => route.listener === undefined || route.listener === name))
    this.#table = tableFor()
    this.#tables = new Map([...names].map((name) => [name, tableFor(name)]))
  }

  #compile(route: Route): CompiledRoute[] {
    const service = this.#services.get(route.service)
    if (service === undefined) return []
    const rows = service.versions.map(({ version, share }) => this.#row(route, service, version, share))
    return [compileRoute(route, service, rows)]
  }

  #settle(service: ServiceState, endpoints: readonly EndpointState[]): void {
    for (const endpoint of service.endpoints()) {
      if (endpoint.state === 'ready') endpoint.pool.revive()
      else endpoint.pool.retire()
    }
    for (const endpoint of endpoints) {
      endpoint.pool.retire()
      if (endpoint.inFlight > 0) this.#leaving.add(endpoint)
    }
  }

  rowOf(route: CompiledRoute, version: string): CounterRowState | undefined {
    const side = route.service.versions.findIndex((candidate) => candidate.version === version)
    const row = route.rows[side]
    if (row?.key.version === version) return row
    // The service got new versions since this route was compiled; only a request that was held can see that.
    const share = route.service.versions[side]?.share
    return share === undefined ? undefined : this.#row(route.route, route.service, version, share)
  }

  #row(route: Route, service: ServiceState, version: string, share: number): CounterRowState {
    const episodeMs = service.pool.episodeMs ?? defaultEpisodeMs
    const key = { service: service.name, route: route.id, version, share }
    return this.#counters.row(key, episodeMs, service.pool.coinKey)
  }

  /** Looks after everything that waits for time: answers, bodies, held requests, streams in their grace. */
  tick(): void {
    const now = this.now()
    if (this.inFlight.size > 0) {
      for (const exchange of this.inFlight.all()) exchange.tick(now)
    }
    for (const service of this.#services.values()) {
      if (service.held.size === 0) continue
      service.held.expire(now)
      for (const endpoint of service.endpoints()) {
        if (endpoint.state !== 'ready' || endpoint.suspectUntil > now) continue
        service.held.wake()
        break
      }
    }
    for (const endpoint of this.#leaving) if (endpoint.inFlight === 0) this.#leaving.delete(endpoint)
  }

  /** Ends every event stream and WebSocket; with `force` even in the middle of a message. */
  endStreams(force: boolean): void {
    for (const exchange of this.inFlight.all()) if (exchange.isStream) exchange.endStream(force)
  }

  ended(exchange: Exchange): void {
    this.#log.write(accessLine(exchange, this.#timestamp()))
  }

  #timestamp(): string {
    const now = this.#wallClock()
    if (now !== this.#millisecond) {
      this.#millisecond = now
      this.#time = new Date(now).toISOString()
    }
    return this.#time
  }

  dateLine(): string {
    const now = this.#wallClock()
    const second = Math.floor(now / 1000)
    if (second !== this.#second) {
      this.#second = second
      this.#date = `Date: ${new Date(now).toUTCString()}\r\n`
    }
    return this.#date
  }

  /** What has been counted so far. */
  counters(): CounterPage {
    const now = this.now()
    const ages = new Map<unknown, number[]>()
    for (const exchange of this.inFlight.all()) {
      if (exchange.row === undefined || exchange.isStream) continue
      const list = ages.get(exchange.row)
      if (list === undefined) ages.set(exchange.row, [now - exchange.startedAt])
      else list.push(now - exchange.startedAt)
    }
    return {
      worker: this.#options.worker ?? 'in-process',
      epoch: this.#options.epoch ?? '0',
      snapshotVersion: this.version,
      at: this.#wallClock(),
      rows: this.#counters.rows((row) => ages.get(row) ?? []),
    }
  }

  /** What each replica has in flight, replicas that left the snapshot included until they are idle. */
  loads(): EndpointLoad[] {
    const loads: EndpointLoad[] = []
    const add = ({ service, id, state, inFlight, streams }: EndpointState): void => {
      loads.push({ service, id, state, inFlight, streams })
    }
    for (const service of this.#services.values()) for (const endpoint of service.endpoints()) add(endpoint)
    for (const endpoint of this.#leaving) add(endpoint)
    return loads
  }

  /** Requests that wait for a replica, over all services. */
  held(): number {
    let held = 0
    for (const service of this.#services.values()) held += service.held.size
    return held
  }

  /** Stops the clock; requests in flight are left to their fronts. */
  stop(): void {
    clearInterval(this.#timer)
    for (const service of this.#services.values()) {
      for (const endpoint of service.endpoints()) endpoint.pool.retire()
    }
  }
}

const noPool: UpstreamPool = {
  open() {
    throw new Error('an endpoint of a removed service is never opened')
  },
  retire() {},
  revive() {},
}
