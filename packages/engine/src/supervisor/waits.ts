import { describeReplica } from './describe.ts'
import type { JobProgress } from './job-state.ts'
import type { Replica } from './replica-state.ts'
import type { Target, Unit, UnitNeed } from './unit.ts'

/** What is known of a target that no replica stands for: an external, a volume. */
export interface Outside {
  readonly ready: boolean
  readonly why?: string
}

/** Enough of the supervisor to say what is ready and why something is not. */
export interface Surroundings {
  readonly units: ReadonlyMap<string, Unit>
  readonly replicas: ReadonlyMap<string, Replica>
  readonly jobs: ReadonlyMap<string, JobProgress>
  readonly outside: ReadonlyMap<Target, Outside>
}

/** Whether a target is there. A service is when any of its replicas is ready; a job when its newest run has succeeded. */
export function isReady(target: Target, around: Surroundings): boolean {
  const outside = around.outside.get(target)
  if (outside) return outside.ready
  if (target.startsWith('job:')) return newestRun(target, around)?.state.phase === 'succeeded'
  for (const replica of around.replicas.values()) {
    if (replica.state.phase === 'ready' && around.units.get(replica.unit)?.target === target) return true
  }
  return false
}

/** The needs that keep a unit or a job from starting. */
export function missing(needs: readonly UnitNeed[], around: Surroundings): readonly UnitNeed[] {
  return needs.filter((need) => !need.optional && !isReady(need.target, around))
}

/** `waits for db: crash-looping, 5 restarts, last exit 1: disk full`; each name without its kind. */
export function explainWait(needs: readonly UnitNeed[], around: Surroundings): string | undefined {
  const open = missing(needs, around)
  if (open.length === 0) return undefined
  return open.map((need) => `waits for ${nameOf(need.target)}${because(need.target, around)}`).join('; ')
}

function because(target: Target, around: Surroundings): string {
  const outside = around.outside.get(target)
  if (outside) return outside.why ? `: ${outside.why}` : ''
  if (target.startsWith('job:')) {
    const run = newestRun(target, around)
    if (!run) return ': it has not run'
    if ('why' in run.state) return `: ${run.state.phase}, ${run.state.why}`
    if (run.state.phase === 'waiting') return nested(run.run.needs, around)
    return `: ${run.state.phase}`
  }
  const replicas = [...around.replicas.values()].filter((replica) => around.units.get(replica.unit)?.target === target)
  const worst = replicas.toSorted((a, b) => b.failures - a.failures)[0]
  if (!worst) return around.units.values().some((unit) => unit.target === target) ? ': no replica is wanted' : ''
  if (worst.state.phase === 'waiting') return nested(around.units.get(worst.unit)?.needs ?? [], around)
  const why = describeReplica(worst)
  if (worst.state.phase === 'crash-looping') return why ? `: ${why}` : ''
  return `: ${worst.state.phase}${why ? `, ${why}` : ''}`
}

/** What is waited for waits itself: name what that one waits for. Cycles are refused when the catalog is read. */
function nested(needs: readonly UnitNeed[], around: Surroundings): string {
  const why = explainWait(needs, around)
  return why ? `, which ${why}` : ': about to start'
}

function newestRun(target: Target, around: Surroundings): JobProgress | undefined {
  const name = nameOf(target)
  let newest: JobProgress | undefined
  for (const job of around.jobs.values()) if (job.run.job === name) newest = job
  return newest
}

/** `api` of `service:api`. */
export function nameOf(target: Target): string {
  return target.slice(target.indexOf(':') + 1)
}
