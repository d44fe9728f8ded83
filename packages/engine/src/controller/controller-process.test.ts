import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fleet, resolve, type ServicePart, service } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { applied, steadyClient, takenDown, until } from '../conformance/rig.ts'
import { systemProcessTable } from '../machine/process/process-table.ts'
import { repository } from '../machine/testing/machine-rig.ts'
import type { ControllerClient } from './controller-client.ts'
import { connectController } from './controller-client.ts'
import { startControllerProcess } from './controller-process.ts'

interface Place extends AsyncDisposable {
  readonly stateDir: string
  readonly start: () => Promise<ControllerClient>
}

/** A state directory with everything that runs from it; disposing it kills all of that. */
function place(): Place {
  const stateDir = mkdtempSync(join(tmpdir(), 'seaworthy-controller-'))
  const start = (): Promise<ControllerClient> =>
    startControllerProcess({
      stateDir,
      root: repository,
      environment: 'development',
      gatewayEngine: 'node-http',
      gatewayWorkers: 1,
    })
  return {
    stateDir,
    start,
    [Symbol.asyncDispose]: async () => {
      const client = await connectController(stateDir).catch(() => start())
      for await (const _ of client.down({ force: true }));
      await until(async () => (await connectController(stateDir).catch(() => undefined)) === undefined)
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

function api(): ServicePart {
  return service('api', {
    run: [process.execPath, join(repository, 'test/fixtures/service.ts')],
    port: 3000,
    routes: ['/'],
    replicas: 2,
    health: '/health/ready',
    stop: { drain: '5s' },
  })
}

function wanted(): ReturnType<typeof resolve> {
  const resolved = resolve(fleet('tiny', { services: [api()] }), 'development')
  const { development } = resolved.environments
  return { ...resolved, ...(development && { environments: { development: { ...development, gatewayPort: 0 } } }) }
}

describe('a controller in a process of its own', () => {
  it('may be killed: requests, replicas and gateway go on, and the next one takes over', async () => {
    await using here = place()
    let client = await here.start()
    expect((await applied(client, wanted())).at(-1)?.kind).toBe('settled')
    const before = await client.state()
    const steady = await steadyClient(client, '/work?ms=5')
    for (let kill = 0; kill < 3; kill += 1) {
      const { pid } = await client.controller()
      process.kill(pid, 'SIGKILL')
      const count = steady.answers.length
      await until(async () => steady.answers.length > count + 10)
      client = await here.start()
      expect((await client.controller()).pid).not.toBe(pid)
    }
    await until(async () => (await client.state()).gateway.ready)
    await steady.stop()
    expect(steady.failures).toEqual([])
    const after = await client.state()
    expect(after.replicas.map(({ replica, pid, phase, restarts }) => [replica, pid, phase, restarts])).toEqual(
      before.replicas.map(({ replica, pid }) => [replica, pid, 'ready', 0]),
    )
    // It is a controller in full: it still notices a replica's end, and starts another.
    process.kill(after.replicas[0]?.pid ?? Number.NaN, 'SIGKILL')
    await until(async () =>
      (await client.state()).replicas.every(({ phase, pid }) => phase === 'ready' && pid !== after.replicas[0]?.pid),
    )
  })

  it('lets no second one near its state', async () => {
    await using here = place()
    const client = await here.start()
    const { pid } = await client.controller()
    expect((await (await here.start()).controller()).pid).toBe(pid)
  })

  it('stops the fleet when the process that it belongs to is gone, and ends', async () => {
    await using here = place()
    const client = await here.start()
    await applied(client, wanted())
    const table = systemProcessTable()
    const programs = (await client.state()).replicas.map(({ pid }) => pid ?? 0)
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    await client.giveTo(owner.pid)
    owner.kill('SIGKILL')
    await until(async () => (await connectController(here.stateDir).catch(() => undefined)) === undefined)
    expect(programs.filter((pid) => table.find(pid)?.zombie === false)).toEqual([])
  })

  it('ends with its fleet, and leaves no process', async () => {
    await using here = place()
    const client = await here.start()
    await applied(client, wanted())
    const { pid } = await client.controller()
    await takenDown(client)
    await until(async () => systemProcessTable().find(pid)?.zombie !== false)
  })

  it('refuses what it cannot do with a problem that says why', async () => {
    await using here = place()
    const client = await here.start()
    await expect(client.ensureVersion('api', { version: 'v2', replicas: 1 })).rejects.toMatchObject({ code: 'SW4009' })
    await expect(client.call('GET', '/v1/nothing')).rejects.toMatchObject({ code: 'SW4024' })
    await expect(client.call('POST', '/v1/plan', 'text')).rejects.toMatchObject({ code: 'SW4024' })
    const document = await client.call<{ readonly openapi: string }>('GET', '/openapi.json')
    expect(document.openapi).toBe('3.1.0')
  })
})
