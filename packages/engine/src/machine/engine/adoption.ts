import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GatewaySnapshot } from '@seaworthy/gateway'
import { beginHealth } from '../../supervisor/health.ts'
import type { JobProgress } from '../../supervisor/job-state.ts'
import type { Replica } from '../../supervisor/replica-state.ts'
import { adoptJob, adoptReplica, type Found, type JobRow, type ReplicaRow } from '../../supervisor/row.ts'
import type { Unit } from '../../supervisor/unit.ts'
import { isAlive, membersOf } from '../process/process-group.ts'
import type { ProcessEntry, ProcessTable } from '../process/process-table.ts'
import { markName } from '../runtime/handle.ts'

/** What an earlier controller left: what goes on, and processes that nothing on disk accounts for. */
export interface Legacy {
  readonly replicas: readonly Replica[]
  readonly jobs: readonly JobProgress[]
  /** Replicas that the gateway was last told to send requests to. */
  readonly inRotation: ReadonlySet<string>
  /** Pids that carry the mark of this state directory and belong to nothing known. */
  readonly strays: readonly number[]
}

/** Matches what is on disk with what runs. */
export function findLegacy(around: {
  readonly stateDir: string
  readonly scope: string
  readonly table: ProcessTable
  readonly units: readonly Unit[]
  readonly replicas: readonly ReplicaRow[]
  readonly jobs: readonly JobRow[]
  readonly exitLeft: (key: string, attempt: number) => { readonly code?: number } | undefined
  readonly now: number
}): Legacy {
  const { table, scope, now } = around
  const marked = markedProcesses(table, scope)
  const policies = new Map(around.units.map((unit) => [unit.id, unit.policy]))
  const rotation = endpointsInRotation(around.stateDir)
  const replicas = around.replicas.flatMap((row) => {
    const found = lookFor(table, row.process, marked.get(row.id))
    const replica = adoptReplica(row, found, {
      policy: policies.get(row.unit),
      inRotation: rotation.has(row.id),
      now,
      health: (policy, at, ready) => beginHealth(policy.health, at, ready),
    })
    return replica ? [replica] : []
  })
  const jobs = around.jobs.map((row) =>
    adoptJob(row, lookFor(table, row.process, marked.get(row.run.key)), around.exitLeft(row.run.key, row.attempt), now),
  )
  const known = new Set([...around.replicas.map((row) => row.id), ...around.jobs.map((row) => row.run.key)])
  const strays = [...marked].filter(([id]) => !known.has(id)).flatMap(([, entries]) => entries.map(({ pid }) => pid))
  return { replicas, jobs, inRotation: rotation, strays }
}

function lookFor(
  table: ProcessTable,
  process: ReplicaRow['process'],
  marked: readonly ProcessEntry[] | undefined,
): Found {
  if (process && isAlive(table, process)) return { kind: 'alive', process }
  // The intent was written, its outcome was not: the mark tells.
  const leader = marked?.find((entry) => entry.pid === entry.group)
  if (leader) return { kind: 'alive', process: { pid: leader.pid, startTime: leader.startTime } }
  const rest = process && membersOf(table, process.pid).some((entry) => marked?.some(({ pid }) => pid === entry.pid))
  if (process && rest) return { kind: 'leaderless', process }
  const first = marked?.[0]
  return first ? { kind: 'leaderless', process: { pid: first.group, startTime: 'left' } } : { kind: 'nothing' }
}

function markedProcesses(table: ProcessTable, scope: string): ReadonlyMap<string, readonly ProcessEntry[]> {
  const found = new Map<string, ProcessEntry[]>()
  for (const entry of table.all()) {
    if (entry.zombie) continue
    const mark = table.environment(entry.pid, markName)
    if (!mark?.startsWith(`${scope}/`)) continue
    const id = mark.slice(scope.length + 1)
    found.set(id, [...(found.get(id) ?? []), entry])
  }
  return found
}

/** The replicas that the gateway was last told to send requests to. */
function endpointsInRotation(stateDir: string): ReadonlySet<string> {
  try {
    const snapshot = JSON.parse(readFileSync(join(stateDir, 'gateway.snapshot.json'), 'utf8')) as GatewaySnapshot
    return new Set(
      snapshot.services.flatMap((service) =>
        service.versions.flatMap(({ endpoints }) =>
          endpoints.filter(({ state }) => state === 'ready').map(({ id }) => id),
        ),
      ),
    )
  } catch {
    return new Set()
  }
}
