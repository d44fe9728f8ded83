import type { Endpoint, GatewaySnapshot, Listener, Route, ServicePool, StickyBy } from '@seaworthy/gateway'
import type { Affinity, Route as CatalogRoute, Service } from '@seaworthy/model'
import type { Replica } from '../../supervisor/replica-state.ts'
import { rotationOf } from '../../supervisor/supervisor.ts'
import { type Desired, type DesiredService, isRouted, stableOf, unitId } from '../desired/desired.ts'

/** Requests that wait per service while none of its replicas is ready. */
const holdMax = 1024

/** What the gateway is to do, from what is wanted and which replicas are in rotation. Pure. */
export function gatewaySnapshot(
  desired: Desired,
  replicas: Iterable<Replica>,
  version: number,
  /** Nothing is let in from outside any more: the fleet is being stopped. */
  closing = false,
): GatewaySnapshot {
  return snapshotFor(desired, endpointsByUnit(replicas), version, closing)
}

/** The same, from endpoints by `service@version`, whoever found them. Pure. */
export function snapshotFor(
  desired: Desired,
  endpoints: ReadonlyMap<string, readonly Endpoint[]>,
  version: number,
  closing = false,
): GatewaySnapshot {
  const routed = Object.values(desired.services).filter((service) => isRouted(stableOf(service).spec))
  const open = !closing && routed.some((service) => stableOf(service).spec.routes.length > 0)
  return {
    version,
    listeners: listeners(desired, routed, open),
    routes: routed.flatMap((service) => routesOf(desired, service, open)),
    services: routed.map((service) => pool(service, endpoints)),
    trustedProxies: [],
  }
}

/** Name of the listener through which other services reach one. */
export function internalListener(service: string): string {
  return `internal:${service}`
}

function listeners(desired: Desired, routed: readonly DesiredService[], open: boolean): readonly Listener[] {
  // A fleet with a domain is there for others; without one only for this machine.
  const host = desired.fleet.environments[desired.environment]?.domain === undefined ? '127.0.0.1' : '0.0.0.0'
  const internal = routed.map(({ service }) => ({
    name: internalListener(service),
    host: '127.0.0.1',
    port: desired.ports[service] ?? 0,
  }))
  return [...(open ? [{ name: 'public', host, port: desired.ports.gateway ?? 0 }] : []), ...internal]
}

function routesOf(desired: Desired, { service, ...rest }: DesiredService, open: boolean): readonly Route[] {
  const { spec } = stableOf({ service, ...rest })
  const domain = desired.fleet.environments[desired.environment]?.domain
  const internal: Route = {
    id: `internal:${service}`,
    service,
    listener: internalListener(service),
    path: '/',
    timeoutMs: spec.timeout,
    maxBodyBytes: spec.protect.maxBody,
    idempotent: false,
  }
  if (!open) return [internal]
  return [internal, ...spec.routes.flatMap((route, index) => publicRoutes(spec, route, `${service}:${index}`, domain))]
}

/** A route of the catalog; one that serves an API version is reached by its header and its query parameter as well. */
function publicRoutes(spec: Service, route: CatalogRoute, id: string, domain: string | undefined): readonly Route[] {
  const host =
    route.host !== undefined && domain !== undefined && !route.host.includes('.')
      ? `${route.host}.${domain}`
      : route.host
  const base: Route = {
    id,
    service: spec.name,
    listener: 'public',
    ...(host !== undefined && { host }),
    path: route.path,
    ...(route.methods && { methods: route.methods }),
    ...(Object.keys(route.headers).length > 0 && { headers: route.headers }),
    ...(route.version && { responseHeaders: versionHeaders(route.version) }),
    stripPath: route.stripPath,
    rawPath: route.rawPath,
    timeoutMs: route.timeout ?? spec.timeout,
    maxBodyBytes: route.maxBody ?? spec.protect.maxBody,
    idempotent: route.idempotent,
  }
  return [base]
}

/** `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and the successor of a version that is on its way out. */
export function versionHeaders(version: NonNullable<CatalogRoute['version']>): Readonly<Record<string, string>> {
  return {
    ...(version.deprecated && { Deprecation: `@${Math.floor(Date.parse(version.deprecated) / 1000)}` }),
    ...(version.sunset && { Sunset: new Date(version.sunset).toUTCString() }),
    ...(version.successor && { Link: `</${version.successor}/>; rel="successor-version"` }),
  }
}

function pool(
  { service, versions, coinKey, override, episodeMs, ...rest }: DesiredService,
  endpoints: ReadonlyMap<string, readonly Endpoint[]>,
): ServicePool {
  const { spec } = stableOf({ service, versions, coinKey, ...rest })
  return {
    service,
    protocol: spec.protocol === 'grpc' ? 'http2' : 'http',
    versions: Object.values(versions).map(({ version, share }) => ({
      version,
      share,
      endpoints: endpoints.get(unitId(service, version)) ?? [],
    })),
    sticky: sticky(spec.affinity),
    coinKey,
    ...(override && { override }),
    hold: { max: holdMax, deadlineMs: spec.timeout },
    streamGraceMs: spec.stop.drain,
    maxConnectionsPerEndpoint: 1024,
    retries: spec.retries,
    episodeMs: episodeMs ?? spec.rollout.verdict.episode,
  }
}

function sticky(affinity: Affinity): StickyBy {
  switch (affinity.by) {
    case 'none':
    case 'ip':
      return { kind: affinity.by }
    case 'cookie':
      return { kind: 'cookie', name: affinity.name ?? 'seaworthy' }
    case 'header':
      return { kind: 'header', name: affinity.name ?? 'x-client-id' }
    default:
      return affinity.by satisfies never
  }
}

function endpointsByUnit(replicas: Iterable<Replica>): ReadonlyMap<string, readonly Endpoint[]> {
  const byUnit = new Map<string, Endpoint[]>()
  for (const replica of replicas) {
    const rotation = rotationOf(replica)
    if (rotation === 'out' || replica.address === undefined) continue
    const list = byUnit.get(replica.unit) ?? []
    list.push({ id: replica.id, address: replica.address, state: rotation === 'in' ? 'ready' : 'draining' })
    byUnit.set(replica.unit, list)
  }
  return byUnit
}
