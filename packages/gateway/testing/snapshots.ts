import type { Endpoint, GatewaySnapshot, Route, ServicePool } from '../src/snapshot.ts'

/** What a test wants otherwise than usual. */
export interface SnapshotWishes {
  readonly version?: number
  readonly route?: Partial<Route>
  readonly routes?: readonly Route[]
  readonly service?: Partial<ServicePool>
  readonly services?: readonly ServicePool[]
  readonly trustedProxies?: readonly string[]
  readonly listeners?: GatewaySnapshot['listeners']
}

/** A route for everything to service `api`, with patience for slow machines. */
export function route(wishes: Partial<Route> = {}): Route {
  return { id: 'all', service: 'api', path: '/', timeoutMs: 20_000, maxBodyBytes: 100_000_000, ...wishes }
}

/** The service `api` with one version that has these addresses. */
export function service(addresses: readonly string[], wishes: Partial<ServicePool> = {}): ServicePool {
  const endpoints = addresses.map((address, i): Endpoint => ({ id: `api-${i}`, address, state: 'ready' }))
  return {
    service: 'api',
    protocol: 'http',
    versions: [{ version: 'v1', share: 1, endpoints }],
    sticky: { kind: 'none' },
    coinKey: 'test',
    hold: { max: 100, deadlineMs: 20_000 },
    streamGraceMs: 20_000,
    maxConnectionsPerEndpoint: 100,
    retries: 1,
    ...wishes,
  }
}

/** A snapshot with one listener on any port of the loopback. */
export function snapshot(addresses: readonly string[], wishes: SnapshotWishes = {}): GatewaySnapshot {
  return {
    version: wishes.version ?? 1,
    listeners: wishes.listeners ?? [{ name: 'web', host: '127.0.0.1', port: 0 }],
    routes: wishes.routes ?? [route(wishes.route)],
    services: wishes.services ?? [service(addresses, wishes.service)],
    trustedProxies: wishes.trustedProxies ?? [],
  }
}
