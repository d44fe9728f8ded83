import { expect, it } from 'vitest'
import type { EngineKind } from '../core/engine.ts'
import { createGateway } from '../core/gateway.ts'

it.each(['own', 'node-http'] as const)(
  '%s: a route that names a listener is found through that one alone',
  async (engine: EngineKind) => {
    await using gateway = createGateway({ engine })
    const route = { service: 'api', path: '/', timeoutMs: 1000, maxBodyBytes: 1000 }
    const listener = (name: string) => ({ name, host: '127.0.0.1', port: 0 })
    await gateway.apply({
      version: 1,
      listeners: [listener('public'), listener('internal:api')],
      routes: [
        { ...route, id: 'inside', listener: 'internal:api' },
        { ...route, id: 'outside', listener: 'public', path: '/open' },
      ],
      services: [
        {
          service: 'api',
          protocol: 'http',
          versions: [{ version: 'v1', share: 1, endpoints: [] }],
          sticky: { kind: 'none' },
          coinKey: '',
          hold: { max: 0, deadlineMs: 10 },
          streamGraceMs: 0,
          maxConnectionsPerEndpoint: 1,
          retries: 0,
        },
      ],
      trustedProxies: [],
    })
    const ports = new Map(gateway.listeners().map(({ name, port }) => [name, port]))
    const status = async (name: string, path: string): Promise<number> =>
      (await fetch(`http://127.0.0.1:${ports.get(name)}${path}`)).status
    // 503: the route is there, a replica is not.
    expect(await status('internal:api', '/anything')).toBe(503)
    expect(await status('public', '/open/door')).toBe(503)
    expect(await status('public', '/anything')).toBe(404)
  },
)
