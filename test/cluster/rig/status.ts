import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { tryCommand } from '../host/command.ts'
import { childrenOf, isAlive } from '../host/processes.ts'
import { addressPlan } from './address-plan.ts'
import { cgroupMembers } from './cgroup.ts'
import { readState, rigFolder } from './state.ts'

/** What runs of a rig, as a table for people. */
export async function status(name: string): Promise<string> {
  const state = readState(name)
  if (!state) return `cluster ${name}: not running`
  const plan = addressPlan(name, state.index)
  const rows = state.processes.map((running) => {
    const alive = isAlive(running)
    const pids = [running.pid, ...childrenOf(running.pid)]
    const memory = alive ? pids.reduce((sum, pid) => sum + residentMiB(pid), 0) : 0
    return [running.name, alive ? String(running.pid) : 'dead', alive ? `${memory.toFixed(0)} MiB` : '']
  })
  const known = new Set(state.processes.flatMap(({ pid }) => [pid, ...childrenOf(pid)]))
  for (const node of plan.nodes) {
    const pods = cgroupMembers(node.cgroup).filter((pid) => !known.has(pid))
    const memory = pods.reduce((sum, pid) => sum + residentMiB(pid), 0)
    rows.push([`${node.name} pods and shims`, `${pods.length} processes`, `${memory.toFixed(0)} MiB`])
  }
  const total = rows.reduce((sum, [, , memory = '']) => sum + (Number.parseFloat(memory) || 0), 0)
  const kubeconfig = join(rigFolder(name), 'credentials', 'admin.kubeconfig')
  const nodes = await tryCommand(kubectlOf(name), [`--kubeconfig=${kubeconfig}`, 'get', 'nodes', '-o', 'wide'])
  return [
    `cluster ${name}: ${state.ready ? 'ready' : 'not ready'}, API server https://${plan.host}:6443`,
    `KUBECONFIG=${kubeconfig}`,
    '',
    align([...rows, ['total', '', `${total.toFixed(0)} MiB`]]),
    '',
    (nodes.stdout || nodes.stderr).trimEnd(),
  ].join('\n')
}

function kubectlOf(name: string): string {
  return JSON.parse(readFileSync(join(rigFolder(name), 'tools.json'), 'utf8')).kubectl
}

/** Proportional set size, so that shared pages count once; MiB. */
function residentMiB(pid: number): number {
  try {
    const found = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))
    return Number(found?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

function align(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
