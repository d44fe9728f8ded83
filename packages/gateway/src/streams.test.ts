import { createHash, randomBytes } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { httpOrigin, rawOrigin } from '../testing/origins.ts'
import { type RawClient, rawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { service, snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'

const upgrade = (key: string): string =>
  `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`
const acceptOf = (key: string): string =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

/** A text frame as a client (masked) or a server sends it. */
function frame(text: string, masked: boolean): string {
  const payload = Buffer.from(text)
  if (!masked) return Buffer.concat([Buffer.from([0x81, payload.length]), payload]).toString('latin1')
  const mask = randomBytes(4)
  const data = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, data]).toString('latin1')
}

/** A replica that accepts WebSockets and sends back whatever bytes come. */
function upgradeOrigin(sockets: Socket[]) {
  return rawOrigin((socket, received) => {
    let open = false
    socket.on('data', (chunk: Buffer) => {
      if (open) {
        socket.write(chunk)
        return
      }
      const key = /sec-websocket-key: (.*)\r\n/i.exec(received())?.[1]
      if (key === undefined || !received().includes('\r\n\r\n')) return
      open = true
      sockets.push(socket)
      const head = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
      socket.write(`${head}Sec-WebSocket-Accept: ${acceptOf(key)}\r\n\r\n`)
    })
  })
}

async function opened(port: number): Promise<RawClient> {
  const client = await rawClient(port)
  const key = randomBytes(16).toString('base64')
  const answer = await client.send(upgrade(key)).answer()
  expect([answer.status, answer.headers['sec-websocket-accept']]).toEqual([101, acceptOf(key)])
  return client
}

const draining = (address: string, version: number, streamGraceMs: number) =>
  snapshot([], {
    version,
    services: [
      service([], {
        streamGraceMs,
        versions: [{ version: 'v1', share: 1, endpoints: [{ id: 'api-0', address, state: 'draining' }] }],
      }),
    ],
  })

describe.each<EngineKind>(['own', 'node-http'])('streams through the %s engine', (engine) => {
  test('a WebSocket passes bytes both ways', async () => {
    await using origin = await upgradeOrigin([])
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await opened(served.port)
    const text = frame('hello', true)
    client.send(text)
    await client.until(() => client.received === text)
    expect(served.gateway.loads()).toMatchObject([{ inFlight: 1, streams: 1 }])
    client.socket.end()
    await eventually(() => served.gateway.loads()[0]?.inFlight === 0, 'the WebSocket is over')
    expect(served.lines[0]).toMatchObject({ status: 101, outcome: 'ok' })
  })

  test('frames sent together with the upgrade reach the replica, but only after it has agreed', async () => {
    await using origin = await upgradeOrigin([])
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    const early = frame('early', true)
    client.send(upgrade('x') + early)
    expect((await client.answer()).status).toBe(101)
    await client.until(() => client.received === early)
  })

  test('a replica that declines the upgrade answers as usual', async () => {
    await using origin = await httpOrigin((_, response) => {
      response.statusCode = 426
      response.end('no')
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    expect(await client.send(upgrade('x')).answer()).toMatchObject({ status: 426, body: 'no' })
  })

  test('an upgrade to anything else is not asked of the replica', async () => {
    await using origin = await httpOrigin((request, response) => response.end(String(request.headers.upgrade)))
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    client.send(
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA\r\n\r\n',
    )
    expect((await client.answer()).body).toBe('undefined')
  })

  test('a draining replica keeps its WebSockets for the grace, then both sides get close code 1012', async () => {
    const sockets: Socket[] = []
    await using origin = await upgradeOrigin(sockets)
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await opened(served.port)
    let toReplica = ''
    sockets[0]?.on('data', (chunk: Buffer) => {
      toReplica += chunk.toString('latin1')
    })
    await served.gateway.apply(draining(origin.address, 2, 60_000))
    client.send(frame('still', true))
    await client.until(() => client.received.length > 0)
    const before = client.received.length
    await served.gateway.apply(draining(origin.address, 3, 0))
    await client.closed()
    expect(client.received.slice(before)).toBe('\x88\x02\x03\xf4')
    await eventually(() => toReplica.endsWith('\x88\x82\0\0\0\0\x03\xf4'), 'the replica is told')
  })

  test('the close frame waits for the end of a frame that is under way', async () => {
    const sockets: Socket[] = []
    await using origin = await upgradeOrigin(sockets)
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await opened(served.port)
    sockets[0]?.write('\x81\x05he', 'latin1')
    await client.until(() => client.received.length === 4)
    await served.gateway.apply(draining(origin.address, 2, 0))
    setTimeout(() => sockets[0]?.write('llo', 'latin1'), 200)
    await client.closed()
    expect(client.received).toBe('\x81\x05hello\x88\x02\x03\xf4')
  })

  test('server-sent events arrive one by one', async () => {
    let stream: ServerResponse | undefined
    await using origin = await httpOrigin((_, response) => {
      response.setHeader('Content-Type', 'text/event-stream')
      response.write('data: one\n\n')
      stream = response
    })
    await using served = await serve(snapshot([origin.address], { route: { timeoutMs: 200 } }), { engine })
    using client = await rawClient(served.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(() => client.received.includes('data: one\n\n'))
    await new Promise((resolve) => setTimeout(resolve, 500))
    stream?.write('data: two\n\n')
    await client.until(() => client.received.includes('data: two\n\n'))
    expect(served.gateway.loads()).toMatchObject([{ inFlight: 1, streams: 1 }])
  })

  test('a draining replica ends its event streams after a whole event', async () => {
    let stream: ServerResponse | undefined
    await using origin = await httpOrigin((_, response) => {
      response.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
      response.write('data: one\n\ndata: tw')
      stream = response
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(() => client.received.includes('data: tw'))
    await served.gateway.apply(draining(origin.address, 2, 0))
    setTimeout(() => stream?.write('o\n\n'), 100)
    const answer = await client.answer()
    expect(answer.body).toBe('data: one\n\ndata: two\n\n')
    await eventually(() => served.lines.length === 1, 'the stream is over')
    expect(served.lines[0]).toMatchObject({ status: 200, outcome: 'ok' })
  })

  test('a client that leaves an event stream is noticed', async () => {
    let gone = false
    await using origin = await httpOrigin((_, response) => {
      response.setHeader('Content-Type', 'text/event-stream')
      response.write(':\n\n')
      response.on('close', () => {
        gone = true
      })
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
    await client.until(() => client.received.includes(':\n\n'))
    client.socket.destroy()
    await eventually(() => gone, 'the replica is told')
  })

  test('a change that does not concern it leaves a WebSocket alone', async () => {
    await using origin = await upgradeOrigin([])
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await opened(served.port)
    for (let version = 2; version < 6; version++) await served.gateway.apply(snapshot([origin.address], { version }))
    const text = frame('still here', true)
    client.send(text)
    await client.until(() => client.received === text)
  })

  test('drain ends WebSockets properly before the process goes', async () => {
    await using origin = await upgradeOrigin([])
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await opened(served.port)
    await served.gateway.drain(50)
    await client.closed()
    expect(client.received).toBe('\x88\x02\x03\xf4')
  })

  test('trailers of the replica reach the client', async () => {
    await using origin = await httpOrigin((_, response) => {
      response.setHeader('Trailer', 'X-Sum')
      response.write('body')
      response.addTrailers({ 'X-Sum': '42' })
      response.end()
    })
    await using served = await serve(snapshot([origin.address]), { engine })
    using client = await rawClient(served.port)
    client.send('GET / HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n')
    const answer = await client.answer()
    expect([answer.body, answer.trailers.trim()]).toEqual(['body', 'X-Sum: 42'])
  })
})

test('trailers of the client reach the replica, without those that could change the request', async () => {
  await using origin = await httpOrigin((request, response) =>
    request.resume().on('end', () => response.end(JSON.stringify(request.rawTrailers))),
  )
  await using served = await serve(snapshot([origin.address]))
  using client = await rawClient(served.port)
  const body = '2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Type: x\r\nAuthorization: x\r\nX-Forwarded-For: 6.6.6.6\r\n\r\n'
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`)
  expect(JSON.parse((await client.answer()).body)).toEqual(['X-Sum', '1'])
})
