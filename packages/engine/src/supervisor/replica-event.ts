import type { RestartPolicy } from './backoff.ts'
import type { HealthPlan, ProbeKind } from './health.ts'
import type { ProbeResult } from './probe-track.ts'
import type { Exit, Next, ProcessIdentity } from './replica-state.ts'

/** What can happen to a replica. */
export type ReplicaEvent =
  /** All that it needs is there. */
  | { readonly kind: 'start' }
  | { readonly kind: 'launched'; readonly process: ProcessIdentity; readonly address?: string }
  /** `final`: trying again would not help. */
  | { readonly kind: 'launch-failed'; readonly why: string; readonly final: boolean }
  | { readonly kind: 'probed'; readonly probe: ProbeKind; readonly id: number; readonly result: ProbeResult }
  /** The leader ended; `empty` when the whole group has. */
  | { readonly kind: 'exited'; readonly exit: Exit; readonly empty: boolean }
  /** No process of the group is left. */
  | { readonly kind: 'emptied' }
  /** It is out of rotation everywhere and has nothing in flight. */
  | { readonly kind: 'drained' }
  /** A person, a release or the scaler wants it gone, or started anew. */
  | {
      readonly kind: 'stop'
      readonly why: string
      readonly next: Next
      /** The gateway may still send requests, though the replica is not ready: it has not followed yet. */
      readonly exposed?: boolean
    }
  | { readonly kind: 'kill'; readonly why: string; readonly next: Next }
  /** Time went by. */
  | { readonly kind: 'tick' }

/** What the world is asked to do. */
export type ReplicaEffect =
  | { readonly kind: 'launch'; readonly replica: string }
  | { readonly kind: 'probe'; readonly replica: string; readonly probe: ProbeKind; readonly id: number }
  /** Runs the stop command if there is one, then sends the stop signal to the group. */
  | { readonly kind: 'ask-to-stop'; readonly replica: string; readonly process: ProcessIdentity }
  /** SIGKILL to every process of the group. */
  | { readonly kind: 'kill'; readonly replica: string; readonly process: ProcessIdentity }

/** What is true of all replicas of a unit. */
export interface ReplicaPolicy {
  readonly health: HealthPlan
  readonly restart: RestartPolicy
  /** Whether requests reach it through the gateway, so that it must leave rotation before it is asked to stop. */
  readonly routed: boolean
  /** ms for what is in flight, then from the signal to SIGKILL. */
  readonly drain: number
  readonly grace: number
}

/** Time, chance and numbering, given from outside. */
export interface Moment {
  /** ms of the monotonic clock. */
  readonly now: number
  /** In [0, 1). */
  readonly random: () => number
  readonly nextId: () => number
}
