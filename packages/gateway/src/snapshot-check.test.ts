import { describe, expect, test } from 'vitest'
import { route, service, snapshot } from '../testing/snapshots.ts'
import type { GatewaySnapshot } from './snapshot.ts'
import { checkSnapshot } from './snapshot-check.ts'

const sound = snapshot(['127.0.0.1:8080', 'unix:/run/api.sock', '[::1]:9'])

describe('a snapshot that contradicts itself is refused with the place', () => {
  test('a sound one is not', () => expect(() => checkSnapshot(sound)).not.toThrow())

  const versions = (...shares: number[]) => shares.map((share, i) => ({ version: `v${i}`, share, endpoints: [] }))
  const rows: readonly [name: string, wrong: Partial<GatewaySnapshot>, code: string, message: RegExp][] = [
    ['version 0', { version: 0 }, 'SW2001', /^version: expected a whole number/],
    ['an unknown service', { routes: [route({ service: 'nope' })] }, 'SW2001', /^routes\.all\.service: .*"nope"/],
    ['a relative path', { routes: [route({ path: 'api' })] }, 'SW2001', /^routes\.all\.path/],
    ['no time', { routes: [route({ timeoutMs: 0 })] }, 'SW2001', /^routes\.all\.timeoutMs/],
    ['a route twice', { routes: [route(), route()] }, 'SW2001', /"all" stands here twice/],
    ['a service twice', { services: [service([]), service([])] }, 'SW2001', /"api" stands here twice/],
    [
      'shares beyond 1',
      { services: [service([], { versions: versions(0.7, 0.7) })] },
      'SW2001',
      /sum to 1, found 1\.4/,
    ],
    [
      'a negative share',
      { services: [service([], { versions: versions(1.5, -0.5) })] },
      'SW2001',
      /share: expected 0 to 1/,
    ],
    ['an address without a port', { services: [service(['localhost'])] }, 'SW2008', /found "localhost"/],
    ['port 0 of a replica', { services: [service(['a:0'])] }, 'SW2008', /found "a:0"/],
    ['too many retries', { services: [service([], { retries: 4 })] }, 'SW2001', /retries: expected 0 to 3/],
    ['no connections', { services: [service([], { maxConnectionsPerEndpoint: 0 })] }, 'SW2001', /maxConnections/],
    [
      'a port beyond all',
      { listeners: [{ name: 'web', host: '127.0.0.1', port: 70_000 }] },
      'SW2001',
      /^listeners\.web\.port/,
    ],
    [
      'TLS without a certificate',
      { listeners: [{ name: 'web', host: 'a', port: 1, tls: { certificates: [] } }] },
      'SW2001',
      /tls/,
    ],
    [
      'a header that splits',
      { routes: [route({ responseHeaders: { 'X-A': 'b\r\nX-C: d' } })] },
      'SW2001',
      /responseHeaders/,
    ],
  ]
  test.each(rows)('%s', (_, wrong, code, message) => {
    expect(() => checkSnapshot({ ...sound, ...wrong })).toThrowError(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    )
  })
})
