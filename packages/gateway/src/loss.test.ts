import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { closedPort, httpOrigin, rawOrigin } from '../testing/origins.ts'
import { ask, rawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { service, snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'
import type { ServicePool } from './snapshot.ts'

const get = (path = '/'): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`
const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody'
const named = (name: string) => httpOrigin((request, response) => request.resume().on('end', () => response.end(name)))

/** A replica that takes the request and closes without an answer, as one that is killed does. */
const killed = (asked: { count: number }) =>
  rawOrigin((socket) =>
    socket.once('data', () => {
      asked.count++
      socket.destroy()
    }),
  )

const twoVersions = (a: string, b: string, share: number): ServicePool =>
  service([], {
    versions: [
      { version: 'v1', share: 1 - share, endpoints: [{ id: 'a', address: a, state: 'ready' }] },
      { version: 'v2', share, endpoints: [{ id: 'b', address: b, state: 'ready' }] },
    ],
  })

describe.each<EngineKind>(['own', 'node-http'])('nothing is lost through the %s engine', (engine) => {
  test('a request is held until a replica is ready', async () => {
    await using origin = await named('late')
    await using served = await serve(snapshot([]), { engine })
    using client = await rawClient(served.port)
    client.send(post)
    await eventually(() => served.gateway.plane.held() === 1, 'the request is held')
    await served.gateway.apply(snapshot([origin.address], { version: 2 }))
    expect(await client.answer()).toMatchObject({ status: 200, body: 'late' })
    expect(served.gateway.counters().rows).toMatchObject([{ version: 'v1', assigned: 1, inFlight: 0 }])
  })

  test('the queue is bounded, and those beyond it are told at once', async () => {
    await using served = await serve(snapshot([], { service: { hold: { max: 1, deadlineMs: 10_000 } } }), { engine })
    using first = await rawClient(served.port)
    first.send(get())
    await eventually(() => served.gateway.plane.held() === 1, 'the first is held')
    const second = await ask(served.port, get())
    expect([second.status, JSON.parse(second.body).type]).toEqual([503, 'urn:seaworthy:gateway:hold-full'])
  })

  test('a held request whose client leaves makes room', async () => {
    await using served = await serve(snapshot([]), { engine })
    using client = await rawClient(served.port)
    client.send(get())
    await eventually(() => served.gateway.plane.held() === 1, 'the request is held')
    client.socket.destroy()
    await eventually(() => served.gateway.plane.held() === 0, 'the queue is empty')
    expect(served.lines[0]).toMatchObject({ outcome: 'client-abort' })
  })

  test('a service that is removed answers those who wait', async () => {
    await using served = await serve(snapshot([]), { engine })
    using client = await rawClient(served.port)
    client.send(get())
    await eventually(() => served.gateway.plane.held() === 1, 'the request is held')
    await served.gateway.apply(snapshot([], { version: 2, routes: [], services: [] }))
    expect((await client.answer()).status).toBe(503)
  })

  test('a replica that cannot be reached is passed over, also for a POST', async () => {
    const port = await closedPort()
    await using origin = await named('reached')
    await using served = await serve(snapshot([`127.0.0.1:${port}`, origin.address]), { engine })
    for (let i = 0; i < 8; i++) expect(await ask(served.port, post)).toMatchObject({ status: 200, body: 'reached' })
  })

  test('a GET that a dying replica took is answered by another', async () => {
    const asked = { count: 0 }
    await using dying = await killed(asked)
    await using origin = await named('rescued')
    await using served = await serve(snapshot([dying.address, origin.address]), { engine })
    for (let i = 0; i < 10; i++) expect(await ask(served.port, get())).toMatchObject({ status: 200, body: 'rescued' })
    expect(asked.count).toBeGreaterThan(0)
    expect(served.gateway.counters().rows[0]?.rescued).toBe(asked.count)
  })

  test('a POST that a dying replica took is not sent again', async () => {
    const asked = { count: 0 }
    await using dying = await killed(asked)
    await using served = await serve(snapshot([dying.address], { service: { retries: 3 } }), { engine })
    expect((await ask(served.port, post)).status).toBe(502)
    expect(asked.count).toBe(1)
  })

  test('unless its route says that it may be', async () => {
    const asked = { count: 0 }
    await using dying = await killed(asked)
    await using served = await serve(
      snapshot([dying.address], { route: { idempotent: true }, service: { retries: 2 } }),
      { engine },
    )
    expect((await ask(served.port, post)).status).toBe(502)
    expect(asked.count).toBe(3)
  })

  test('a draining replica finishes what it has and gets nothing new', async () => {
    const waiting: (() => void)[] = []
    await using old = await httpOrigin((_, response) => void waiting.push(() => response.end('old')))
    await using fresh = await named('fresh')
    await using served = await serve(snapshot([old.address]), { engine })
    using client = await rawClient(served.port)
    client.send(get())
    await eventually(() => waiting.length === 1, 'the old replica has a request')
    const endpoints = [
      { id: 'api-0', address: old.address, state: 'draining' as const },
      { id: 'api-1', address: fresh.address, state: 'ready' as const },
    ]
    await served.gateway.apply(
      snapshot([], { version: 2, services: [service([], { versions: [{ version: 'v1', share: 1, endpoints }] })] }),
    )
    for (let i = 0; i < 5; i++) expect((await ask(served.port, get())).body).toBe('fresh')
    expect(served.gateway.loads()).toContainEqual({
      service: 'api',
      id: 'api-0',
      state: 'draining',
      inFlight: 1,
      streams: 0,
    })
    waiting[0]?.()
    expect((await client.answer()).body).toBe('old')
    await eventually(() => old.sockets.size === 0, 'no idle connection to the old replica is left')
  })

  test('a replica that left the snapshot still finishes, and is shown until it has', async () => {
    const waiting: (() => void)[] = []
    await using old = await httpOrigin((_, response) => void waiting.push(() => response.end('old')))
    await using served = await serve(snapshot([old.address]), { engine })
    using client = await rawClient(served.port)
    client.send(get())
    await eventually(() => waiting.length === 1, 'the old replica has a request')
    await served.gateway.apply(snapshot([], { version: 2 }))
    expect(served.gateway.loads()).toMatchObject([{ id: 'api-0', state: 'gone', inFlight: 1 }])
    waiting[0]?.()
    expect((await client.answer()).body).toBe('old')
    await eventually(() => served.gateway.loads().length === 0, 'the replica is forgotten')
  })

  test('a swap of versions loses nothing of a steady stream of requests', async () => {
    await using a = await named('v1')
    await using b = await named('v2')
    await using served = await serve(snapshot([], { services: [twoVersions(a.address, b.address, 0)] }), { engine })
    const bodies = new Map<string, number>()
    let going = true
    const clients = Array.from({ length: 4 }, async () => {
      using client = await rawClient(served.port)
      while (going) {
        const { status, body } = await client.send(get()).answer()
        bodies.set(`${status} ${body}`, (bodies.get(`${status} ${body}`) ?? 0) + 1)
      }
    })
    for (let version = 2; version < 40; version++) {
      const services = [twoVersions(a.address, b.address, version % 2)]
      await served.gateway.apply(snapshot([], { version, services }))
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    going = false
    await Promise.all(clients)
    expect([...bodies.keys()].sort()).toEqual(['200 v1', '200 v2'])
  })

  test('after a swap resolves, no request reaches the version without a share', async () => {
    await using a = await named('v1')
    await using b = await named('v2')
    await using served = await serve(snapshot([], { services: [twoVersions(a.address, b.address, 0)] }), { engine })
    using client = await rawClient(served.port)
    for (let version = 2; version < 12; version++) {
      await served.gateway.apply(snapshot([], { version, services: [twoVersions(a.address, b.address, version % 2)] }))
      expect((await client.send(get()).answer()).body).toBe(version % 2 === 1 ? 'v2' : 'v1')
    }
  })

  test('a version without replicas is stood in for, and the request stays counted where it was dealt', async () => {
    await using a = await named('v1')
    const lone = twoVersions(a.address, 'unix:/nowhere', 1)
    const versions = lone.versions.map((version) =>
      version.version === 'v2' ? { ...version, share: 0.99, endpoints: [] } : { ...version, share: 0.01 },
    )
    await using served = await serve(snapshot([], { services: [{ ...lone, versions }] }), { engine, random: () => 0.5 })
    expect((await ask(served.port, get())).body).toBe('v1')
    expect(served.gateway.counters().rows).toMatchObject([{ version: 'v2', assigned: 1, rescued: 1 }])
  })

  test('an idle connection that the replica closes is not used again', async () => {
    const sockets: Socket[] = []
    await using origin = await rawOrigin((socket) => {
      sockets.push(socket)
      socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))
    })
    await using served = await serve(snapshot([origin.address], { service: { retries: 0 } }), { engine })
    for (let i = 0; i < 5; i++) {
      expect((await ask(served.port, post)).body).toBe('ok')
      sockets.at(-1)?.end()
      await eventually(() => origin.sockets.size === 0, 'the gateway has closed its side')
    }
    expect(origin.opened()).toBe(5)
  })

  test('connections are used again', async () => {
    await using origin = await named('ok')
    await using served = await serve(snapshot([origin.address]), { engine })
    for (let i = 0; i < 20; i++) expect((await ask(served.port, i % 2 ? post : get())).body).toBe('ok')
    expect(origin.opened()).toBe(1)
  })

  test('replicas share the load by what they have in flight', async () => {
    const seen = [0, 0, 0]
    const waiting: (() => void)[] = []
    const origins = await Promise.all(
      seen.map((_, i) =>
        httpOrigin((_request, response) => {
          seen[i] = (seen[i] ?? 0) + 1
          waiting.push(() => response.end())
        }),
      ),
    )
    await using served = await serve(snapshot(origins.map(({ address }) => address)), { engine })
    const clients = await Promise.all(Array.from({ length: 9 }, () => rawClient(served.port)))
    for (const [i, client] of clients.entries()) {
      client.send(get())
      await eventually(() => waiting.length === i + 1, 'the request has arrived')
    }
    expect(seen).toEqual([3, 3, 3])
    for (const answer of waiting) answer()
    for (const client of clients) client[Symbol.dispose]()
    for (const origin of origins) await origin[Symbol.asyncDispose]()
  })

  test('no replica gets more connections than its limit; the others wait for their turn', async () => {
    const waiting: (() => void)[] = []
    let most = 0
    await using origin = await httpOrigin((_, response) => {
      waiting.push(() => response.end('ok'))
      most = Math.max(most, origin.sockets.size)
    })
    await using served = await serve(snapshot([origin.address], { service: { maxConnectionsPerEndpoint: 2 } }), {
      engine,
    })
    const answers = Array.from({ length: 6 }, () => ask(served.port, get()))
    for (let i = 0; i < 6; i++) {
      await eventually(() => waiting.length > 0, 'a request has arrived')
      waiting.shift()?.()
    }
    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(Array(6).fill('ok'))
    expect(most).toBeLessThanOrEqual(2)
  })

  test('draining lets requests finish and accepts nothing new', async () => {
    const waiting: (() => void)[] = []
    await using origin = await httpOrigin((_, response) => void waiting.push(() => response.end('ok')))
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    using idle = await rawClient(served.port)
    client.send(get())
    await eventually(() => waiting.length === 1, 'the request has arrived')
    const drained = served.gateway.drain(20_000)
    await expect(rawClient(served.port)).rejects.toThrow('ECONNREFUSED')
    waiting[0]?.()
    expect(await client.answer()).toMatchObject({ status: 200, body: 'ok', headers: { connection: 'close' } })
    await drained
    await idle.closed()
  })
})
