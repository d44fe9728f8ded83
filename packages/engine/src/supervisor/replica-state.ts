import type { Health } from './health.ts'

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  /** Leader of the process group; also the group's number. */
  readonly pid: number
  /** When it started, as the kernel counts it (opaque; equal exactly when it is the same process). */
  readonly startTime: string
}

/** How a process ended. */
export interface Exit {
  /** Exit code; absent when a signal ended it, or when another controller was its parent. */
  readonly code?: number
  readonly signal?: string
  /** Bytes of the memory limit that it was killed for. */
  readonly memoryLimit?: number
  /** The last line that it wrote, secrets masked. */
  readonly lastLine?: string
}

/** What follows when the process is gone: nothing, a start after the backoff, or a start at once. */
export type Next = 'remove' | 'restart' | 'relaunch'

/** A process that ends on its own or was asked to: what for, and what follows. */
interface Ending {
  readonly process: ProcessIdentity
  readonly since: number
  readonly next: Next
  readonly why: string
  /** How the leader ended, once it has. */
  readonly exit?: Exit
}

/** Where one replica stands; each member carries exactly what it needs. Times are ms of the monotonic clock. */
export type ReplicaState =
  /** Nothing runs; something is not there yet. */
  | { readonly phase: 'waiting'; readonly since: number }
  /** The intent to start is on disk; the process may or may not exist. */
  | {
      readonly phase: 'launching'
      readonly since: number
      /** It is to end as soon as it runs. */
      readonly doomed?: { readonly why: string; readonly exposed: boolean }
    }
  | {
      readonly phase: 'starting' | 'ready'
      readonly since: number
      readonly process: ProcessIdentity
      readonly health: Health
    }
  | {
      readonly phase: 'unready'
      readonly since: number
      readonly process: ProcessIdentity
      readonly health: Health
      readonly why: string
    }
  /** Out of rotation, finishing what is in flight, until `until`. */
  | (Ending & { readonly phase: 'draining'; readonly until: number })
  /** The signal was sent; SIGKILL follows at `until`. */
  | (Ending & { readonly phase: 'stopping'; readonly until: number })
  /** SIGKILL was sent; it is sent again at `until` while the group has members. */
  | (Ending & { readonly phase: 'killing'; readonly until: number })
  | {
      readonly phase: 'backoff' | 'crash-looping'
      readonly since: number
      readonly until: number
      readonly exit: Exit
      readonly why: string
    }
  /** Trying again would not help. */
  | { readonly phase: 'failed'; readonly since: number; readonly why: string }
  | { readonly phase: 'gone'; readonly since: number }

export type Phase = ReplicaState['phase']

/** One replica: its place in a unit, what it went through, and where it stands. */
export interface Replica {
  /** Unique in the fleet and used in file names, such as `api-v2-0`. */
  readonly id: string
  /** Unit that it belongs to. */
  readonly unit: string
  /** Place among the unit's replicas, from 0. */
  readonly slot: number
  /** Where it listens; chosen at its first launch and kept through restarts. */
  readonly address?: string
  /** Starts that were not asked for, in its whole life. */
  readonly restarts: number
  /** Of those, for want of memory. */
  readonly outOfMemory: number
  /** Of those, because it hung or said that it was not alive. */
  readonly hangs: number
  /** Launches that ended before it was ready. */
  readonly failedStarts: number
  /** Failures in a row; a long enough healthy run sets it to 0. */
  readonly failures: number
  readonly state: ReplicaState
}

/** The process of a replica, if it has one. */
export function processOf(state: ReplicaState): ProcessIdentity | undefined {
  return 'process' in state ? state.process : undefined
}

/** Whether it runs and was not asked to end. */
export function isUp(state: ReplicaState): state is Extract<ReplicaState, { phase: 'starting' | 'ready' | 'unready' }> {
  return state.phase === 'starting' || state.phase === 'ready' || state.phase === 'unready'
}
