import { type ServicePart, service } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { applied, takenDown, testFleet, testService, until } from '../conformance/rig.ts'
import { type MachineRig, machineRig } from './testing/machine-rig.ts'

const quickly = { drain: '200ms', grace: '300ms' } as const
/** Ignores SIGTERM, and so does a child of its. */
const stubborn =
  'process.on("SIGTERM", () => {}); if (!process.env.CHILD) require("child_process").spawn(process.execPath, ["-e", process.env.CODE], { env: { ...process.env, CHILD: "1" }, stdio: "inherit", detached: process.env.LEAVE === "1" }); setInterval(() => {}, 1000)'

function worker(rig: MachineRig, env: Readonly<Record<string, string>> = {}, code = stubborn): ServicePart {
  return service('stubborn', { ...rig.script(code), env: { CODE: code, ...env }, stop: quickly })
}

describe('going down leaves nothing behind', () => {
  it.each([
    ['a program and its child that ignore SIGTERM', {}],
    ['a child that left the process group', { LEAVE: '1' }],
  ])('%s', async (_, env) => {
    await using rig = await machineRig()
    expect((await applied(rig.engine, testFleet([worker(rig, env)]))).at(-1)?.kind).toBe('settled')
    await until(async () => rig.marked().length === 2)
    expect((await takenDown(rig.engine)).at(-1)?.kind).toBe('settled')
    expect(rig.marked()).toEqual([])
  })

  it('a leader that ends at once and leaves a child that ignores SIGTERM', async () => {
    await using rig = await machineRig()
    const code = stubborn.replace(
      'process.on("SIGTERM", () => {});',
      'process.on("SIGTERM", () => { if (!process.env.CHILD) process.exit(0) });',
    )
    await applied(rig.engine, testFleet([worker(rig, {}, code)]))
    await until(async () => rig.marked().length === 2)
    await takenDown(rig.engine)
    expect(rig.marked()).toEqual([])
  })

  it('a crashed leader whose child goes on: the child ends before a new leader starts', async () => {
    await using rig = await machineRig()
    await applied(rig.engine, testFleet([worker(rig)]))
    await until(async () => rig.marked().length === 2)
    const [before] = (await rig.engine.state()).replicas
    await rig.kill(before?.replica ?? '')
    await until(async () => {
      const [replica] = (await rig.engine.state()).replicas
      return replica?.phase === 'ready' && replica.pid !== before?.pid
    })
    await until(async () => rig.marked().length === 2)
  })
})

describe('a stopped program', () => {
  it('that answers nothing is found, killed and started anew', async () => {
    await using rig = await machineRig()
    const probe = { every: '300ms', timeout: '2s', failures: 3 } as const
    const health = { ready: { http: '/health/ready', ...probe }, live: { http: '/health/live', ...probe } }
    await applied(rig.engine, testFleet([testService(rig, 'api', { health, replicas: 2 })]))
    const [victim] = (await rig.engine.state()).replicas
    // Never 0: that would be this test's own process group.
    if (victim?.pid === undefined) throw new Error('there is no replica to stop')
    process.kill(victim.pid, 'SIGSTOP')
    await until(async () => {
      const replica = (await rig.engine.state()).replicas.find(({ replica }) => replica === victim?.replica)
      return replica?.phase === 'ready' && replica.pid !== victim?.pid
    })
    expect((await rig.engine.exposure('api'))[0]?.hangs).toBeGreaterThan(0)
  })
})
