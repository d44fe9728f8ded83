import { existsSync, rmdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { withLock } from '../host/lock.ts'
import { isAlive, processesWith, signal } from '../host/processes.ts'
import { until } from '../host/until.ts'
import { addressPlan } from './address-plan.ts'
import { cgroupMembers, cgroupTrees, removeCgroup, setFrozen } from './cgroup.ts'
import { rigMark } from './daemon.ts'
import { removeNetwork } from './network.ts'
import { rigLock } from './rig-name.ts'
import { restoreSettings } from './settings.ts'
import { readState, rigFolder } from './state.ts'

/**
 * Ends a rig and everything that belongs to it, also after a crash half way through `up` or `down`: what was written down,
 * what carries the rig's mark, and what bears its name. A rig that is not there is no error.
 */
export async function down(name: string): Promise<void> {
  await withLock(rigLock(name), () => takeDown(name))
}

/** The same for a caller that holds the rig's lock. */
export async function takeDown(name: string): Promise<void> {
  const state = readState(name)
  const plan = addressPlan(name, Math.max(0, state?.index ?? 0))
  const trees = cgroupTrees()
  // A frozen process does not even take SIGKILL (cgroup version 1).
  for (const node of plan.nodes) setFrozen(node.cgroup, false, trees)
  const remaining = (): number[] => {
    const written = state?.processes.filter(isAlive).map(({ pid }) => pid) ?? []
    const grouped = plan.nodes.flatMap((node) => cgroupMembers(node.cgroup, trees))
    return [...new Set([...written, ...processesWith(rigMark, name), ...grouped])]
  }
  // No order and no grace: nothing here is worth saving. A node's first process takes all of its pods with it.
  await until(
    'the processes of the cluster to end',
    async () => {
      const pids = remaining()
      for (const pid of pids) signal(pid, 'SIGKILL')
      return pids.length === 0
    },
    { everyMs: 50, timeoutMs: 30_000, explain: () => `Still there: ${remaining().join(', ')}` },
  )
  await removeNetwork(plan)
  await until('the cgroups of the cluster to empty', async () =>
    plan.nodes.every((node) => removeCgroup(node.cgroup, trees)),
  )
  if (state) restoreSettings(state.settings)
  const folder = rigFolder(name)
  // A node's mounts vanish with its namespace, a moment after its last process.
  await until('the folder of the cluster to be free', async () => {
    rmSync(folder, { recursive: true, force: true })
    return !existsSync(folder)
  })
  removeEmptyParent(folder)
}

function removeEmptyParent(folder: string): void {
  try {
    rmdirSync(dirname(folder))
  } catch {
    // Another rig is there.
  }
}
