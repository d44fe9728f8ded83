import { describeReplica } from '../../supervisor/describe.ts'
import type { Unit } from '../../supervisor/unit.ts'
import { explainWait } from '../../supervisor/waits.ts'
import { applyKey } from '../desired/plan-fleet.ts'
import type { EngineParts } from './engine-parts.ts'
import { troubleText } from './state-view.ts'

/** How far the fleet is from what is wanted. */
export type Settlement =
  | { readonly kind: 'settled' }
  | { readonly kind: 'under-way' }
  | { readonly kind: 'stuck'; readonly reasons: readonly string[] }

const hopelessPhases: ReadonlySet<string> = new Set(['failed', 'crash-looping'])

/** Whether a resource is needed by nobody but those who can do without it. */
function isDispensable(unit: Unit, units: Iterable<Unit>): boolean {
  if (unit.target.startsWith('service:')) return false
  const needs = [...units].flatMap((other) => other.needs.filter(({ target }) => target === unit.target))
  return needs.length > 0 && needs.every(({ optional }) => optional)
}

/** ms after which a replica that is not ready yet, without a startup budget of its own, counts as stuck. */
const patience = 60_000

/**
 * Whether everything is as wanted, on its way there, or waits for a person: then each reason says who waits for what
 * and why. `rotation` is the newest that the gateway follows.
 */
export function settlement(
  parts: Pick<EngineParts, 'driver' | 'desired' | 'clock' | 'publisher'>,
  rotation: number,
): Settlement {
  const { supervisor } = parts.driver
  const desired = parts.desired.current
  const reasons: string[] = []
  let open = 0
  for (const replica of supervisor.replicas.values()) {
    const { state } = replica
    const unit = supervisor.units.get(replica.unit)
    if (unit && hopelessPhases.has(state.phase) && isDispensable(unit, supervisor.units.values())) continue
    if (state.phase === 'ready' && unit && replica.slot < unit.replicas) continue
    const why = state.phase === 'waiting' && unit ? explainWait(unit.needs, supervisor) : describeReplica(replica)
    const slow =
      state.phase === 'starting' && !unit?.policy.health.startup && parts.clock.now() - state.since > patience
    if (state.phase === 'failed' || state.phase === 'crash-looping' || slow)
      reasons.push(`${replica.id}: ${why ?? state.phase}`)
    else if (state.phase === 'waiting') reasons.push(`${replica.id} ${why ?? 'is about to start'}`)
    if (state.phase !== 'failed' && state.phase !== 'crash-looping' && state.phase !== 'waiting' && !slow) open += 1
  }
  for (const { run, state } of supervisor.jobs.values()) {
    if (state.phase === 'failed' && desired && run.key === applyKey(run.job, desired.generation))
      reasons.push(`job ${run.job} failed: ${state.why}`)
    if (state.phase === 'unknown') reasons.push(`job ${run.job}: it cannot be known how it ended`)
    if (state.phase === 'waiting')
      reasons.push(`job ${run.job} ${explainWait(run.needs, supervisor) ?? 'is about to start'}`)
    if (['launching', 'running', 'killing', 'backoff'].includes(state.phase)) open += 1
  }
  if (open > 0) return { kind: 'under-way' }
  if (reasons.length > 0) {
    // Whoever waits for a check that is still to come, such as an external's, is not stuck yet.
    const hopeless = [...supervisor.replicas.values()].some(({ state }) => hopelessPhases.has(state.phase))
    const failed = [...supervisor.jobs.values()].some(
      ({ state }) => state.phase === 'failed' || state.phase === 'unknown',
    )
    const closed = [...supervisor.outside.values()].some(({ ready }) => !ready)
    return hopeless || failed || closed ? { kind: 'stuck', reasons } : { kind: 'under-way' }
  }
  const replacing = Object.values(desired?.services ?? {}).some((service) => service.replacing !== undefined)
  if (replacing || rotation < supervisor.rotation) {
    const { trouble } = parts.publisher
    if (trouble !== undefined && !replacing) return { kind: 'stuck', reasons: [`gateway: ${troubleText(trouble)}`] }
    return { kind: 'under-way' }
  }
  return { kind: 'settled' }
}
