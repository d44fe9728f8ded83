import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fleet, postgres, redis, resolve } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { applied, takenDown, testJob } from '../conformance/rig.ts'
import { hasPostgres, type MachineRig, machineRig } from './testing/machine-rig.ts'

/** Counts in a table, over PostgreSQL's own client when it is there. */
function counting(rig: MachineRig, name: string, db: ReturnType<typeof postgres>) {
  const sql = 'CREATE TABLE IF NOT EXISTS visits (n int); INSERT INTO visits VALUES (1); SELECT count(*) FROM visits;'
  return testJob(rig, name, '', {
    run: ['sh', '-c', `psql -qtAX "$MAIN_URL" -c "${sql}" 2>/dev/null | tail -1`],
    needs: [db],
    cwd: '/',
  })
}

describe.skipIf(!hasPostgres)('PostgreSQL (needs its programs on this machine)', () => {
  it('is made once, and its data outlive down and up', async () => {
    await using rig = await machineRig()
    const db = postgres('main')
    const wanted = resolve(fleet('data', { postgres: [db], jobs: [counting(rig, 'count', db)] }), 'development')
    const counts = async (): Promise<readonly string[]> =>
      (await rig.engine.logs({ service: 'count' })).map(({ text }) => text)
    expect((await applied(rig.engine, wanted)).at(-1)?.kind).toBe('settled')
    expect((await rig.engine.state()).resources).toMatchObject([{ resource: 'main', type: 'postgres', ready: true }])
    expect(await counts()).toEqual(['1'])
    await takenDown(rig.engine)
    expect(rig.marked()).toEqual([])
    await applied(rig.engine, wanted)
    expect(await counts()).toEqual(['1', '2'])
  })

  it('goes on undisturbed when another controller takes over', async () => {
    await using rig = await machineRig()
    await applied(rig.engine, resolve(fleet('data', { postgres: [postgres('main')] }), 'development'))
    const [before] = (await rig.engine.state()).replicas
    const successor = await rig.successor()
    expect((await successor.state()).replicas).toMatchObject([{ pid: before?.pid, restarts: 0 }])
  })
})

describe('a resource that others run', () => {
  it('is ready when its port accepts, and its address is injected', async () => {
    const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await new Promise((done) => server.once('listening', done))
    const url = `redis://127.0.0.1:${(server.address() as AddressInfo).port}`
    await using rig = await machineRig({ env: { PATH: process.env.PATH, CACHE: url } })
    const cache = redis('cache', { url: 'env:CACHE' })
    const job = testJob(rig, 'show', 'console.log(process.env.CACHE_URL.startsWith("redis://127.0.0.1"))', {
      needs: [cache],
    })
    await applied(rig.engine, resolve(fleet('outside', { redis: [cache], jobs: [job] }), 'development'))
    expect((await rig.engine.logs({ service: 'show' })).map(({ text }) => text)).toEqual(['true'])
    server.close()
  })

  it('that is not there is named, with its address', async () => {
    await using rig = await machineRig({ env: { PATH: process.env.PATH, CACHE: 'redis://127.0.0.1:1' } })
    const cache = redis('cache', { url: 'env:CACHE' })
    const job = testJob(rig, 'show', '', { needs: [cache] })
    const last = (
      await applied(rig.engine, resolve(fleet('outside', { redis: [cache], jobs: [job] }), 'development'))
    ).at(-1)
    expect(last?.kind === 'stuck' ? last.reasons.join('\n') : '').toMatch(
      /job show waits for cache: 127\.0\.0\.1:1: .*nothing listens/,
    )
  })
})

describe('Redis', () => {
  it('that is missing says how to get it', async () => {
    await using rig = await machineRig({ env: { PATH: '/nowhere' } })
    const last = (await applied(rig.engine, resolve(fleet('cached', { redis: [redis('cache')] }), 'development'))).at(
      -1,
    )
    expect(last?.kind === 'stuck' ? last.reasons.join('\n') : '').toMatch(/SW4032.*apt-get install redis-server/s)
  })
})
