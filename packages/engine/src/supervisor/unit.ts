import type { ReplicaPolicy } from './replica-event.ts'

/** What can be waited for: `service:api`, `postgres:main`, `redis:cache`, `external:mail`, `volume:files`, `job:migrate`. */
export type Target = `${'service' | 'postgres' | 'redis' | 'external' | 'volume' | 'job'}:${string}`

/** One thing that must be ready before a unit starts. */
export interface UnitNeed {
  readonly target: Target
  /** Starts without it. */
  readonly optional: boolean
}

/** What the supervisor keeps running: one version of a service, or a resource. It does not know how to start it. */
export interface Unit {
  /** `api@v2`, `postgres:main`, `redis:cache`. */
  readonly id: string
  /** What it makes ready: `service:api`, `postgres:main`, ... */
  readonly target: Target
  readonly needs: readonly UnitNeed[]
  readonly policy: ReplicaPolicy
  /** Replicas wanted. */
  readonly replicas: number
  /** Name that replica ids begin with. */
  readonly stem: string
}

/** A run of a job to its end. */
export interface JobRun {
  /** Unique and stable: the job runs once per key. */
  readonly key: string
  readonly job: string
  readonly needs: readonly UnitNeed[]
  /** Tries before it counts as failed, from 1. */
  readonly attempts: number
  /** Longest try, ms. */
  readonly timeout: number
}
