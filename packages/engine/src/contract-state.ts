import type { Service } from '@seaworthy/model'
import type { ResourceType } from './contract-plan.ts'

/**
 * Where a replica stands. `ready` alone gets traffic.
 *
 * | phase | meaning |
 * |---|---|
 * | `waiting` | not started: something that it needs is not ready, `reason` says what |
 * | `starting` | runs, and has not been ready since it was started |
 * | `ready` | in rotation |
 * | `unready` | ran and was ready, readiness says no |
 * | `draining` | out of rotation, finishing what is in flight |
 * | `stopping` | was asked to end |
 * | `backoff` | ended, waits to be started again |
 * | `crash-looping` | ended again and again, waits long |
 * | `failed` | cannot be started, and trying again would not help |
 * | `gone` | no process is left, and none is wanted |
 */
export type ReplicaPhase =
  | 'waiting'
  | 'starting'
  | 'ready'
  | 'unready'
  | 'draining'
  | 'stopping'
  | 'backoff'
  | 'crash-looping'
  | 'failed'
  | 'gone'

/** One replica of one version, or of a resource. */
export interface ReplicaView {
  /** Unique in the fleet, such as `api-v2-0`. */
  readonly replica: string
  /** Service or resource that it belongs to. */
  readonly service: string
  readonly version: string
  readonly phase: ReplicaPhase
  /** Why it is in this phase, in one sentence; absent when there is nothing to explain. */
  readonly reason?: string
  /** ms since the Unix epoch since when it is in this phase. */
  readonly since: number
  /** Times that it was started anew without being asked to. */
  readonly restarts: number
  /** Where it listens, such as `127.0.0.1:40123`. */
  readonly address?: string
  /** Leader of its process group, on a machine. */
  readonly pid?: number
  /** Cores in use, averaged over the last sample. */
  readonly cpu?: number
  /** Resident memory in bytes. */
  readonly memory?: number
}

/** One version of a service. */
export interface VersionState {
  readonly service: string
  readonly version: string
  /** What its replicas are started from. */
  readonly spec: Service
  /** Whether it is the one that plans compare with. */
  readonly stable: boolean
  /** Share of new assignments in force, 0..1. */
  readonly share: number
  /** Replicas wanted. */
  readonly replicas: number
  readonly ready: number
  /** ms since the Unix epoch. */
  readonly createdAt: number
}

/** One service with all its versions. */
export interface ServiceState {
  readonly service: string
  /** The version that plans compare with. */
  readonly stable: string
  readonly versions: readonly VersionState[]
  /** URL under which other services reach it; absent without a port. */
  readonly internalUrl?: string
  /** URLs under which clients reach it through the gateway. */
  readonly urls: readonly string[]
}

/** One resource. */
export interface ResourceState {
  readonly resource: string
  readonly type: ResourceType
  readonly ready: boolean
  /** Why it is not ready, or how it is provided, in one sentence. */
  readonly reason?: string
}

/** One run of a job, or the wait for its next. */
export interface JobState {
  readonly job: string
  /** Key of the last run. */
  readonly key?: string
  readonly phase: 'idle' | 'waiting' | 'running' | 'succeeded' | 'failed' | 'unknown'
  readonly attempts: number
  readonly reason?: string
  /** ms since the Unix epoch of the next scheduled run. */
  readonly nextRunAt?: number
}

/** A promise of the catalog that this engine cannot keep where it runs. */
export interface Limitation {
  /** What is not enforced, such as `memory limits`. */
  readonly what: string
  /** Why, in one sentence. */
  readonly why: string
  /** How to get it. */
  readonly hint: string
}

/** Everything that an engine knows. */
export interface EngineState {
  readonly kind: 'machine' | 'kubernetes'
  readonly fleet: string
  readonly environment: string
  /** sha256 of the desired fleet; absent before the first `apply`. */
  readonly identity?: string
  /** Counts `apply` calls that changed the desired fleet, from 1. */
  readonly generation: number
  readonly services: readonly ServiceState[]
  readonly replicas: readonly ReplicaView[]
  readonly resources: readonly ResourceState[]
  readonly jobs: readonly JobState[]
  readonly gateway: {
    readonly ready: boolean
    readonly urls: readonly string[]
    readonly snapshotVersion: number
    /** Why it is not ready, or does not follow. */
    readonly reason?: string
  }
  readonly limitations: readonly Limitation[]
}
