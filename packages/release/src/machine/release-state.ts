import type { VersionOverrides } from '@seaworthy/engine'
import type { Service } from '@seaworthy/model'
import type { Rule } from '../verdict/index.ts'
import type { Instruction } from './instruction.ts'

/** Where a release stands. */
export type Phase =
  /** Does its instructions one after the other. */
  | { readonly kind: 'running' }
  /** Stays at its instruction; traffic as it is. `by` says who may end it: the verdict by itself, or only a person. */
  | { readonly kind: 'holding'; readonly by: 'verdict' | 'person'; readonly reason: string }
  /** Takes everything back. */
  | { readonly kind: 'rolling-back'; readonly reason: string }
  /** Cannot go back past an irreversible migration: waits for a person to go forward. */
  | { readonly kind: 'frozen'; readonly reason: string }
  /** Could not be taken back; the attempt is repeated on `retry`. */
  | { readonly kind: 'stuck'; readonly reason: string }
  | { readonly kind: 'completed' }
  | { readonly kind: 'rolled-back'; readonly reason: string }

/** Something that a person said to a release, kept for ever. */
export interface Approvement {
  readonly by: string
  readonly at: number
  readonly instruction: number
}

/** One line of a release's history. */
export interface HistoryEntry {
  /** ms since the Unix epoch. */
  readonly at: number
  readonly text: string
}

/** A release as the journal holds it: plain data, all that is needed to go on after a kill. */
export interface ReleaseState {
  readonly kind: 'release'
  readonly id: string
  readonly service: string
  /** The fleet release that it is a member of. */
  readonly group?: string
  readonly strategy: Service['rollout']['strategy']
  /** Versions: from which, to which. */
  readonly from: string
  readonly to: string
  /** What the new version is started from. */
  readonly overrides: VersionOverrides
  /** The catalog's service that is released; a rollback and a restart of the controller need no catalog. */
  readonly spec: Service
  /** Replicas of the previous version when the release began: what a rollback returns to. */
  readonly replicas: number
  readonly program: readonly Instruction[]
  /** The decision rule, fixed before the first request; absent where nothing is compared. */
  readonly rule?: Rule
  /** The plan as it was printed. */
  readonly plan: readonly string[]
  readonly phase: Phase
  /** Index of the present instruction. */
  readonly at: number
  /** Whether a migration that can't be undone has been begun. */
  readonly irreversible: boolean
  /** Why the verdict is skipped from here on, and who said so. */
  readonly skipped?: { readonly reason: string }
  readonly approvals: readonly Approvement[]
  /** ms since the Unix epoch when the present instruction was begun; survives a restart of the controller. */
  readonly since: number
  readonly startedAt: number
  readonly history: readonly HistoryEntry[]
}

/** Whether nothing more will happen by itself or by a verb. */
export function isOver(phase: Phase): boolean {
  return phase.kind === 'completed' || phase.kind === 'rolled-back'
}

/** Whether the previous version can still take over in an instant. */
export function previousIsThere(state: ReleaseState): boolean {
  const retire = state.program.findIndex((instruction) => instruction.kind === 'retire')
  return !isOver(state.phase) && (retire < 0 || state.at < retire)
}
