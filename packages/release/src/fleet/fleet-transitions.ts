import type { FleetPhase, FleetReleaseState } from './fleet-state.ts'

/** Something that happens to a fleet release. */
export type FleetEvent =
  /** Every member of the present wave has all its traffic. */
  | { readonly kind: 'wave-through' }
  /** Every member is completed. */
  | { readonly kind: 'all-over' }
  /** A member was harmful or failed, and goes back or can't. */
  | { readonly kind: 'member-failed'; readonly service: string; readonly reason: string }
  /** A member can't begin now. */
  | { readonly kind: 'member-refused'; readonly service: string; readonly reason: string }
  /** Whatever could be taken back was. */
  | { readonly kind: 'undone'; readonly kept: readonly string[] }
  | { readonly kind: 'undo-failed'; readonly reason: string }
  /** The verbs of people. */
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'abort'; readonly reason: string }
  | { readonly kind: 'retry' }

type Change = Partial<Pick<FleetReleaseState, 'phase' | 'at' | 'without'>> | undefined

type Row = {
  readonly [K in FleetEvent['kind']]?: (state: FleetReleaseState, event: Extract<FleetEvent, { kind: K }>) => Change
}

const back = (reason: string): Change => ({ phase: { kind: 'rolling-back', reason } })

const failed: Row['member-failed'] = (state, { service, reason }) =>
  state.onHarm === 'abort'
    ? back(`${service}: ${reason}`)
    : { phase: { kind: 'holding', reason: `${service}: ${reason}` }, without: [...state.without, service] }

/**
 * The transition table of a fleet release; what is not in it means nothing in that phase.
 *
 * | phase | wave-through | all-over | member-failed | member-refused | undone | undo-failed | hold | resume | abort | retry |
 * |---|---|---|---|---|---|---|---|---|---|---|
 * | running | next wave | completed | rolling-back, or holding | holding | | | holding | | rolling-back | |
 * | holding | | | rolling-back, or holding | | | | holding | running | rolling-back | |
 * | rolling-back | | | | | rolled-back | stuck | | | | |
 * | stuck | | | | | | | | | | rolling-back |
 */
export const fleetTable: { readonly [P in FleetPhase['kind']]: Row } = {
  running: {
    'wave-through': (state) => ({ at: state.at + 1 }),
    'all-over': () => ({ phase: { kind: 'completed' } }),
    'member-failed': failed,
    'member-refused': (_, { service, reason }) => ({ phase: { kind: 'holding', reason: `${service}: ${reason}` } }),
    hold: (_, { reason }) => ({ phase: { kind: 'holding', reason } }),
    abort: (_, { reason }) => back(reason),
  },
  holding: {
    'member-failed': failed,
    hold: (_, { reason }) => ({ phase: { kind: 'holding', reason } }),
    resume: () => ({ phase: { kind: 'running' } }),
    abort: (_, { reason }) => back(reason),
  },
  'rolling-back': {
    undone: ({ phase }, { kept }) => ({
      phase: { kind: 'rolled-back', reason: phase.kind === 'rolling-back' ? phase.reason : '', kept },
    }),
    'undo-failed': (_, { reason }) => ({ phase: { kind: 'stuck', reason } }),
  },
  stuck: { retry: ({ phase }) => back(phase.kind === 'stuck' ? phase.reason : '') },
  completed: {},
  'rolled-back': {},
}

/** The fleet release after an event at a time (ms since the Unix epoch), or undefined where the event means nothing in its phase. */
export function fleetTransition(
  state: FleetReleaseState,
  event: FleetEvent,
  at: number,
): FleetReleaseState | undefined {
  const rule = fleetTable[state.phase.kind][event.kind] as
    | ((state: FleetReleaseState, event: FleetEvent) => Change)
    | undefined
  const change = rule?.(state, event)
  if (!change) return undefined
  return { ...state, ...change, history: [...state.history, { at, text: noteOf(change) }] }
}

function noteOf({ phase, at }: NonNullable<Change>): string {
  if (!phase) return `wave ${at} is through`
  const kept = phase.kind === 'rolled-back' && phase.kept.length > 0 ? `; stays new: ${phase.kept.join(', ')}` : ''
  return `${phase.kind}${'reason' in phase ? `: ${phase.reason}` : ''}${kept}`
}
