import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createServer as createHttp2Server,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { httpOrigin } from '../testing/origins.ts'
import { RawClient } from '../testing/raw-client.ts'
import { eventually, serve } from '../testing/served.ts'
import { service, snapshot } from '../testing/snapshots.ts'
import type { EngineKind } from './core/engine.ts'
import { type CertificateFiles, type DevelopmentCa, developmentCa } from './tls/development-ca.ts'

const directory = mkdtempSync(join(tmpdir(), 'gateway-tls-'))
let ca: DevelopmentCa
let shop: CertificateFiles
let bank: CertificateFiles
beforeAll(async () => {
  ca = await developmentCa(directory)
  shop = await ca.issue(['shop.test'])
  bank = await ca.issue(['*.bank.test'])
})
afterAll(() => rmSync(directory, { recursive: true }))

const secure = (address: string, version = 1, certificates = [shop, bank]) =>
  snapshot([address], { version, listeners: [{ name: 'web', host: '127.0.0.1', port: 0, tls: { certificates } }] })

function tlsClient(port: number, servername: string, alpn: string[] = ['http/1.1']): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connectTls(
      { port, host: '127.0.0.1', servername, ca: readFileSync(ca.caFile), ALPNProtocols: alpn },
      () => resolve(socket),
    )
    socket.once('error', reject)
  })
}

interface H2Answer {
  readonly headers: IncomingHttpHeaders & { ':status'?: number }
  readonly body: string
  readonly trailers: IncomingHttpHeaders
}

function h2(session: ClientHttp2Session, headers: OutgoingHttpHeaders, body?: string): Promise<H2Answer> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: body === undefined })
    let answer: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    let text = ''
    stream.on('response', (found) => {
      answer = found
    })
    stream.on('trailers', (found) => {
      trailers = found
    })
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => {
      text += part
    })
    stream.on('end', () => resolve({ headers: answer, body: text, trailers }))
    stream.on('error', reject)
    if (body !== undefined) stream.end(body)
  })
}

const echo = () =>
  httpOrigin((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString()
    })
    request.on('end', () => {
      response.setHeader('X-Kept', 'yes')
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
    })
  })

describe.each<EngineKind>(['own', 'node-http'])('TLS with the %s engine', (engine) => {
  test('the certificate is the one for the name that the client asks for', async () => {
    await using origin = await echo()
    await using served = await serve(secure(origin.address), { engine })
    for (const [name, expected] of [
      ['shop.test', 'DNS:shop.test'],
      ['a.bank.test', 'DNS:*.bank.test'],
    ] as const) {
      const socket = await tlsClient(served.port, name)
      expect(socket.authorized).toBe(true)
      expect(socket.getPeerCertificate().subjectaltname).toBe(expected)
      using client = new RawClient(socket)
      const answer = await client.send(`GET / HTTP/1.1\r\nHost: ${name}\r\n\r\n`).answer()
      expect(JSON.parse(answer.body).headers).toMatchObject({ host: name, 'x-forwarded-proto': 'https' })
    }
  })

  test('a new certificate is served without a restart, and an unreadable one changes nothing', async () => {
    await using origin = await echo()
    await using served = await serve(secure(origin.address, 1, [shop]), { engine })
    const other = await ca.issue(['other.test'])
    await served.gateway.apply(secure(origin.address, 2, [shop, other]))
    const socket = await tlsClient(served.port, 'other.test')
    expect(socket.getPeerCertificate().subjectaltname).toBe('DNS:other.test')
    socket.destroy()
    const broken = secure(origin.address, 3, [{ certFile: '/nowhere.pem', keyFile: '/nowhere.key' }])
    await expect(served.gateway.apply(broken)).rejects.toMatchObject({ code: 'SW2004' })
    expect(served.gateway.plane.version).toBe(2)
    const again = await tlsClient(served.port, 'shop.test')
    expect(again.authorized).toBe(true)
    again.destroy()
  })

  test('a session begun at one worker resumes at another that shares its ticket keys', async () => {
    await using origin = await echo()
    await using first = await serve(secure(origin.address), { engine })
    await using second = await serve(secure(origin.address), { engine })
    const keys = randomBytes(48)
    first.gateway.setTicketKeys(keys)
    const begin = (): Promise<Buffer> =>
      new Promise((resolve) => {
        void tlsClient(first.port, 'shop.test').then((socket) => {
          socket.once('session', (session: Buffer) => {
            socket.destroy()
            resolve(session)
          })
          socket.resume()
        })
      })
    const resumes = async (session: Buffer): Promise<boolean> => {
      const options = { port: second.port, host: '127.0.0.1', servername: 'shop.test', ca: readFileSync(ca.caFile) }
      const socket = await new Promise<TLSSocket>((resolve) => {
        const made = connectTls({ ...options, session }, () => resolve(made))
      })
      const reused = socket.isSessionReused()
      socket.destroy()
      return reused
    }
    expect(await resumes(await begin())).toBe(false)
    second.gateway.setTicketKeys(keys)
    expect(await resumes(await begin())).toBe(true)
  })

  test('cleartext on a TLS port is turned away', async () => {
    await using origin = await echo()
    await using served = await serve(secure(origin.address), { engine })
    const { rawClient } = await import('../testing/raw-client.ts')
    using client = await rawClient(served.port)
    client.send('GET / HTTP/1.1\r\nHost: shop.test\r\n\r\n')
    await client.closed()
  })
})

describe('HTTP/2', () => {
  const over = async (port: number, tls: boolean): Promise<ClientHttp2Session> => {
    const session = tls
      ? connectHttp2(`https://127.0.0.1:${port}`, { servername: 'shop.test', ca: readFileSync(ca.caFile) })
      : connectHttp2(`http://127.0.0.1:${port}`)
    session.on('error', () => undefined)
    await new Promise((resolve) => session.once('connect', resolve))
    return session
  }

  test.each([
    ['over TLS', true],
    ['in cleartext with prior knowledge', false],
  ])('%s: many requests at once on one connection', async (_, tls) => {
    await using origin = await echo()
    await using served = await serve(tls ? secure(origin.address) : snapshot([origin.address]))
    const session = await over(served.port, tls)
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_unused, i) =>
        h2(session, { ':path': `/${i}`, ':method': 'POST', cookie: ['a=1', 'b=2'], 'x-thing': 'one' }, `body ${i}`),
      ),
    )
    for (const [i, { headers, body }] of answers.entries()) {
      expect(headers[':status']).toBe(200)
      expect(headers['x-kept']).toBe('yes')
      const seen = JSON.parse(body)
      expect(seen).toMatchObject({ method: 'POST', url: `/${i}`, body: `body ${i}` })
      expect(seen.headers).toMatchObject({ cookie: 'a=1; b=2', 'x-thing': 'one', via: '2 seaworthy' })
    }
    session.close()
  })

  test('refusals and canonical paths hold as in HTTP/1.1', async () => {
    await using origin = await echo()
    await using served = await serve(snapshot([origin.address], { route: { path: '/api' } }))
    const session = await over(served.port, false)
    const status = async (headers: OutgoingHttpHeaders): Promise<number | undefined> =>
      (await h2(session, headers)).headers[':status']
    expect(await status({ ':path': '/other' })).toBe(404)
    expect(await status({ ':path': '/api//x' })).toBe(400)
    expect(await status({ ':path': '/api', ':authority': 'shop.test', host: 'other.test' })).toBe(400)
    expect(await status({ ':path': '/api', ':method': 'FETCH' })).toBe(501)
    expect((await h2(session, { ':path': '/api', ':method': 'HEAD' })).body).toBe('')
    session.close()
  })

  test('a stream that the client resets frees its replica', async () => {
    let gone = false
    await using origin = await httpOrigin((_, response) => {
      response.on('close', () => {
        gone = true
      })
    })
    await using served = await serve(snapshot([origin.address]))
    const session = await over(served.port, false)
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => undefined)
    await eventually(() => served.gateway.loads()[0]?.inFlight === 1, 'the request is in flight')
    stream.close(8)
    await eventually(() => gone, 'the replica is told')
    expect(served.lines[0]).toMatchObject({ outcome: 'client-abort' })
    session.close()
  })

  test('a replica that cuts its answer resets the stream and leaves the connection alone', async () => {
    await using origin = await httpOrigin((request, response) => {
      if (request.url !== '/cut') return response.end('whole')
      response.writeHead(200, { 'Content-Length': 100 })
      response.write('half')
      return setTimeout(() => response.destroy(), 20)
    })
    await using served = await serve(snapshot([origin.address]))
    const session = await over(served.port, false)
    await expect(h2(session, { ':path': '/cut' })).rejects.toThrow()
    expect((await h2(session, { ':path': '/' })).body).toBe('whole')
    session.close()
  })

  test('drain tells clients to go elsewhere and lets their streams finish', async () => {
    const waiting: (() => void)[] = []
    await using origin = await httpOrigin((_, response) => void waiting.push(() => response.end('late')))
    await using served = await serve(snapshot([origin.address]))
    const session = await over(served.port, false)
    const answer = h2(session, { ':path': '/' })
    await eventually(() => waiting.length === 1, 'the request has arrived')
    let told = false
    session.on('goaway', () => {
      told = true
    })
    const drained = served.gateway.drain(20_000)
    await eventually(() => told, 'GOAWAY arrives')
    waiting[0]?.()
    expect((await answer).body).toBe('late')
    await drained
  })
})

describe('gRPC', () => {
  /** A gRPC server as far as the wire shows: messages with a five-byte prefix, the status in trailers. */
  async function grpcOrigin(play: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void) {
    const server = createHttp2Server()
    server.on('stream', play)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    const sessions = new Set<{ destroy(): void }>()
    server.on('session', (session) => sessions.add(session))
    return {
      address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        for (const session of sessions) session.destroy()
        await new Promise((resolve) => server.close(resolve))
      },
    }
  }
  const message = (text: string): Buffer => {
    const prefix = Buffer.alloc(5)
    prefix.writeUInt32BE(text.length, 1)
    return Buffer.concat([prefix, Buffer.from(text)])
  }
  const call = { ':method': 'POST', ':path': '/shop.Orders/Get', 'content-type': 'application/grpc', te: 'trailers' }
  const grpc = (address: string, version = 1, state: 'ready' | 'draining' = 'ready') =>
    snapshot([], {
      version,
      route: { timeoutMs: 300 },
      services: [
        service([], {
          protocol: 'http2',
          streamGraceMs: 0,
          versions: [{ version: 'v1', share: 1, endpoints: [{ id: 'api-0', address, state }] }],
        }),
      ],
    })

  test.each<[string, string, string]>([
    ['0', 'ok', '0'],
    ['13', 'server-error', '13'],
    ['5', 'client-error', '5'],
  ])('a call with status %s counts as %s', async (code, outcome) => {
    await using origin = await grpcOrigin((stream, headers) => {
      expect(headers).toMatchObject({ te: 'trailers', 'content-type': 'application/grpc' })
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': code }))
      stream.pipe(stream)
    })
    await using served = await serve(grpc(origin.address))
    const session = connectHttp2(`http://127.0.0.1:${served.port}`)
    const answer = await h2(session, call, message('hi').toString('latin1'))
    expect(answer.body).toBe(message('hi').toString())
    expect(answer.trailers['grpc-status']).toBe(code)
    await eventually(() => served.lines.length === 1, 'the call is logged')
    expect(served.lines[0]).toMatchObject({ outcome })
    session.close()
  })

  test('a stream may be silent for longer than its route waits for an answer, and ends between messages with UNAVAILABLE', async () => {
    let open: ServerHttp2Stream | undefined
    await using origin = await grpcOrigin((stream) => {
      stream.on('error', () => undefined)
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' })
      stream.write(message('one'))
      open = stream
    })
    await using served = await serve(grpc(origin.address))
    const session = connectHttp2(`http://127.0.0.1:${served.port}`)
    const answer = h2(session, call, message('go').toString('latin1'))
    await eventually(() => open !== undefined, 'the stream is open')
    await new Promise((resolve) => setTimeout(resolve, 600))
    open?.write(message('two'))
    await eventually(() => (served.gateway.plane.inFlight.all()[0]?.bytesOut ?? 0) === 16, 'both messages have passed')
    await served.gateway.apply(grpc(origin.address, 2, 'draining'))
    const { body, trailers } = await answer
    expect(body).toBe(Buffer.concat([message('one'), message('two')]).toString())
    expect(trailers['grpc-status']).toBe('14')
    session.close()
  })

  test('a replica that is not there is answered for with 503', async () => {
    const { closedPort } = await import('../testing/origins.ts')
    const gone = grpc(`127.0.0.1:${await closedPort()}`)
    const services = gone.services.map((pool) => ({ ...pool, hold: { max: 1, deadlineMs: 200 } }))
    await using served = await serve({ ...gone, services })
    const session = connectHttp2(`http://127.0.0.1:${served.port}`)
    expect((await h2(session, call, 'x')).headers[':status']).toBe(503)
    session.close()
  })
})
