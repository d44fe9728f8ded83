import { describe, expect, test } from 'vitest'
import { httpOrigin } from '../testing/origins.ts'
import { ask } from '../testing/raw-client.ts'
import { serve } from '../testing/served.ts'
import { service, snapshot } from '../testing/snapshots.ts'
import type { ServicePool } from './snapshot.ts'

const get = (more = ''): string => `GET / HTTP/1.1\r\nHost: a\r\n${more}\r\n`
const named = (name: string) => httpOrigin((_, response) => response.end(name))
const split = (a: string, b: string, share: number, wishes: Partial<ServicePool>): ServicePool =>
  service([], {
    versions: [
      { version: 'v1', share: 1 - share, endpoints: [{ id: 'a', address: a, state: 'ready' }] },
      { version: 'v2', share, endpoints: [{ id: 'b', address: b, state: 'ready' }] },
    ],
    ...wishes,
  })

describe('a client stays on its version', () => {
  test('by a cookie that it gets with its first answer', async () => {
    await using a = await named('v1')
    await using b = await named('v2')
    const sticky = { kind: 'cookie', name: 'lane' } as const
    await using served = await serve(snapshot([], { services: [split(a.address, b.address, 0.5, { sticky })] }))
    const versions = new Set<string>()
    for (let client = 0; client < 20; client++) {
      const first = await ask(served.port, get())
      const cookie = /^lane=[0-9a-f]{32}(?=; Path=\/; HttpOnly; SameSite=Lax$)/.exec(
        first.headers['set-cookie'] ?? '',
      )?.[0]
      expect(cookie).toBeDefined()
      for (let i = 0; i < 3; i++) {
        const again = await ask(served.port, get(`Cookie: x=1; ${cookie}; y=2\r\n`))
        expect([again.body, again.headers['set-cookie']]).toEqual([first.body, undefined])
      }
      versions.add(first.body)
    }
    expect([...versions].sort()).toEqual(['v1', 'v2'])
  })

  test('by a header, and moves to the canary only as its share grows', async () => {
    await using a = await named('v1')
    await using b = await named('v2')
    const sticky = { kind: 'header', name: 'X-User' } as const
    const at = (share: number, version: number) =>
      snapshot([], { version, services: [split(a.address, b.address, share, { sticky })] })
    await using served = await serve(at(0.1, 1))
    const lanes = async (): Promise<string[]> =>
      await Promise.all(
        Array.from({ length: 60 }, async (_, i) => (await ask(served.port, get(`X-User: u${i}\r\n`))).body),
      )
    const early = await lanes()
    await served.gateway.apply(at(0.5, 2))
    const later = await lanes()
    await served.gateway.apply(at(1, 3))
    const last = await lanes()
    expect(early.filter((lane, i) => lane === 'v2' && later[i] === 'v1')).toEqual([])
    expect(later.filter((lane) => lane === 'v2').length).toBeGreaterThan(early.filter((lane) => lane === 'v2').length)
    expect(new Set(last)).toEqual(new Set(['v2']))
  })

  test('by its address', async () => {
    await using a = await named('v1')
    await using b = await named('v2')
    const services = [split(a.address, b.address, 0.5, { sticky: { kind: 'ip' } })]
    await using served = await serve(snapshot([], { services, trustedProxies: ['127.0.0.1'] }))
    const lane = async (ip: string): Promise<string> => (await ask(served.port, get(`X-Forwarded-For: ${ip}\r\n`))).body
    const lanes = await Promise.all(Array.from({ length: 30 }, (_, i) => lane(`203.0.113.${i}`)))
    expect(new Set(lanes).size).toBe(2)
    expect(await Promise.all(Array.from({ length: 30 }, (_, i) => lane(`203.0.113.${i}`)))).toEqual(lanes)
  })
})

describe('a tester chooses', () => {
  const override = { header: 'X-Version', cookie: 'version' }

  test.each([
    ['a header', 'X-Version: v2\r\n'],
    ['a cookie', 'Cookie: version=v2\r\n'],
  ])('by %s, and is not counted', async (_, field) => {
    await using a = await named('v1')
    await using b = await named('v2')
    await using served = await serve(snapshot([], { services: [split(a.address, b.address, 0, { override })] }))
    expect((await ask(served.port, get(field))).body).toBe('v2')
    expect((await ask(served.port, get('X-Version: v9\r\n'))).body).toBe('v1')
    expect(served.gateway.counters().rows).toMatchObject([{ version: 'v1', assigned: 1 }])
  })
})

test('counts carry the share that was in force', async () => {
  await using a = await named('v1')
  await using b = await named('v2')
  const at = (share: number, version: number) =>
    snapshot([], { version, services: [split(a.address, b.address, share, {})] })
  await using served = await serve(at(0, 1))
  await ask(served.port, get())
  await served.gateway.apply(at(0.25, 2))
  for (let i = 0; i < 40; i++) await ask(served.port, get())
  const rows = served.gateway.counters().rows.map(({ version, share, assigned }) => ({ version, share, assigned }))
  expect(rows[0]).toEqual({ version: 'v1', share: 1, assigned: 1 })
  expect(rows.slice(1).map(({ version, share }) => [version, share])).toEqual([
    ['v1', 0.75],
    ['v2', 0.25],
  ])
  expect(rows.slice(1).reduce((sum, { assigned }) => sum + assigned, 0)).toBe(40)
})
