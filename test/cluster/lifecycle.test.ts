import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isAlive, signal } from './host/processes.ts'
import { whyNot } from './host/requirements.ts'
import { until } from './host/until.ts'
import { connectRig } from './rig/cluster.ts'
import { down } from './rig/down.ts'
import { readSettings } from './rig/settings.ts'
import { readState } from './rig/state.ts'
import { isClean, traces } from './rig/traces.ts'
import { up } from './rig/up.ts'
import { areBuilt } from './use-cluster.ts'

const needed =
  (await whyNot('cluster')) ?? ((await areBuilt('cluster')) ? undefined : 'the cluster tools are not built')
const names = ['one', 'two'].map((word) => `lifecycle-${process.pid}-${word}`)
const [one = '', two = ''] = names

/** Runs `npm run cluster -- up` as a process of its own, as a person would. */
function upInProcess(name: string): ReturnType<typeof spawn> {
  const main = join(import.meta.dirname, 'main.ts')
  return spawn(process.execPath, [main, 'up'], {
    env: { ...process.env, SEAWORTHY_CLUSTER_NAME: name },
    stdio: 'ignore',
  })
}

async function expectClean(name: string): Promise<void> {
  // The kernel takes a moment to drop the mounts of a namespace whose last process is gone.
  await until(`no trace of ${name}`, async () => isClean(await traces(name)), { timeoutMs: 20_000 }).catch(
    () => undefined,
  )
  expect(await traces(name)).toEqual({ processes: [], links: [], rules: [], cgroups: [], folders: [] })
}

describe.skipIf(needed)(`the life of a cluster${needed ? ` (skipped: ${needed})` : ''}`, () => {
  afterAll(async () => {
    for (const name of names) await down(name)
  })

  it('is started once by two that ask at once, stands beside another one, and leaves nothing', async () => {
    const settings = readSettings()
    const results = await Promise.all([one, one, two].map((name) => up({ name, shape: 'cluster' })))
    expect(results.slice(0, 2).filter(({ started }) => started)).toHaveLength(1)
    const before = readState(one)?.processes
    expect(await up({ name: one, shape: 'cluster' })).toEqual({ started: false, readyMs: 0 })
    expect(readState(one)?.processes).toEqual(before)

    for (const name of names) {
      const { kubectl, nodes } = await connectRig(name)
      expect((await kubectl(['get', 'nodes', '-o', 'name'])).trim().split('\n')).toHaveLength(nodes.length)
    }
    const used = names.map((name) => readState(name)?.index)
    expect(used[0]).not.toBe(used[1])

    // The search must find what is there, or its silence afterwards would mean nothing.
    const alive = await traces(one)
    expect(alive.processes.length).toBeGreaterThan(14)
    for (const kind of [alive.links, alive.rules, alive.cgroups, alive.folders]) expect(kind).not.toEqual([])

    await down(one)
    await expectClean(one)
    const { kubectl } = await connectRig(two)
    expect(await kubectl(['get', '--raw=/readyz'])).toBe('ok')
    await down(two)
    await expectClean(two)
    expect(readSettings()).toEqual(settings)
  })

  it.each([1, 4, 7, 11])('leaves nothing when `up` was killed after it had started %i processes', async (count) => {
    const child = upInProcess(one)
    await until('the processes', async () => (readState(one)?.processes.length ?? 0) >= count, { everyMs: 2 })
    child.kill('SIGKILL')
    await down(one)
    await expectClean(one)
  })

  it('starts afresh when something of it has died', async () => {
    await up({ name: one, shape: 'api' })
    const first = readState(one)
    const etcd = first?.processes.find(({ name }) => name === 'etcd')
    if (!etcd) throw new Error('no etcd')
    signal(etcd.pid, 'SIGKILL')
    await until('etcd to end', async () => !isAlive(etcd))
    expect((await up({ name: one, shape: 'api' })).started).toBe(true)
    const { kubectl } = await connectRig(one)
    expect(await kubectl(['get', '--raw=/readyz'])).toBe('ok')
    await down(one)
    await expectClean(one)
  })
})
