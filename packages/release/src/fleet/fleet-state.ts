import type { Fleet } from '@seaworthy/model'
import type { ReleaseRequest } from '../machine/begin.ts'
import type { HistoryEntry } from '../machine/release-state.ts'

/** What becomes of the others when one member is harmful or fails: they stay where they are, or everything is taken back. */
export type GroupPolicy = 'hold' | 'abort'

/** Several services that somebody wants released together. */
export interface FleetReleaseRequest {
  /** One request a service. */
  readonly members: readonly ReleaseRequest[]
  /** `abort` unless told. */
  readonly onHarm?: GroupPolicy
  /** Services side by side, wave after wave; in the order of `needs` when absent. */
  readonly waves?: readonly (readonly string[])[]
}

/** Where a fleet release stands. */
export type FleetPhase =
  | { readonly kind: 'running' }
  /** No wave begins and no member goes on until a person says so. */
  | { readonly kind: 'holding'; readonly reason: string }
  /** Members are taken back, the last wave first. */
  | { readonly kind: 'rolling-back'; readonly reason: string }
  /** A member could not be taken back; tried again on `retry`. */
  | { readonly kind: 'stuck'; readonly reason: string }
  | { readonly kind: 'completed' }
  /** `kept` are the members that stay in their new version because there is no way back for them. */
  | { readonly kind: 'rolled-back'; readonly reason: string; readonly kept: readonly string[] }

/** A fleet release as the journal holds it; where its members stand is in their own releases, which carry its id as `group`. */
export interface FleetReleaseState {
  readonly kind: 'fleet-release'
  readonly id: string
  readonly requests: readonly ReleaseRequest[]
  /** The fleet that is released; a restart of the controller needs no catalog. */
  readonly fleet: Fleet
  readonly onHarm: GroupPolicy
  readonly waves: readonly (readonly string[])[]
  /** Index of the present wave; the number of waves once every member has all its traffic. */
  readonly at: number
  readonly phase: FleetPhase
  /** Members that were taken back and that a person went on without. */
  readonly without: readonly string[]
  readonly plan: readonly string[]
  /** ms since the Unix epoch. */
  readonly startedAt: number
  readonly history: readonly HistoryEntry[]
}

/** Whether nothing more will happen. */
export function isFleetOver(phase: FleetPhase): boolean {
  return phase.kind === 'completed' || phase.kind === 'rolled-back'
}
