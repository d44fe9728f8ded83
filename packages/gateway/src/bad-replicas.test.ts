import { describe, expect, test } from 'vitest'
import { badReplicas, oddReplicas } from '../testing/bad-replicas.ts'
import { closedPort, rawOrigin } from '../testing/origins.ts'
import { ask, rawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const post = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi'
const impatient = { route: { timeoutMs: 300 }, service: { hold: { max: 10, deadlineMs: 200 } } }

describe.each<EngineKind>(['own', 'node-http'])('a bad replica behind the %s engine', (engine) => {
  test.each(badReplicas)('that $name', async ({ play, sees, nodeHttpSees, method }) => {
    const expected = engine === 'node-http' ? (nodeHttpSees ?? sees) : sees
    await using origin = await rawOrigin((socket) => socket.once('data', () => play(socket)))
    await using served = await serve(snapshot([origin.address], impatient), { engine })
    using client = await rawClient(served.port)
    client.send(method === 'POST' ? post : get)
    if (expected === 'cut') {
      await client.closed()
      expect(client.received).toMatch(/^(?:HTTP\/1\.1 200 OK\r\n.*half.*)?$/s)
      expect(client.received).not.toMatch(/\r\n0\r\n\r\n$/)
    } else {
      const answer = await client.answer()
      expect(answer.status).toBe(expected)
      if (expected >= 500 && expected < 600) expect(answer.headers['content-type']).toBe('application/problem+json')
    }
    await eventually(() => served.lines.length === 1, 'the request is logged')
    expect(served.gateway.loads()).toMatchObject([{ inFlight: 0 }])
    expect(served.gateway.plane.inFlight.size).toBe(0)
  })

  test.each(oddReplicas)('is understood although it $name', async ({ play, body }) => {
    await using origin = await rawOrigin((socket) => socket.once('data', () => play(socket)))
    await using served = await serve(snapshot([origin.address]), { engine })
    expect(await ask(served.port, get)).toMatchObject({ status: 200, body })
  })

  test('that is not there: 503 once the hold deadline has passed, and the client may come again', async () => {
    const port = await closedPort()
    await using served = await serve(snapshot([`127.0.0.1:${port}`], impatient), { engine })
    const answer = await ask(served.port, get)
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(served.lines[0]).toMatchObject({ outcome: 'unavailable', refusal: 'unavailable' })
  })

  test('that says more than it announced: nobody gets the rest', async () => {
    let requests = 0
    await using origin = await rawOrigin((socket) => {
      socket.on('data', () => {
        requests++
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${requests === 1 ? 'HTTP/1.1 200 OK\r\nX: poison\r\n\r\n' : ''}`,
        )
      })
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    for (let i = 0; i < 3; i++) {
      client.send(get)
      const answer = await client.answer()
      expect([answer.status, answer.body, answer.headers.x]).toEqual([200, 'ok', undefined])
    }
  })

  test('that speaks before it is asked: nobody hears it', async () => {
    let asked = 0
    await using origin = await rawOrigin((socket) => {
      socket.on('data', () => {
        asked++
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
        if (asked === 1) setTimeout(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison'), 20)
      })
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    expect((await ask(served.port, get)).body).toBe('ok')
    await eventually(() => origin.sockets.size === 0 || asked > 1, 'the connection is dropped')
    expect((await ask(served.port, get)).body).toBe('ok')
  })

  test('that answers HEAD with a body: nobody gets it', async () => {
    await using origin = await rawOrigin((socket) => {
      socket.on('data', (chunk: Buffer) => {
        const head = chunk.toString().startsWith('HEAD')
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${head ? 6 : 2}\r\n\r\n${head ? 'poison' : 'ok'}`)
      })
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    client.send('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n')
    expect((await client.answer('HEAD')).status).toBe(200)
    client.send(get)
    expect((await client.answer()).body).toBe('ok')
  })
})
