import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startService } from '../../../../test/fixtures/service.ts'
import { parseBugs } from '../../../../test/fixtures/service-bugs.ts'
import { HttpClient, type HttpClientOptions } from './http-client.ts'
import { parseTarget } from './http-target.ts'
import type { Outcome } from './outcome.ts'
import { headerOf } from './response-reader.ts'
import { seededBody } from './streamed-body.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

function clientOf(url: string, options: Partial<HttpClientOptions> = {}): HttpClient {
  const client = new HttpClient({ target: parseTarget(url), ...options })
  open.push(client)
  return client
}

async function service(options: Parameters<typeof startService>[0] = {}): Promise<string> {
  const started = await startService({ drainMs: 1, ...options })
  open.push(started)
  return started.url
}

/** A server that does to each connection what it is told; returns its address. */
async function rawServer(onConnection: (socket: Socket, received: string) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => onConnection(socket, chunk.toString('latin1')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  })
  const address = server.address()
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
}

const failureOf = (outcome: Outcome): string =>
  outcome.kind === 'failed' ? outcome.failure : `answered ${outcome.status}`
const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'

describe('http client', () => {
  it('asks a real server and reads status, label and body', async () => {
    const client = clientOf(await service({ version: 'v9' }))
    const outcome = await client.request({ path: '/echo', headers: { 'x-request-id': 'a-1' }, keep: true })
    if (outcome.kind !== 'answered') throw new Error(outcome.detail)
    expect([outcome.status, outcome.label]).toEqual([200, 'v9'])
    expect(JSON.parse(outcome.body ?? '')).toMatchObject({ id: 'a-1', version: 'v9' })
    expect(headerOf(outcome.head ?? '', 'content-type')).toBe('application/json')
  })

  it('reuses one connection for requests one after the other, and none with new connections', async () => {
    const url = await service()
    const reusing = clientOf(url)
    for (let k = 0; k < 5; k += 1) await reusing.request({ path: '/echo' })
    expect(reusing.counts.opened).toBe(1)
    const opening = clientOf(url, { connections: 'new' })
    for (let k = 0; k < 5; k += 1) expect(failureOf(await opening.request({ path: '/echo' }))).toBe('answered 200')
    expect(opening.counts.opened).toBe(5)
  })

  it('lets requests wait when its connections are busy, and loses none', async () => {
    const client = clientOf(await service(), { limit: 2 })
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => client.request({ path: '/work?ms=2' })))
    expect(outcomes.every((outcome) => outcome.kind === 'answered' && outcome.status === 200)).toBe(true)
    expect(client.counts).toMatchObject({ opened: 2, waited: 48 })
  })

  it('speaks over unix sockets', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'load-'))
    open.push({ [Symbol.asyncDispose]: async () => rmSync(directory, { recursive: true }) })
    const url = await service({ socket: join(directory, 's.sock') })
    expect(failureOf(await clientOf(url).request({ path: '/echo' }))).toBe('answered 200')
    expect(failureOf(await clientOf(`unix:${directory}/none.sock`).request({}))).toBe('refused')
  })

  it.each([false, true])('streams an upload whose checksum the server confirms (chunked: %s)', async (chunked) => {
    const client = clientOf(await service())
    const body = seededBody({ seed: 4, bytes: 300_001, chunked })
    const outcome = await client.request({ method: 'POST', path: '/upload', body, keep: true })
    if (outcome.kind !== 'answered') throw new Error(outcome.detail)
    expect(JSON.parse(outcome.body ?? '')).toMatchObject({ bytes: 300_001, sha256: body.sha256 })
  })

  it('sends text beyond ASCII and bytes with their right length', async () => {
    const client = clientOf(await service())
    for (const body of ['grüß dich €', Buffer.from([0, 255, 128]), 'plain']) {
      const outcome = await client.request({ method: 'POST', path: '/echo', body, keep: true })
      if (outcome.kind !== 'answered') throw new Error(outcome.detail)
      expect(JSON.parse(outcome.body ?? '').bytes).toBe(Buffer.from(body).length)
    }
  })

  it.each<[string, string, (socket: Socket) => void]>([
    ['closed before answer', 'an end without a byte', (socket) => socket.end()],
    ['reset before answer', 'a reset without a byte', (socket) => socket.resetAndDestroy()],
    ['truncated', 'an end within the body', (socket) => socket.end(answer.slice(0, -1))],
    ['truncated', 'an end within the head', (socket) => socket.end(answer.slice(0, 20))],
    ['malformed', 'an answer that is none', (socket) => socket.end('nonsense\r\n\r\n')],
    ['malformed', 'more bytes than announced', (socket) => socket.end(`${answer}!`)],
    ['timeout', 'silence', () => undefined],
    ['timeout', 'an answer that never ends', (socket) => socket.write(answer.slice(0, -1))],
    ['answered 200', 'a body that the end of the connection ends', (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nok')],
  ])('tells "%s" of %s', async (expected, _what, act) => {
    const client = clientOf(await rawServer((socket) => act(socket)), { timeoutMs: 300 })
    expect(failureOf(await client.request({ path: '/' }))).toBe(expected)
  })

  it('tells a reset within the answer from one before it', async () => {
    const url = await rawServer((socket) => {
      socket.write(answer.slice(0, -1))
      setTimeout(() => socket.resetAndDestroy(), 30)
    })
    expect(failureOf(await clientOf(url).request({}))).toBe('reset during answer')
  })

  it('tells a refused connection, and that nobody can have acted on the request', async () => {
    const outcome = await clientOf('http://127.0.0.1:1').request({})
    expect(outcome).toMatchObject({ kind: 'failed', failure: 'refused', sentAt: undefined })
  })

  it('marks a failure on a reused connection as such', async () => {
    let requests = 0
    const client = clientOf(await rawServer((socket) => (++requests === 1 ? socket.write(answer) : socket.end())))
    expect(failureOf(await client.request({}))).toBe('answered 200')
    expect(await client.request({})).toMatchObject({ failure: 'closed before answer', reused: true })
  })

  it('counts bytes that nobody asked for and drops their connection', async () => {
    const client = clientOf(
      await rawServer((socket) => {
        socket.write(answer)
        setTimeout(() => socket.write(answer), 20)
      }),
    )
    await client.request({})
    await expect.poll(() => client.counts.unsolicited, { timeout: 10_000 }).toBe(1)
    expect(failureOf(await client.request({}))).toBe('answered 200')
    expect(client.counts.opened).toBe(2)
  })

  it('sees the injected faults of the test service as what they are', async () => {
    const of = async (bug: string): Promise<string> =>
      failureOf(await clientOf(await service({ bugs: parseBugs(bug) }), { timeoutMs: 300 }).request({ path: '/echo' }))
    expect(await of('error:1')).toBe('answered 500')
    expect(await of('reset:1')).toBe('reset before answer')
    expect(await of('truncate:1')).toMatch(/truncated|reset during answer/)
    expect(await of('hang:1')).toBe('timeout')
  })

  it('gives up what is in progress when it is closed', async () => {
    const client = clientOf(await rawServer(() => undefined), { limit: 1 })
    const outcomes = Promise.all([client.request({}), client.request({})])
    await client[Symbol.asyncDispose]()
    expect((await outcomes).map(failureOf)).toEqual(['cancelled', 'cancelled'])
  })

  it('refuses to write a request that would smuggle a line', async () => {
    const client = clientOf('http://127.0.0.1:1')
    expect(() => client.prepare({ headers: { a: 'b\r\nc: d' } })).toThrow(/does not allow this header/)
    expect(() => client.prepare({ path: '/a b' })).toThrow(/does not allow this path/)
    expect(() => parseTarget('localhost:80')).toThrow(/found "localhost:80"/)
  })
})
