import type { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { httpOrigin, rawOrigin } from '../testing/origins.ts'
import { ask, rawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'

const host = 'Host: shop.example\r\n'
const get = (path = '/', more = ''): string => `GET ${path} HTTP/1.1\r\n${host}${more}\r\n`

/** A replica that answers with what it was asked, as JSON. */
const echo = () =>
  httpOrigin((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('latin1')
      const { method, url, rawHeaders, rawTrailers } = request
      response.end(JSON.stringify({ method, url, headers: rawHeaders, body, trailers: rawTrailers }))
    })
  })

interface Echoed {
  method: string
  url: string
  headers: string[]
  body: string
  trailers: string[]
}

const field = ({ headers }: Echoed, name: string): string[] =>
  headers.filter((_, i) => i % 2 === 1 && headers[i - 1]?.toLowerCase() === name)

describe.each<EngineKind>(['own', 'node-http'])('HTTP/1.1 through the %s engine', (engine) => {
  const through = async (origin: { address: string }, wishes: Parameters<typeof snapshot>[1] = {}) =>
    await serve(snapshot([origin.address], wishes), { engine })

  test('a request reaches the replica as it was sent, and the answer the client', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    const answer = await ask(served.port, get('/a/b?x=1&y=%20', 'X-Thing: one\r\nX-Thing: two\r\nCookie: a=1\r\n'))
    const echoed = JSON.parse(answer.body) as Echoed
    expect(answer.status).toBe(200)
    expect(echoed).toMatchObject({ method: 'GET', url: '/a/b?x=1&y=%20', body: '' })
    expect(field(echoed, 'x-thing')).toEqual(['one', 'two'])
    expect(field(echoed, 'host')).toEqual(['shop.example'])
    expect(field(echoed, 'cookie')).toEqual(['a=1'])
  })

  test('the hop is described and the request can be traced', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    const answer = await ask(served.port, get())
    const echoed = JSON.parse(answer.body) as Echoed
    expect(field(echoed, 'x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(field(echoed, 'x-forwarded-proto')).toEqual(['http'])
    expect(field(echoed, 'x-forwarded-host')).toEqual(['shop.example'])
    expect(field(echoed, 'x-request-id')).toEqual([answer.headers['x-request-id']])
    expect(field(echoed, 'traceparent')[0]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    expect(field(echoed, 'via')).toEqual(['1.1 seaworthy'])
    expect(answer.headers.date).toMatch(/GMT$/)
  })

  test('a sound request id and trace context are carried, unsound ones replaced', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const carried = await ask(served.port, get('/', `X-Request-Id: abc-123\r\ntraceparent: ${trace}\r\n`))
    expect(field(JSON.parse(carried.body) as Echoed, 'traceparent')).toEqual([trace])
    expect(carried.headers['x-request-id']).toBe('abc-123')
    const replaced = await ask(served.port, get('/', 'X-Request-Id: a b\r\ntraceparent: 00-00-00-00\r\n'))
    expect(field(JSON.parse(replaced.body) as Echoed, 'traceparent')[0]).toMatch(/^00-[0-9a-f]{32}-/)
    expect(replaced.headers['x-request-id']).toMatch(/^[0-9a-f]{32}$/)
  })

  test('fields of one hop are stripped before ours are added, whatever Connection names', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    const more =
      'Connection: close, X-Secret, X-Forwarded-For, Via\r\nX-Secret: 1\r\nKeep-Alive: timeout=9\r\nProxy-Connection: x\r\nTE: gzip\r\n'
    const echoed = JSON.parse((await ask(served.port, get('/', more))).body) as Echoed
    for (const name of ['x-secret', 'keep-alive', 'proxy-connection', 'te']) expect(field(echoed, name)).toEqual([])
    expect(field(echoed, 'x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(field(echoed, 'via')).toEqual(['1.1 seaworthy'])
  })

  test('forwarding fields are believed from trusted proxies only', async () => {
    await using origin = await echo()
    const claim = 'X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nForwarded: for=203.0.113.9\r\n'
    await using suspicious = await through(origin)
    const refused = JSON.parse((await ask(suspicious.port, get('/', claim))).body) as Echoed
    expect(field(refused, 'x-forwarded-for')).toEqual(['127.0.0.1'])
    expect(field(refused, 'forwarded')).toEqual([])
    await using trusting = await through(origin, { trustedProxies: ['127.0.0.0/8'] })
    const believed = JSON.parse((await ask(trusting.port, get('/', claim))).body) as Echoed
    expect(field(believed, 'x-forwarded-for')).toEqual(['203.0.113.9, 127.0.0.1'])
    expect(field(believed, 'x-forwarded-proto')).toEqual(['https'])
    expect(trusting.lines[0]).toMatchObject({ client: '203.0.113.9' })
  })

  test.each([
    ['with a length', `POST /p HTTP/1.1\r\n${host}Content-Length: 11\r\n\r\nhello world`],
    [
      'in chunks',
      `POST /p HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n`,
    ],
    ['of no bytes', `POST /p HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`],
  ])('a body %s arrives', async (_, text) => {
    await using origin = await echo()
    await using served = await through(origin)
    const echoed = JSON.parse((await ask(served.port, text)).body) as Echoed
    expect(echoed.body).toBe(text.includes('hello') ? 'hello world' : '')
  })

  test('a request that arrives byte by byte is the same request', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    using client = await rawClient(served.port)
    await client.drip(
      `POST /slow?q=1 HTTP/1.1\r\n${host}X-A: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
    )
    expect(JSON.parse((await client.answer()).body)).toMatchObject({ method: 'POST', url: '/slow?q=1', body: 'abc' })
  })

  test('pipelined requests are answered in order on one connection', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    using client = await rawClient(served.port)
    const post = `POST /2 HTTP/1.1\r\n${host}Content-Length: 3\r\n\r\nabc`
    client.send(get('/1') + post + get('/3') + get('/4'))
    const urls: string[] = []
    for (let i = 0; i < 4; i++) urls.push((JSON.parse((await client.answer()).body) as Echoed).url)
    expect(urls).toEqual(['/1', '/2', '/3', '/4'])
  })

  test('HEAD has the length of GET and no body', async () => {
    await using origin = await httpOrigin((_, response) => {
      response.setHeader('Content-Length', 12)
      response.end('hello world!')
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(`HEAD / HTTP/1.1\r\n${host}\r\n${get()}`)
    const head = await client.answer('HEAD')
    expect([head.status, head.headers['content-length']]).toEqual([200, '12'])
    expect((await client.answer()).body).toBe('hello world!')
  })

  test.each([204, 304])('an answer of status %i has no body, and the connection goes on', async (status) => {
    await using origin = await httpOrigin((request, response) => {
      response.statusCode = request.url === '/none' ? status : 200
      response.end(request.url === '/none' ? undefined : 'next')
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(get('/none') + get('/next'))
    expect((await client.answer()).status).toBe(status)
    expect((await client.answer()).body).toBe('next')
  })

  test('HTTP/1.0 gets its answer without chunks and a closed connection', async () => {
    await using origin = await httpOrigin((_, response) => {
      response.write('one ')
      response.end('two')
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(`GET / HTTP/1.0\r\n${host}\r\n`)
    await client.closed()
    expect(client.received).toMatch(/\r\n\r\none two$/)
    expect(client.received.toLowerCase()).not.toContain('transfer-encoding')
  })

  test('Connection: close is honoured', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(get('/', 'Connection: close\r\n'))
    expect((await client.answer()).headers.connection).toBe('close')
    await client.closed()
  })

  test('100-continue lets the body come, and the answer follows', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(`POST / HTTP/1.1\r\n${host}Content-Length: 4\r\nExpect: 100-continue\r\n\r\n`)
    expect((await client.answer()).status).toBe(100)
    expect(JSON.parse((await client.send('body').answer()).body)).toMatchObject({ body: 'body' })
  })

  test('a replica answers before the body is complete and the client hears it', async () => {
    await using origin = await rawOrigin((socket) => {
      socket.once('data', () => socket.write('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno'))
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(`POST / HTTP/1.1\r\n${host}Content-Length: 9000000\r\n\r\nstart`)
    const answer = await client.answer()
    expect([answer.status, answer.body]).toEqual([401, 'no'])
    await client.closed()
  })

  test('large bodies pass both ways unchanged', async () => {
    await using origin = await httpOrigin((request, response) => request.pipe(response))
    await using served = await through(origin)
    const size = 3_000_000
    using client = await rawClient(served.port)
    const body = Array.from({ length: size / 10 }, (_, i) => String(i).padStart(10, '0')).join('')
    client.send(`PUT / HTTP/1.1\r\n${host}Content-Length: ${size}\r\n\r\n${body}`)
    const answer = await client.answer()
    expect(answer.body.length).toBe(size)
    expect(answer.body === body).toBe(true)
  })

  test('a client that does not read makes the replica wait', async () => {
    let written = 0
    let full = false
    await using origin = await httpOrigin((_, response) => {
      const chunk = Buffer.alloc(65_536, 'x')
      const more = (): void => {
        while (written < 400) {
          written++
          if (!response.write(chunk)) {
            full = true
            response.once('drain', more)
            return
          }
        }
        response.end()
      }
      more()
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.socket.pause()
    client.send(get())
    await eventually(() => full, 'the replica is told to wait')
    let before = -1
    await eventually(() => {
      const still = before === written
      before = written
      return still && written < 400
    }, 'writing stands still')
    client.socket.resume()
    await client.until(() => client.received.length > 400 * 65_536)
  })

  test('a replica that does not read makes the client wait', async () => {
    await using origin = await rawOrigin((socket) => {
      socket.pause()
      setTimeout(() => socket.resume(), 300)
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(`PUT / HTTP/1.1\r\n${host}Content-Length: 50000000\r\n\r\n`)
    const chunk = Buffer.alloc(1_000_000)
    let sent = 0
    while (client.socket.write(chunk) && sent < 50) sent++
    await eventually(() => client.socket.writableNeedDrain, 'the client is told to wait')
    expect(served.gateway.plane.inFlight.all()[0]?.body.bytes ?? 0).toBeLessThan(30_000_000)
  })

  test('a body beyond the limit of its route is refused', async () => {
    await using origin = await echo()
    await using served = await through(origin, { route: { maxBodyBytes: 10 } })
    const stated = await ask(served.port, `POST / HTTP/1.1\r\n${host}Content-Length: 11\r\n\r\nhello world`)
    expect(stated.status).toBe(413)
    const chunked = `POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\nb\r\nhello world\r\n`
    expect((await ask(served.port, chunked)).status).toBe(413)
    expect(served.lines.map(({ outcome }) => outcome)).toEqual(['client-error', 'client-error'])
  })

  test('an answer in chunks is passed on as it comes', async () => {
    const origins: Socket[] = []
    await using origin = await rawOrigin((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n')
      })
      origins.push(socket)
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(get())
    await client.until(() => client.received.includes('first'))
    origins.pop()?.write('6\r\nsecond\r\n0\r\n\r\n')
    expect((await client.answer()).body).toBe('firstsecond')
  })

  test('unknown paths, hosts and methods get problem+json', async () => {
    await using origin = await echo()
    await using served = await through(origin, { route: { path: '/api', methods: ['GET'] } })
    const missing = await ask(served.port, get('/other'))
    expect([missing.status, missing.headers['content-type']]).toEqual([404, 'application/problem+json'])
    expect(JSON.parse(missing.body)).toMatchObject({ type: 'urn:seaworthy:gateway:no-route', status: 404 })
    const wrong = await ask(served.port, `DELETE /api HTTP/1.1\r\n${host}\r\n`)
    expect([wrong.status, wrong.headers.allow]).toEqual([405, 'GET'])
  })

  test('a client that leaves is not held against the replica', async () => {
    let told = false
    await using origin = await rawOrigin((socket) => {
      socket.on('end', () => {
        told = true
      })
      socket.on('close', () => {
        told = true
      })
    })
    await using served = await through(origin)
    using client = await rawClient(served.port)
    client.send(get())
    await eventually(() => origin.sockets.size === 1, 'the replica is asked')
    client.socket.destroy()
    await eventually(() => served.lines.length === 1, 'the request ends')
    expect(served.lines[0]).toMatchObject({ status: 499, outcome: 'client-abort' })
    expect(served.gateway.loads()[0]).toMatchObject({ inFlight: 0 })
    await eventually(() => told, 'the replica is told')
  })

  test('a path is matched and forwarded in one spelling', async () => {
    await using origin = await echo()
    await using served = await through(origin)
    const echoed = JSON.parse((await ask(served.port, get('/%61dmin?q=%61'))).body) as Echoed
    expect(echoed.url).toBe('/admin?q=%61')
    for (const path of ['/a//b', '/a/../b', '/a%2fb', '/a%5cb', '/a%00', '/..;/a']) {
      expect([path, (await ask(served.port, get(path))).status]).toEqual([path, 400])
    }
  })

  test('a route may take raw paths and may strip its prefix', async () => {
    await using origin = await echo()
    await using served = await through(origin, { route: { path: '/api', rawPath: true, stripPath: true } })
    expect(JSON.parse((await ask(served.port, get('/api/a%2fb//c?d'))).body)).toMatchObject({ url: '/a%2fb//c?d' })
    expect(JSON.parse((await ask(served.port, get('/api?d'))).body)).toMatchObject({ url: '/?d' })
  })

  test('the fields of a route replace those of the replica', async () => {
    await using origin = await httpOrigin((_, response) => {
      response.setHeader('Deprecation', 'false')
      response.end()
    })
    await using served = await through(origin, { route: { responseHeaders: { Deprecation: '@1735689600' } } })
    expect((await ask(served.port, get())).headers.deprecation).toBe('@1735689600')
  })
})
