import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { closedPort, httpOrigin, type Origin } from '../../testing/origins.ts'
import { ask, type RawClient, rawClient } from '../../testing/raw-client.ts'
import { snapshot } from '../../testing/snapshots.ts'
import { connectGateway } from './control.ts'
import { startGateway } from './start.ts'
import type { GatewayStatus } from './status.ts'

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
const directories: string[] = []
afterEach(async () => {
  for (const directory of directories.splice(0)) {
    await (await connectGateway(directory).catch(() => undefined))?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
})

function stateDir(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gateway-'))
  directories.push(directory)
  return directory
}

const named = (name: string): Promise<Origin> => httpOrigin((_, response) => response.end(name))

async function until(
  gateway: () => Promise<GatewayStatus>,
  condition: (status: GatewayStatus) => boolean,
): Promise<GatewayStatus> {
  const end = performance.now() + 60_000
  while (true) {
    const status = await gateway().catch(() => undefined)
    if (status !== undefined && condition(status)) return status
    if (performance.now() > end) throw new Error(`the gateway did not come to it: ${JSON.stringify(status)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

const active = (status: GatewayStatus) => status.workers.filter(({ state }) => state === 'active')

/** Clients that each make a new connection for every request, until stopped; resolves to all that did not get 200. */
function newConnections(port: number): { stop(): Promise<{ answered: number; failures: string[] }> } {
  let going = true
  let answered = 0
  const failures: string[] = []
  const loops = Array.from({ length: 3 }, async () => {
    while (going) {
      const result = await ask(port, get).then(
        ({ status }) => String(status),
        (error: Error) => error.message,
      )
      if (result === '200') answered++
      else failures.push(result)
    }
  })
  return {
    async stop() {
      going = false
      await Promise.all(loops)
      return { answered, failures }
    },
  }
}

describe('a gateway in processes of its own', { timeout: 120_000 }, () => {
  test('serves, follows snapshots, counts, and ends', async () => {
    await using a = await named('a')
    await using b = await named('b')
    const directory = stateDir()
    const gateway = await startGateway({ stateDir: directory, snapshot: snapshot([a.address]) })
    const port = (await gateway.listeners())[0]?.port ?? 0
    expect((await ask(port, get)).body).toBe('a')
    await gateway.apply(snapshot([b.address], { version: 2 }))
    for (let i = 0; i < 6; i++) expect((await ask(port, get)).body).toBe('b')
    const pages = await gateway.counters()
    expect(pages.map(({ snapshotVersion }) => snapshotVersion)).toEqual([2, 2])
    expect(pages.flatMap(({ rows }) => rows).reduce((sum, { assigned }) => sum + assigned, 0)).toBe(7)
    expect(await gateway.metrics()).toMatch(/seaworthy_gateway_requests_total\{.*outcome="ok"\} 7\n/)
    await expect(gateway.apply(snapshot([a.address], { version: 1 }))).rejects.toMatchObject({ code: 'SW2002' })
    await expect(gateway.apply(snapshot(['nowhere'], { version: 3 }))).rejects.toMatchObject({ code: 'SW2008' })
    expect((await gateway.status()).snapshotVersion).toBe(2)
    const { pid } = gateway
    await gateway.drain(1_000)
    await expect(ask(port, get)).rejects.toThrow('ECONNREFUSED')
    await expect(connectGateway(directory)).rejects.toMatchObject({ code: 'SW2005' })
    await expect.poll(() => isAlive(pid), { timeout: 20_000 }).toBe(false)
    const lines = readFileSync(join(directory, 'logs', 'access.log'), 'utf8')
      .trim()
      .split('\n')
    expect(lines.length).toBe(7)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ status: 200, service: 'api', version: 'v1' })
  })

  test('starts again on its old ports with its old snapshot after everything was killed', async () => {
    await using a = await named('a')
    const directory = stateDir()
    const gateway = await startGateway({ stateDir: directory, snapshot: snapshot([a.address]), workers: 1 })
    const before = await gateway.status()
    for (const { pid } of [before, ...before.workers]) process.kill(pid, 'SIGKILL')
    await expect
      .poll(
        () =>
          connectGateway(directory).then(
            () => 'there',
            () => 'gone',
          ),
        { timeout: 20_000 },
      )
      .toBe('gone')
    const again = await startGateway({ stateDir: directory, workers: 1 })
    expect(await again.listeners()).toEqual(before.listeners)
    expect((await ask(before.listeners[0]?.port ?? 0, get)).body).toBe('a')
  })

  test('a start while orphaned workers still serve connects to them instead of fighting them', async () => {
    await using a = await named('a')
    const directory = stateDir()
    const gateway = await startGateway({ stateDir: directory, snapshot: snapshot([a.address]), workers: 1 })
    const before = await gateway.status()
    process.kill(before.pid, 'SIGKILL')
    const again = await startGateway({ stateDir: directory, workers: 1 })
    expect(await again.listeners()).toEqual(before.listeners)
    expect(again.pid).not.toBe(before.pid)
    expect((await ask(before.listeners[0]?.port ?? 0, get)).body).toBe('a')
  })

  test('a killed worker loses no connection that it had not accepted, and another takes its place', async () => {
    await using a = await named('a')
    const gateway = await startGateway({ stateDir: stateDir(), snapshot: snapshot([a.address]), workers: 1 })
    const port = (await gateway.listeners())[0]?.port ?? 0
    const first = active(await gateway.status())[0]
    process.kill(first?.pid ?? 0, 'SIGSTOP')
    // The stopped worker cannot accept; the kernel completes these connections and keeps them for whoever can.
    const clients = await Promise.all(Array.from({ length: 5 }, () => rawClient(port)))
    for (const client of clients) client.send(get)
    process.kill(first?.pid ?? 0, 'SIGKILL')
    for (const client of clients) expect((await client.answer()).body).toBe('a')
    const status = await until(
      () => gateway.status(),
      (now) => now.ready && active(now)[0]?.pid !== first?.pid,
    )
    expect(active(status)).toHaveLength(1)
    for (const client of clients) client[Symbol.dispose]()
  })

  test('an upgrade and a new listener lose no request, and a WebSocket-long connection goes on', async () => {
    await using a = await named('a')
    const gateway = await startGateway({ stateDir: stateDir(), snapshot: snapshot([a.address]), workers: 1 })
    const port = (await gateway.listeners())[0]?.port ?? 0
    using kept = await rawClient(port)
    expect((await kept.send(get).answer()).body).toBe('a')
    const before = gateway.pid
    const load = newConnections(port)
    await gateway.upgrade()
    expect(gateway.pid).not.toBe(before)
    const listeners = [
      { name: 'web', host: '127.0.0.1', port: 0 },
      { name: 'admin', host: '127.0.0.1', port: 0 },
    ]
    await gateway.apply(snapshot([a.address], { version: 2, listeners }))
    const open = await gateway.listeners()
    expect(open.map(({ name }) => name)).toEqual(['web', 'admin'])
    expect(open[0]?.port).toBe(port)
    expect((await ask(open[1]?.port ?? 0, get)).body).toBe('a')
    // The connection from before the upgrade is told to go elsewhere with its next answer, not cut.
    expect(await kept.send(get).answer()).toMatchObject({ body: 'a', headers: { connection: 'close' } })
    const { answered, failures } = await load.stop()
    expect(failures).toEqual([])
    expect(answered).toBeGreaterThan(0)
    await gateway.apply(snapshot([a.address], { version: 3 }))
    await expect.poll(() => canConnect(open[1]?.port ?? 0), { timeout: 20_000 }).toBe(false)
    expect((await ask(port, get)).body).toBe('a')
  })

  test('workers go on without their holder and start a new one, which takes snapshots', async () => {
    await using a = await named('a')
    await using b = await named('b')
    const directory = stateDir()
    const gateway = await startGateway({ stateDir: directory, snapshot: snapshot([a.address]), workers: 2 })
    const port = (await gateway.listeners())[0]?.port ?? 0
    const load = newConnections(port)
    const before = await gateway.status()
    process.kill(before.pid, 'SIGKILL')
    expect((await ask(port, get)).body).toBe('a')
    const status = await until(
      () => gateway.status(),
      (now) => now.ready && now.pid !== before.pid,
    )
    expect(status.snapshotVersion).toBe(1)
    await gateway.apply(snapshot([b.address], { version: 2 }))
    expect((await ask(port, get)).body).toBe('b')
    expect((await load.stop()).failures).toEqual([])
  })

  test('a taken port is named, and nothing changes', async () => {
    await using a = await named('a')
    const directory = stateDir()
    const listeners = [{ name: 'web', host: '127.0.0.1', port: a.port }]
    await expect(
      startGateway({ stateDir: directory, snapshot: snapshot([a.address], { listeners }) }),
    ).rejects.toMatchObject({
      code: 'SW2003',
      message: expect.stringContaining(`127.0.0.1:${a.port}`),
    })
    const gateway = await startGateway({ stateDir: directory, snapshot: snapshot([a.address]), workers: 1 })
    await expect(gateway.apply(snapshot([a.address], { version: 2, listeners }))).rejects.toMatchObject({
      code: 'SW2003',
    })
    expect(await gateway.status()).toMatchObject({ snapshotVersion: 1, ready: true })
    const port = (await gateway.listeners())[0]?.port ?? 0
    await gateway.apply(snapshot([a.address], { version: 2, listeners: [{ name: 'web', host: '127.0.0.1', port }] }))
    expect((await ask(port, get)).body).toBe('a')
  })

  test('the wait for a draining replica ends when its last request does', async () => {
    const waiting: (() => void)[] = []
    await using a = await httpOrigin((_, response) => void waiting.push(() => response.end('late')))
    const gateway = await startGateway({ stateDir: stateDir(), snapshot: snapshot([a.address]), workers: 1 })
    const port = (await gateway.listeners())[0]?.port ?? 0
    using client: RawClient = await rawClient(port)
    client.send(get)
    await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(1)
    await gateway.apply(snapshot([], { version: 2 }))
    expect(await gateway.drained(['api-0'], 60)).toBe(false)
    const drained = gateway.drained(['api-0'], 60_000)
    waiting[0]?.()
    expect((await client.answer()).body).toBe('late')
    expect(await drained).toBe(true)
  })
})

test('no gateway there is said plainly', async () => {
  await expect(connectGateway(stateDir())).rejects.toMatchObject({ code: 'SW2005' })
  const port = await closedPort()
  expect(await canConnect(port)).toBe(false)
})

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
