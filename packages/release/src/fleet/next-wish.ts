import { isOver, previousIsThere, type ReleaseState } from '../machine/release-state.ts'
import type { ReleaseEvent } from '../machine/transitions.ts'
import type { FleetReleaseState } from './fleet-state.ts'
import type { FleetEvent } from './fleet-transitions.ts'

/** The next thing that a fleet release wants done. */
export type Wish =
  | { readonly kind: 'begin'; readonly service: string }
  | { readonly kind: 'tell'; readonly release: string; readonly event: ReleaseEvent }
  | { readonly kind: 'happen'; readonly event: FleetEvent }

/** Why a member is held, so that those that a person held stay held when the group goes on. */
export const heldWithGroup = 'held with its group'

/**
 * What comes next, from where the group and its members stand and from nothing else: whoever reads both journals after a
 * kill goes on the same way. Undefined when there is nothing to do until a member moves or a person speaks. Pure.
 */
export function nextWish(state: FleetReleaseState, members: ReadonlyMap<string, ReleaseState>): Wish | undefined {
  switch (state.phase.kind) {
    case 'running':
      return failure(state, members) ?? resumption(members) ?? onward(state, members)
    case 'holding':
      return failure(state, members) ?? restraint(members)
    case 'rolling-back':
      return undoing(state, members)
    case 'stuck':
    case 'completed':
    case 'rolled-back':
      return undefined
    default:
      return state.phase satisfies never
  }
}

function failure(state: FleetReleaseState, members: ReadonlyMap<string, ReleaseState>): Wish | undefined {
  for (const [service, { phase }] of members) {
    if (state.without.includes(service)) continue
    if (
      phase.kind === 'rolling-back' ||
      phase.kind === 'rolled-back' ||
      phase.kind === 'frozen' ||
      phase.kind === 'stuck'
    )
      return { kind: 'happen', event: { kind: 'member-failed', service, reason: phase.reason } }
  }
  return undefined
}

function resumption(members: ReadonlyMap<string, ReleaseState>): Wish | undefined {
  const held = [...members.values()].find(({ phase }) => phase.kind === 'holding' && phase.reason === heldWithGroup)
  return held && { kind: 'tell', release: held.id, event: { kind: 'resume' } }
}

function restraint(members: ReadonlyMap<string, ReleaseState>): Wish | undefined {
  const free = [...members.values()].find(({ phase }) => phase.kind === 'running')
  return free && { kind: 'tell', release: free.id, event: { kind: 'hold', reason: heldWithGroup } }
}

function waits(member: ReleaseState | undefined): boolean {
  return member?.phase.kind === 'running' && member.program[member.at]?.kind === 'together'
}

function onward(state: FleetReleaseState, members: ReadonlyMap<string, ReleaseState>): Wish | undefined {
  const present = (state.waves[state.at] ?? []).filter((service) => !state.without.includes(service))
  if (state.at < state.waves.length) {
    const fresh = present.find((service) => !members.has(service))
    if (fresh !== undefined) return { kind: 'begin', service: fresh }
    const through = present.every((service) => {
      const member = members.get(service)
      return waits(member) || member?.phase.kind === 'completed'
    })
    return through ? { kind: 'happen', event: { kind: 'wave-through' } } : undefined
  }
  const waiting = [...members.values()].find(waits)
  if (waiting) return { kind: 'tell', release: waiting.id, event: { kind: 'group-through' } }
  const all = [...members].filter(([service]) => !state.without.includes(service))
  return all.every(([, { phase }]) => phase.kind === 'completed')
    ? { kind: 'happen', event: { kind: 'all-over' } }
    : undefined
}

/** The last wave first, so that no member calls another that is older than it expects. */
function undoing(state: FleetReleaseState, members: ReadonlyMap<string, ReleaseState>): Wish | undefined {
  for (const wave of state.waves.toReversed()) {
    const here = wave.flatMap((service) => members.get(service) ?? [])
    const next = here.find(
      (member) => (member.phase.kind === 'running' || member.phase.kind === 'holding') && previousIsThere(member),
    )
    if (next) return { kind: 'tell', release: next.id, event: { kind: 'abort', reason: 'taken back with its group' } }
    if (here.some(({ phase }) => phase.kind === 'rolling-back' || phase.kind === 'running' || phase.kind === 'holding'))
      return undefined
  }
  const stuck = [...members.values()].filter(({ phase }) => phase.kind === 'stuck')
  if (stuck.length > 0)
    return {
      kind: 'happen',
      event: {
        kind: 'undo-failed',
        reason: `${stuck.map(({ service }) => service).join(', ')} could not be taken back`,
      },
    }
  const kept = [...members.values()].filter((member) => !isOver(member.phase) || member.phase.kind === 'completed')
  return { kind: 'happen', event: { kind: 'undone', kept: kept.map(({ service }) => service) } }
}
