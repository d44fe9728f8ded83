import type { CounterPage } from '@seaworthy/gateway'
import type { Fleet, Job, Service } from '@seaworthy/model'
import type { EngineEvent, Observation } from './contract-events.ts'
import type { Plan } from './contract-plan.ts'
import type { EngineState, VersionState } from './contract-state.ts'

/** What may differ between two versions of a service; each given field replaces the catalog's, `env` is merged into it. */
export type VersionOverrides = Partial<Pick<Service, 'run' | 'build' | 'image' | 'cwd' | 'user' | 'env'>>

/** A version wanted: its name and what it is started from. */
export interface VersionRequest {
  /** Name of the version, an RFC 1123 label such as `v2` or `7f3a9c1`; unique within the service. */
  readonly version: string
  /** What it is started from besides the catalog's service; empty runs the catalog as it stands now. */
  readonly overrides?: VersionOverrides
  /** The catalog's service to start from, when it is not the one in force (a changed catalog being released). */
  readonly service?: Service
  /** Replicas wanted, from 0. */
  readonly replicas: number
}

/** Share of new assignments by version, 0..1; the shares of a service sum to 1, versions not named get 0. */
export type Shares = Readonly<Record<string, number>>

/** That shares are in force: every gateway worker has answered with this snapshot or a newer one. */
export interface RouteReceipt {
  readonly service: string
  readonly shares: Shares
  /** The version of the gateway snapshot that carries the shares. */
  readonly snapshotVersion: number
  /** ms since the Unix epoch at which the last worker confirmed it; requests assigned later follow these shares. */
  readonly inForceAt: number
}

/** How the coin deals while shares are in force. */
export interface RouteOptions {
  /** Mixed into the keyed hash, so that each release deals its sticky clients anew; kept until another is given. */
  readonly coinKey?: string
  /** A request whose header or cookie names a version goes there and is not counted; kept until another is given. */
  readonly override?: { readonly header?: string; readonly cookie?: string }
  /**
   * ms, > 0: within this window the failures of one client count once, instead of the stable version's
   * `rollout.verdict.episode`; kept until another is given. A release of a sticky service gives one that covers it whole.
   */
  readonly episodeMs?: number
}

/** What one version has suffered and for how long, cumulative since the version was made; survives controller restarts. */
export interface VersionExposure {
  readonly service: string
  readonly version: string
  /** Sum over replicas of the time that they ran, in seconds: the denominator of every rate below. */
  readonly replicaSeconds: number
  /** Sum over replicas of the time that they were in rotation, in seconds. */
  readonly readySeconds: number
  /** Replicas that ended without being asked to, or were restarted because liveness failed. */
  readonly restarts: number
  /** Of those, ended because the memory limit was reached. */
  readonly outOfMemory: number
  /** Of those, restarted by a liveness probe or because they hung. */
  readonly hangs: number
  /** Starts that never became ready. */
  readonly failedStarts: number
}

/** How a job ended. */
export type JobOutcome =
  | { readonly kind: 'succeeded'; readonly key: string; readonly attempts: number; readonly finishedAt: number }
  | {
      readonly kind: 'failed'
      readonly key: string
      readonly attempts: number
      readonly finishedAt: number
      /** Exit code of the last attempt; absent when a signal or the time-out ended it. */
      readonly exitCode?: number
      /** What happened, with the last line of the log. */
      readonly reason: string
    }

/** A replica of a version that can be asked before it gets traffic. */
export interface PreviewTarget {
  readonly replica: string
  /** Base URL that reaches this very replica from where the caller runs, such as `http://127.0.0.1:40123`. */
  readonly url: string
}

/** How a fleet is taken down. */
export interface DownOptions {
  /** Deletes data directories and state as well; otherwise they stay for the next `apply`. */
  readonly destroy?: boolean
  /** Sends SIGKILL at once instead of draining. */
  readonly force?: boolean
}

/**
 * Where a fleet runs: one machine or one namespace of a Kubernetes cluster. Every verb is idempotent and is journalled
 * before it acts, so that a caller killed in between may simply say it again; verbs return when the wish is recorded,
 * not when it has come true, unless they say otherwise. Wait with `observe` or `untilReady`.
 *
 * Verbs throw a `Problem`: SW4001 unknown service, SW4002 unknown version, SW4003 shares that do not sum to 1 or name a
 * version without a ready replica, SW4004 version exists with another spec, SW4005 version still has a share.
 */
export interface Engine extends AsyncDisposable {
  readonly kind: 'machine' | 'kubernetes'

  /** What `apply` would do to get from what is observed now to this fleet. Changes nothing. */
  plan(fleet: Fleet): Promise<Plan>

  /**
   * Makes the plan's fleet the desired one and reports what happens until everything is ready or cannot become so; the
   * last event is `settled` or `stuck`. Applying the same plan again does nothing more. Leaving the iteration early
   * stops the reporting, not the work. Changed services with running replicas are replaced by a plain rolling
   * replacement, one surplus replica at a time, unless `plan.replacement` is `keep` (then the caller releases them).
   */
  apply(plan: Plan): AsyncIterable<EngineEvent>

  /** Stops every replica, job, resource and the gateway, in reverse order of `needs`; the last event is `settled`. */
  down(options?: DownOptions): AsyncIterable<EngineEvent>

  /** Everything that is known now. */
  state(): Promise<EngineState>

  /** First one observation per replica there is, then `synced`, then each change as it happens, until `signal` aborts. */
  observe(signal?: AbortSignal): AsyncIterable<Observation>

  /** Makes sure that this version exists with that many replicas. It gets no traffic until `route` says so. */
  ensureVersion(service: string, request: VersionRequest): Promise<VersionState>

  /** Changes the number of replicas of one version; surplus ones drain first. Autoscaling leaves this version alone until `promote`. */
  scaleVersion(service: string, version: string, replicas: number): Promise<VersionState>

  /** Removes a version: out of rotation, drain, stop. Resolves when its last process is gone. Refuses one with a share. */
  removeVersion(service: string, version: string): Promise<void>

  /** Changes the shares between versions in one atomic step. Resolves when they are in force in every gateway worker. */
  route(service: string, shares: Shares, options?: RouteOptions): Promise<RouteReceipt>

  /**
   * Makes a version the desired one: its spec is what later plans compare with, its replicas are scaled as the catalog
   * says, and a restart of the controller keeps it. Its replicas go on as they are; nothing is started anew. Other
   * versions stay until they are removed.
   */
  promote(service: string, version: string): Promise<VersionState>

  /** The gateway's cumulative counts, a page per worker. */
  counters(): Promise<readonly CounterPage[]>

  /** Restarts, memory kills and running time of every version that the service has or had. */
  exposure(service: string): Promise<readonly VersionExposure[]>

  /**
   * Runs a job of the fleet exactly once per key: the first call with a key starts it, later ones (also after a restart
   * of the controller) wait for, or return, that same outcome. Throws SW4011 when it cannot be known how it ended.
   */
  runJob(job: string, key: string, overrides?: Partial<Pick<Job, 'env' | 'run' | 'image'>>): Promise<JobOutcome>

  /** Ready replicas of a version, for smoke tests; empty while none is ready or the service has no port. */
  preview(service: string, version: string): Promise<readonly PreviewTarget[]>

  /** The last lines that the replicas of a service (or one replica) wrote, oldest first. Secrets are masked. */
  logs(query: LogQuery): Promise<readonly LogLine[]>

  /** Stops watching and frees what this handle holds; the fleet goes on. */
  [Symbol.asyncDispose](): Promise<void>
}

/** Which lines are wanted. */
export interface LogQuery {
  readonly service: string
  readonly version?: string
  readonly replica?: string
  /** Lines at most per replica, 1..10000; 100 when absent. */
  readonly lines?: number
}

/** One line of output. */
export interface LogLine {
  readonly replica: string
  readonly text: string
}
