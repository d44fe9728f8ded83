import type { ReplicaView } from './contract-state.ts'

/** What `observe` yields. */
export type Observation =
  /** A replica as it is now: once for each at first, then at each change of phase. The last one of a replica is `gone`. */
  | { readonly kind: 'replica'; readonly at: number; readonly replica: ReplicaView }
  /** All replicas there were have been told. */
  | { readonly kind: 'synced'; readonly at: number }

/** What `apply` and `down` report. `at` is ms since the Unix epoch. */
export type EngineEvent =
  | { readonly kind: 'started'; readonly at: number; readonly identity?: string }
  | { readonly kind: 'replica'; readonly at: number; readonly replica: ReplicaView }
  | {
      readonly kind: 'resource'
      readonly at: number
      readonly resource: string
      readonly ready: boolean
      readonly reason?: string
    }
  | {
      readonly kind: 'job'
      readonly at: number
      readonly job: string
      readonly phase: string
      readonly reason?: string
    }
  | {
      readonly kind: 'version'
      readonly at: number
      readonly service: string
      readonly version: string
      readonly change: 'created' | 'removed' | 'stable'
    }
  | {
      readonly kind: 'routed'
      readonly at: number
      readonly service: string
      readonly shares: Readonly<Record<string, number>>
      readonly snapshotVersion: number
    }
  /** A limit or duty of the catalog that cannot be kept here. */
  | {
      readonly kind: 'limitation'
      readonly at: number
      readonly what: string
      readonly why: string
      readonly hint: string
    }
  /** Everything is as wanted. */
  | { readonly kind: 'settled'; readonly at: number }
  /** Something will not become ready without a person; each entry says what waits for what and why. */
  | { readonly kind: 'stuck'; readonly at: number; readonly reasons: readonly string[] }
