import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startService } from '../../../../test/fixtures/service.ts'
import { eventSender } from './event-sender.ts'
import { HttpClient } from './http-client.ts'
import { parseTarget } from './http-target.ts'
import { runOpenLoad } from './open-load.ts'
import { taskSender } from './sender.ts'
import { openWebSocketSender } from './websocket-sender.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
})
const service = async (): Promise<string> => {
  const started = await startService({ drainMs: 1 })
  open.push(started)
  return started.url
}
const opensslIsThere = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

describe('senders', () => {
  it('measure streams of events to their first event, between events and to their end', async () => {
    const client = new HttpClient({ target: parseTarget(await service()) })
    open.push(client)
    const sender = eventSender(client, () => ({ path: '/events?count=5&ms=10' }))
    const result = await runOpenLoad({ arrivals: { kind: 'constant', rate: 40, seconds: 0.5 }, sender })
    expect(result.requests).toMatchObject({ due: 20, answered: 20 })
    // Five events and the closing one; each stream has one first and five between.
    expect(result.measures['first event']?.n).toBe(20)
    expect(result.measures['between events']?.n).toBe(100)
    expect(result.latency.min).toBeGreaterThan(49)
    expect(result.measures['first event']?.min).toBeLessThan(result.latency.min)
  })

  it('answer each WebSocket message once over a few connections', async () => {
    const sender = await openWebSocketSender({
      target: parseTarget(await service()),
      path: '/ws',
      sockets: 3,
      messageOf: (n) => JSON.stringify({ id: `m${n}` }),
    })
    open.push(sender)
    const result = await runOpenLoad({ arrivals: { kind: 'constant', rate: 300, seconds: 0.5 }, sender })
    expect(result.requests).toMatchObject({ due: 150, answered: 150, failed: 0 })
  })

  it('fail what was waiting on a WebSocket that ends', async () => {
    const started = await startService({ drainMs: 1 })
    open.push(started)
    const sender = await openWebSocketSender({
      target: parseTarget(started.url),
      path: '/ws',
      sockets: 1,
      messageOf: () => 'no JSON: the server closes',
      timeoutMs: 200,
    })
    open.push(sender)
    const outcome = new Promise((resolve) => sender.send(0, resolve))
    expect(await outcome).toMatchObject({ kind: 'failed' })
  })

  it('run a task of several requests as one', async () => {
    const client = new HttpClient({ target: parseTarget(await service()) })
    open.push(client)
    const sender = taskSender(async (n) => {
      const first = await client.request({ path: '/echo', headers: { 'x-request-id': `t${n}` } })
      return first.kind === 'failed' ? first : client.request({ path: '/version' })
    })
    const result = await runOpenLoad({ arrivals: { kind: 'burst', size: 10, every: 0.1, seconds: 0.2 }, sender })
    expect(result.requests).toMatchObject({ due: 20, answered: 20 })
    expect(client.counts.opened).toBeLessThanOrEqual(20)
  })

  it.skipIf(!opensslIsThere)('speak TLS, check the certificate, and tell its refusal (needs openssl)', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tls-'))
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')]
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-days',
        '2',
        '-keyout',
        key,
        '-out',
        cert,
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=DNS:localhost,IP:127.0.0.1',
      ],
      { stdio: 'ignore' },
    )
    const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      response.end('secret'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const trusting = new HttpClient({ target: parseTarget(url, { ca: readFileSync(cert, 'utf8') }) })
    const careless = new HttpClient({ target: parseTarget(url, { verify: false }) })
    const strict = new HttpClient({ target: parseTarget(url) })
    open.push(
      {
        [Symbol.asyncDispose]: async () => {
          server.closeAllConnections()
          server.close()
          rmSync(directory, { recursive: true })
        },
      },
      trusting,
      careless,
      strict,
    )
    expect(await trusting.request({ keep: true })).toMatchObject({ kind: 'answered', status: 200, body: 'secret' })
    expect(await trusting.request({ keep: true })).toMatchObject({ kind: 'answered' })
    expect(trusting.counts.opened).toBe(1)
    expect(await careless.request({})).toMatchObject({ kind: 'answered' })
    expect(await strict.request({})).toMatchObject({ kind: 'failed', failure: 'tls' })
  })
})
