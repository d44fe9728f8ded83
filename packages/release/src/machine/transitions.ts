import { type Phase, previousIsThere, type ReleaseState } from './release-state.ts'

/** Something that happens to a release. */
export type ReleaseEvent =
  /** The present instruction is done. */
  | { readonly kind: 'done' }
  /** It can't be done. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** The verdict found harm. */
  | { readonly kind: 'harm'; readonly reason: string; readonly policy: 'rollback' | 'hold' }
  /** The verdict can't go on by itself (`recovers`: it may, when the reason passes). */
  | { readonly kind: 'verdict-hold'; readonly reason: string; readonly recovers: boolean }
  /** The reason of a verdict's hold has passed. */
  | { readonly kind: 'verdict-clear' }
  /** Every member of its fleet release has all its traffic. */
  | { readonly kind: 'group-through' }
  /** An irreversible migration is about to begin. */
  | { readonly kind: 'past-return' }
  /** The verbs of people. */
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'resume' }
  | { readonly kind: 'promote'; readonly reason: string }
  | { readonly kind: 'approve'; readonly by: string }
  | { readonly kind: 'abort'; readonly reason: string }
  | { readonly kind: 'retry' }
  /** Everything was taken back, or could not be. */
  | { readonly kind: 'undone' }
  | { readonly kind: 'undo-failed'; readonly reason: string }

/** What changes in a release; `undefined` means that the event means nothing in this phase. */
type Change = Partial<Pick<ReleaseState, 'phase' | 'at' | 'irreversible' | 'skipped'>> | undefined

const running: Phase = { kind: 'running' }

function back(state: ReleaseState, reason: string): Change {
  if (state.irreversible)
    return { phase: { kind: 'frozen', reason: `${reason}; the release is past an irreversible migration` } }
  if (!previousIsThere(state)) return { phase: { kind: 'frozen', reason: `${reason}; the previous version is gone` } }
  return { phase: { kind: 'rolling-back', reason } }
}

function onward(state: ReleaseState): Change {
  const next = state.at + 1
  return next >= state.program.length ? { at: next, phase: { kind: 'completed' } } : { at: next, phase: running }
}

type Row = {
  readonly [K in ReleaseEvent['kind']]?: (state: ReleaseState, event: Extract<ReleaseEvent, { kind: K }>) => Change
}

const verbs: Row = {
  abort: (state, { reason }) => back(state, reason),
  promote: (_, { reason }) => ({ phase: running, skipped: { reason } }),
  'past-return': () => ({ irreversible: true }),
}

/**
 * The transition table of every strategy: what a release becomes, by phase and event. What is not in the table means
 * nothing in that phase and is refused to whoever said it.
 *
 * | phase | done | failed | harm | verdict-hold | verdict-clear | group-through | past-return | hold | resume | promote | abort | retry | undone | undo-failed |
 * |---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
 * | running | next, or completed | back | back, or holding | holding (verdict or person) | | next, if it waits for its group | no way back from here | holding | | skip the verdict | back | | | |
 * | holding | | back | back, or holding | | running, if the verdict held | | no way back from here | by person | running | running, skip the verdict | back | | | |
 * | rolling-back | | | | | | | | | | | | | rolled-back | stuck |
 * | stuck | | | | | | | | | | | | rolling-back | | |
 * | frozen | | | | | | | | | running | running, skip the verdict | | running | | |
 *
 * *back* is rolling-back, or frozen once an irreversible migration has begun or the previous version has left.
 */
export const table: { readonly [P in Phase['kind']]: Row } = {
  running: {
    ...verbs,
    done: onward,
    'group-through': (state) => (state.program[state.at]?.kind === 'together' ? onward(state) : undefined),
    failed: (state, { reason }) => back(state, reason),
    harm: (state, { reason, policy }) =>
      policy === 'hold' ? { phase: { kind: 'holding', by: 'person', reason } } : back(state, reason),
    'verdict-hold': (_, { reason, recovers }) => ({
      phase: { kind: 'holding', by: recovers ? 'verdict' : 'person', reason },
    }),
    hold: (_, { reason }) => ({ phase: { kind: 'holding', by: 'person', reason } }),
  },
  holding: {
    ...verbs,
    failed: (state, { reason }) => back(state, reason),
    harm: (state, { reason, policy }) =>
      policy === 'hold' ? { phase: { kind: 'holding', by: 'person', reason } } : back(state, reason),
    'verdict-clear': (state) =>
      state.phase.kind === 'holding' && state.phase.by === 'verdict' ? { phase: running } : undefined,
    hold: (_, { reason }) => ({ phase: { kind: 'holding', by: 'person', reason } }),
    resume: () => ({ phase: running }),
  },
  'rolling-back': {
    undone: (state) => ({
      phase: { kind: 'rolled-back', reason: state.phase.kind === 'rolling-back' ? state.phase.reason : '' },
    }),
    'undo-failed': (_, { reason }) => ({ phase: { kind: 'stuck', reason } }),
  },
  stuck: {
    retry: (state) => ({
      phase: { kind: 'rolling-back', reason: state.phase.kind === 'stuck' ? state.phase.reason : '' },
    }),
  },
  frozen: {
    resume: () => ({ phase: running }),
    retry: () => ({ phase: running }),
    promote: (_, { reason }) => ({ phase: running, skipped: { reason } }),
  },
  completed: {},
  'rolled-back': {},
}

/** The release after an event, or undefined where the event means nothing in its phase. */
export function transition(state: ReleaseState, event: ReleaseEvent, at: number): ReleaseState | undefined {
  const present = state.program[state.at]
  if (event.kind === 'approve') {
    if (present?.kind !== 'approval' || state.phase.kind === 'rolling-back') return undefined
    return {
      ...state,
      approvals: [...state.approvals, { by: event.by, at, instruction: state.at }],
      history: [...state.history, { at, text: `approved by ${event.by}` }],
    }
  }
  const rule = table[state.phase.kind][event.kind] as ((state: ReleaseState, event: ReleaseEvent) => Change) | undefined
  const change = rule?.(state, event)
  if (!change) return undefined
  const moved = change.at !== undefined && change.at !== state.at
  return {
    ...state,
    ...change,
    since: moved ? at : state.since,
    history: [...state.history, ...note(change, event, at)],
  }
}

function note(change: NonNullable<Change>, event: ReleaseEvent, at: number): ReleaseState['history'] {
  const { phase } = change
  const reason = phase && 'reason' in phase ? `: ${phase.reason}` : 'reason' in event ? `: ${event.reason}` : ''
  if ((event.kind === 'done' || event.kind === 'group-through') && phase?.kind !== 'completed') return []
  return [{ at, text: `${phase?.kind ?? event.kind}${event.kind === 'promote' ? ' (verdict skipped)' : ''}${reason}` }]
}
