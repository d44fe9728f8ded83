import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryCommand } from '../host/command.ts'
import { allProcesses, processesWith } from '../host/processes.ts'
import { addressPlan } from './address-plan.ts'
import { cgroupMembers, cgroupTrees } from './cgroup.ts'
import { rigMark } from './daemon.ts'
import { rigFolder } from './state.ts'

/** Everything on this machine that belongs to a rig. */
export interface Traces {
  /** Process numbers: those that carry its mark, are in its groups, or see one of its folders mounted. */
  readonly processes: readonly number[]
  readonly links: readonly string[]
  readonly rules: readonly string[]
  readonly cgroups: readonly string[]
  readonly folders: readonly string[]
}

/** Looks for whatever a rig may have left, in the kernel's own tables. */
export async function traces(name: string): Promise<Traces> {
  const plan = addressPlan(name, 0)
  const folder = rigFolder(name)
  const marked = processesWith(rigMark, name)
  const grouped = plan.nodes.flatMap((node) => cgroupMembers(node.cgroup))
  const mounting = allProcesses().filter((pid) => mountsOf(pid).includes(`${folder}/`))
  const links = (await tryCommand('ip', ['-o', 'link', 'show'])).stdout
  const rules = (await tryCommand('iptables', ['-w', '-S'])).stdout
  return {
    processes: [...new Set([...marked, ...grouped, ...mounting])],
    links: links.split('\n').filter((line) => line.includes(plan.bridge)),
    rules: rules.split('\n').filter((line) => line.includes(plan.bridge)),
    cgroups: cgroupTrees().flatMap((tree) =>
      plan.nodes.map((node) => join(tree.path, node.cgroup)).filter((path) => existsSync(path)),
    ),
    folders: [folder].filter((path) => existsSync(path)),
  }
}

/** Whether nothing was found. */
export function isClean(found: Traces): boolean {
  return Object.values(found).every((list: readonly unknown[]) => list.length === 0)
}

function mountsOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/mountinfo`, 'utf8')
  } catch {
    return ''
  }
}
