import { advanceJob, type JobEffect, type JobEvent, type JobProgress, jobWakeAt } from './job-state.ts'
import type { Moment, ReplicaEffect, ReplicaEvent, ReplicaPolicy } from './replica-event.ts'
import { isUp, type ProcessIdentity, type Replica } from './replica-state.ts'
import { advance, wakeAt } from './transition.ts'
import type { JobRun, Target, Unit } from './unit.ts'
import { isReady, missing, type Outside, type Surroundings } from './waits.ts'

/** What the supervisor is told. */
export type SupervisorEvent =
  /** The wanted units; those no longer listed are drained and removed. Ends a shut-down that has come to its end. */
  | { readonly kind: 'units'; readonly units: readonly Unit[] }
  | { readonly kind: 'replica'; readonly replica: string; readonly event: ReplicaEvent }
  | { readonly kind: 'run-job'; readonly run: JobRun }
  | { readonly kind: 'job'; readonly key: string; readonly event: JobEvent }
  /** A run that is over is no longer of interest. */
  | { readonly kind: 'forget-job'; readonly key: string }
  | { readonly kind: 'outside'; readonly target: Target; readonly outside: Outside | undefined }
  /** The gateway follows the rotation of this number (or a newer one). */
  | { readonly kind: 'rotated'; readonly rotation: number }
  /** Something that rotation depends on besides replicas changed: shares, routes. */
  | { readonly kind: 'reroute' }
  /** Nothing is in flight to this replica any more; means something only after the rotation that took it out. */
  | { readonly kind: 'idle'; readonly replica: string }
  /** Stop everything, dependents first; `force` skips the draining. */
  | { readonly kind: 'shut-down'; readonly force: boolean }
  | { readonly kind: 'tick' }

export type SupervisorEffect =
  | ReplicaEffect
  | JobEffect
  /** Replicas entered or left rotation: tell the gateway, then answer `rotated` with this number. */
  | { readonly kind: 'rotate'; readonly rotation: number }

/** What must be on disk before the effects are carried out. */
export interface Changes {
  readonly replicas: ReadonlySet<string>
  readonly jobs: ReadonlySet<string>
}

/**
 * Keeps units running: what is wanted against what happens, for all replicas and jobs of a fleet. Deterministic and
 * without input or output: the same events at the same moments give the same effects. Whoever drives it writes
 * `changes` to disk, carries the effects out, and reports what comes of them.
 */
export class Supervisor implements Surroundings {
  readonly units: Map<string, Unit> = new Map()
  readonly replicas: Map<string, Replica> = new Map()
  readonly jobs: Map<string, JobProgress> = new Map()
  readonly outside: Map<Target, Outside> = new Map()
  /** Number of the rotation that is wanted now. */
  rotation = 0
  #rotated = 0
  #shutDown: 'no' | 'drain' | 'force' = 'no'
  /** Policies of units that are no longer wanted, while replicas of theirs are left. */
  readonly #policies = new Map<string, ReplicaPolicy>()
  readonly #retired = new Map<string, Unit>()
  /** The first rotation without a draining replica, by replica. */
  readonly #outSince = new Map<string, number>()
  /** The first rotation without a replica that left it in any way, until the gateway follows: it may still get requests. */
  readonly #leftIn = new Map<string, number>()
  readonly #moment: Moment
  /** Whether something changed since the last look at everything. */
  #moved = false
  #effects: SupervisorEffect[] = []
  #changedReplicas = new Set<string>()
  #changedJobs = new Set<string>()

  constructor(moment: Moment) {
    this.#moment = moment
  }

  /** Takes in what an earlier controller left, and which replicas the gateway was last told of, before the first event. */
  adopt(replicas: readonly Replica[], jobs: readonly JobProgress[], inRotation: ReadonlySet<string>): void {
    for (const id of inRotation) this.#leftIn.set(id, 1)
    for (const replica of replicas) {
      this.replicas.set(replica.id, replica)
      if (replica.state.phase === 'ready') this.#leftIn.delete(replica.id)
      if (replica.state.phase === 'draining') this.#outSince.set(replica.id, 1)
    }
    for (const job of jobs) this.jobs.set(job.run.key, job)
  }

  /** Takes in one event and returns what has to be done, in order, after `changes` is on disk. */
  handle(event: SupervisorEvent): { readonly effects: readonly SupervisorEffect[]; readonly changes: Changes } {
    this.#effects = []
    this.#changedReplicas = new Set()
    this.#changedJobs = new Set()
    this.#moved = event.kind === 'units' || event.kind === 'outside' || event.kind === 'shut-down'
    this.#take(event)
    this.#reconcile()
    return { effects: this.#effects, changes: { replicas: this.#changedReplicas, jobs: this.#changedJobs } }
  }

  /** When it wants a `tick` next, in ms of the monotonic clock. */
  get wakeAt(): number {
    let at = Number.POSITIVE_INFINITY
    for (const replica of this.replicas.values()) {
      const policy = this.#policies.get(replica.unit)
      if (policy) at = Math.min(at, wakeAt(replica, policy))
    }
    for (const job of this.jobs.values()) at = Math.min(at, jobWakeAt(job))
    return at
  }

  /** Whether nothing runs and nothing will. */
  get empty(): boolean {
    return this.replicas.size === 0 && !this.jobs.values().some((job) => processOfJob(job) !== undefined)
  }

  #take(event: SupervisorEvent): void {
    switch (event.kind) {
      case 'units':
        if (this.empty) this.#shutDown = 'no'
        this.#setUnits(event.units)
        return
      case 'replica':
        this.#replica(event.replica, event.event)
        return
      case 'run-job':
        if (!this.jobs.has(event.run.key)) this.#setJob({ run: event.run, attempt: 0, state: { phase: 'waiting' } })
        return
      case 'job':
        this.#job(event.key, event.event)
        return
      case 'forget-job':
        if (this.jobs.delete(event.key)) this.#changedJobs.add(event.key)
        return
      case 'outside':
        if (event.outside) this.outside.set(event.target, event.outside)
        else this.outside.delete(event.target)
        return
      case 'rotated':
        this.#rotated = Math.max(this.#rotated, event.rotation)
        for (const [id, rotation] of this.#leftIn) if (rotation <= this.#rotated) this.#leftIn.delete(id)
        return
      case 'reroute':
        this.#rotate()
        return
      case 'idle':
        if ((this.#outSince.get(event.replica) ?? Number.POSITIVE_INFINITY) <= this.#rotated) {
          this.#replica(event.replica, { kind: 'drained' })
        }
        return
      case 'shut-down':
        this.#shutDown = event.force ? 'force' : 'drain'
        return
      case 'tick': {
        const { now } = this.#moment
        for (const [id, replica] of this.replicas) {
          const policy = this.#policies.get(replica.unit)
          if (policy && wakeAt(replica, policy) <= now) this.#replica(id, { kind: 'tick' })
        }
        for (const [key, job] of this.jobs) if (jobWakeAt(job) <= now) this.#job(key, { kind: 'tick' })
        return
      }
      default:
        event satisfies never
    }
  }

  #setUnits(units: readonly Unit[]): void {
    for (const unit of this.units.values()) this.#retired.set(unit.id, unit)
    this.units.clear()
    for (const unit of units) {
      this.units.set(unit.id, unit)
      this.#retired.delete(unit.id)
      this.#policies.set(unit.id, unit.policy)
    }
    this.#rotate()
  }

  #replica(id: string, event: ReplicaEvent): void {
    const before = this.replicas.get(id)
    const policy = before && this.#policies.get(before.unit)
    if (!before || !policy) return
    const { replica, effects } = advance(before, event, policy, this.#moment)
    this.#effects.push(...effects)
    if (replica === before) return
    if (isUp(before.state) && before.state.phase === replica.state.phase) {
      // Only what the probes said changed: nothing to write, tell or conclude.
      this.replicas.set(id, replica)
      return
    }
    this.#moved = true
    this.#changedReplicas.add(id)
    if (replica.state.phase === 'gone') this.replicas.delete(id)
    else this.replicas.set(id, replica)
    if (rotationOf(before) !== rotationOf(replica)) {
      this.#rotate()
      if (rotationOf(before) === 'in') this.#leftIn.set(id, this.rotation)
    }
    if (replica.state.phase === 'draining' && before.state.phase !== 'draining') this.#outSince.set(id, this.rotation)
    else if (replica.state.phase !== 'draining') this.#outSince.delete(id)
  }

  #job(key: string, event: JobEvent): void {
    const before = this.jobs.get(key)
    if (!before) return
    const { job, effects } = advanceJob(before, event, this.#moment)
    this.#effects.push(...effects)
    if (job !== before) this.#setJob(job)
  }

  #setJob(job: JobProgress): void {
    this.#moved = true
    this.jobs.set(job.run.key, job)
    this.#changedJobs.add(job.run.key)
  }

  #rotate(): void {
    if (!this.#effects.some((effect) => effect.kind === 'rotate')) {
      this.rotation += 1
      this.#effects.push({ kind: 'rotate', rotation: this.rotation })
    }
  }

  /** Brings what is nearer to what is wanted, until nothing more follows at this moment. */
  #reconcile(): void {
    while (this.#moved) {
      this.#moved = false
      for (const unit of this.units.values()) this.#fillSlots(unit)
      for (const [id, replica] of this.replicas) this.#moveAlong(id, replica)
      for (const [key, job] of this.jobs) {
        if (this.#shutDown !== 'no') this.#job(key, { kind: 'cancel', why: 'the fleet is being stopped' })
        else if (job.state.phase === 'waiting' && missing(job.run.needs, this).length === 0)
          this.#job(key, { kind: 'start' })
      }
    }
    if (this.#retired.size === 0) return
    for (const id of this.#retired.keys()) {
      if (this.replicas.values().some((replica) => replica.unit === id)) continue
      this.#retired.delete(id)
      this.#policies.delete(id)
    }
  }

  #fillSlots(unit: Unit): void {
    if (this.#shutDown !== 'no') return
    for (let slot = 0; slot < unit.replicas; slot += 1) {
      const id = `${unit.stem}-${slot}`
      if (this.replicas.has(id)) continue
      const counts = { restarts: 0, outOfMemory: 0, hangs: 0, failedStarts: 0, failures: 0 }
      this.replicas.set(id, {
        id,
        unit: unit.id,
        slot,
        ...counts,
        state: { phase: 'waiting', since: this.#moment.now },
      })
      this.#changedReplicas.add(id)
    }
  }

  #moveAlong(id: string, replica: Replica): void {
    const { phase } = replica.state
    const unit = this.units.get(replica.unit)
    if (this.#shutDown === 'force') {
      const doomed =
        phase === 'killing' ? replica.state.next === 'remove' : this.#isGoing(replica) && phase === 'launching'
      if (!doomed) this.#replica(id, { kind: 'kill', why: 'the fleet is being stopped', next: 'remove' })
      return
    }
    const wanted = this.#shutDown === 'no' && unit !== undefined && replica.slot < unit.replicas
    if (!wanted && !this.#isGoing(replica) && this.#mayStop(replica)) {
      const why =
        this.#shutDown !== 'no'
          ? 'the fleet is being stopped'
          : unit
            ? 'fewer replicas are wanted'
            : 'its version is removed'
      this.#replica(id, { kind: 'stop', why, next: 'remove', exposed: this.#leftIn.has(id) })
    } else if (wanted && phase === 'waiting' && missing(unit.needs, this).length === 0) {
      this.#replica(id, { kind: 'start' })
    }
  }

  #isGoing(replica: Replica): boolean {
    const { state } = replica
    if (state.phase === 'launching') return state.doomed !== undefined
    return 'next' in state && state.next === 'remove'
  }

  /** In a shut-down, what others stand on stays until they are gone; otherwise anything may stop. */
  #mayStop(replica: Replica): boolean {
    if (this.#shutDown === 'no') return true
    const target = (this.units.get(replica.unit) ?? this.#retired.get(replica.unit))?.target
    for (const other of this.replicas.values()) {
      if (other.id === replica.id) continue
      const unit = this.units.get(other.unit) ?? this.#retired.get(other.unit)
      if (unit?.target !== target && unit?.needs.some((need) => need.target === target)) return false
    }
    for (const job of this.jobs.values()) {
      if (processOfJob(job) && job.run.needs.some((need) => need.target === target)) return false
    }
    return true
  }

  /** Whether a target is there. */
  isReady(target: Target): boolean {
    return isReady(target, this)
  }
}

/** Whether requests may go to a replica, as far as its phase says. */
export function rotationOf(replica: Replica): 'in' | 'leaving' | 'out' {
  switch (replica.state.phase) {
    case 'ready':
      return 'in'
    case 'unready':
    case 'draining':
    case 'stopping':
      return 'leaving'
    default:
      return 'out'
  }
}

function processOfJob(job: JobProgress): ProcessIdentity | undefined {
  return 'process' in job.state ? job.state.process : undefined
}
