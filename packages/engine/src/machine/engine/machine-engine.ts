import type { CounterPage } from '@seaworthy/gateway'
import type { Fleet, Job } from '@seaworthy/model'
import type {
  DownOptions,
  Engine,
  JobOutcome,
  LogLine,
  LogQuery,
  PreviewTarget,
  RouteOptions,
  RouteReceipt,
  Shares,
  VersionExposure,
  VersionRequest,
} from '../../contract.ts'
import type { EngineEvent, Observation } from '../../contract-events.ts'
import type { Plan } from '../../contract-plan.ts'
import type { EngineState, ReplicaView, VersionState } from '../../contract-state.ts'
import { engineProblem } from '../../problem-codes.ts'
import type { JobProgress } from '../../supervisor/job-state.ts'
import type { Replica } from '../../supervisor/replica-state.ts'
import type { Desired, DesiredService, DesiredVersion } from '../desired/desired.ts'
import { unitId } from '../desired/desired.ts'
import { nextDesired } from '../desired/next-desired.ts'
import { applyKey, planFleet } from '../desired/plan-fleet.ts'
import { stepReplacements } from '../desired/replacement.ts'
import { jobRun, unitsOf } from '../desired/units.ts'
import {
  checkShares,
  findService,
  findVersion,
  withoutVersion,
  withRoute,
  withStable,
  withVersion,
} from '../desired/version-verbs.ts'
import { FleetLogs } from '../logs/fleet-logs.ts'
import type { Driver } from '../runtime/driver.ts'
import type { EngineParts } from './engine-parts.ts'
import { Feed, type Reading } from './feed.ts'
import { contractingJobs, expandingJobs, outcomeOf } from './job-outcome.ts'
import { choosePorts } from './port-choice.ts'
import { settlement } from './settlement.ts'
import { engineState, readyCount } from './state-view.ts'
import { replicaView, versionView } from './views.ts'

/** What happened, for whoever waits for something. */
type Happening =
  | { readonly kind: 'replica'; readonly view: ReplicaView; readonly changed: boolean }
  | { readonly kind: 'job'; readonly job: JobProgress }
  | { readonly kind: 'other' }

/** Runs a fleet on this machine. Made by `startMachineEngine`. */
export class MachineEngine implements Engine {
  readonly kind = 'machine'
  readonly #parts: EngineParts
  readonly #logs: FleetLogs
  readonly #feed: Feed<Happening> = new Feed()
  readonly #phases = new Map<string, string>()
  /** When rotations came in force, by number: the newest and what someone waits for. */
  #rotated = { rotation: 0, snapshotVersion: 0, at: 0 }
  #saving: Promise<unknown> = Promise.resolve()

  constructor(parts: EngineParts) {
    this.#parts = parts
    this.#logs = new FleetLogs(parts)
  }

  /** What the marks of this state directory's programs begin with. */
  get scope(): string {
    return this.#parts.scope
  }

  get #driver(): Driver {
    return this.#parts.driver
  }

  get #desired(): Desired {
    const { current } = this.#parts.desired
    if (current) return current
    throw engineProblem({
      code: 'SW4009',
      message: 'No fleet has been applied here yet.',
      hint: 'Run `seaworthy up` first.',
    })
  }

  async plan(fleet: Fleet, replacement: Plan['replacement'] = 'rolling'): Promise<Plan> {
    return planFleet(this.#parts.desired.current, fleet, replacement)
  }

  async *apply(plan: Plan): AsyncGenerator<EngineEvent> {
    using changes = this.#feed.read()
    const now = (): number => this.#parts.clock.wall()
    await this.#exclusively(() => this.#accept(plan))
    yield { kind: 'started', at: now(), identity: plan.identity }
    for (const limitation of this.#parts.limitations()) yield { kind: 'limitation', at: now(), ...limitation }
    for await (const happening of this.#first(changes)) {
      if (happening.kind === 'replica' && happening.changed)
        yield { kind: 'replica', at: now(), replica: happening.view }
      if (happening.kind === 'job') {
        const { run, state } = happening.job
        yield { kind: 'job', at: now(), job: run.job, phase: state.phase, ...('why' in state && { reason: state.why }) }
      }
      const outcome = settlement(this.#parts, this.#rotated.rotation)
      if (outcome.kind === 'stuck') {
        yield { kind: 'stuck', at: now(), reasons: outcome.reasons }
        return
      }
      if (outcome.kind === 'settled' && !this.#startContracting()) {
        yield { kind: 'settled', at: now() }
        return
      }
    }
  }

  async *down(options: DownOptions = {}): AsyncGenerator<EngineEvent> {
    using changes = this.#feed.read()
    const { clock, driver, publisher, link } = this.#parts
    yield { kind: 'started', at: clock.wall() }
    this.#parts.desired.stop()
    driver.dispatch({ kind: 'reroute' })
    driver.dispatch({ kind: 'shut-down', force: options.force === true })
    for await (const happening of this.#first(changes)) {
      if (happening.kind === 'replica' && happening.changed)
        yield { kind: 'replica', at: clock.wall(), replica: happening.view }
      if (driver.supervisor.empty) break
    }
    await publisher.release()
    // Whoever still holds a connection has had its answers: replicas drained before.
    await link.stop(options.force ? 0 : 1000)
    if (options.destroy) this.#parts.destroy()
    yield { kind: 'settled', at: clock.wall() }
  }

  async state(): Promise<EngineState> {
    return await engineState(this.#parts)
  }

  async *observe(signal?: AbortSignal): AsyncGenerator<Observation> {
    const { clock, driver } = this.#parts
    using changes = this.#feed.read(signal)
    for (const replica of [...driver.supervisor.replicas.values()])
      yield { kind: 'replica', at: clock.wall(), replica: this.#view(replica) }
    yield { kind: 'synced', at: clock.wall() }
    for await (const happening of changes) {
      if (happening.kind === 'replica' && happening.changed)
        yield { kind: 'replica', at: clock.wall(), replica: happening.view }
    }
  }

  async ensureVersion(service: string, request: VersionRequest): Promise<VersionState> {
    await this.#exclusively(() => this.#save(withVersion(this.#desired, service, request, this.#parts.clock.wall())))
    return this.#versionView(service, request.version)
  }

  async scaleVersion(service: string, version: string, replicas: number): Promise<VersionState> {
    await this.#exclusively(() => {
      const found = findVersion(this.#desired, service, version)
      this.#save(this.#with(found.service, { ...found.version, replicas }))
    })
    return this.#versionView(service, version)
  }

  async removeVersion(service: string, version: string): Promise<void> {
    await this.#exclusively(() => this.#save(withoutVersion(this.#desired, service, version)))
    const unit = unitId(service, version)
    for await (const _ of this.#first(this.#feed.read())) {
      if (![...this.#driver.supervisor.replicas.values()].some((replica) => replica.unit === unit)) return
    }
  }

  async route(service: string, shares: Shares, options: RouteOptions = {}): Promise<RouteReceipt> {
    const rotation = await this.#exclusively(() => {
      checkShares(this.#desired, service, shares, (version) => readyCount(this.#driver.supervisor, service, version))
      this.#save(withRoute(this.#desired, service, shares, options))
      return this.#driver.supervisor.rotation
    })
    for await (const _ of this.#first(this.#feed.read())) {
      if (this.#rotated.rotation >= rotation) break
    }
    return { service, shares, snapshotVersion: this.#rotated.snapshotVersion, inForceAt: this.#rotated.at }
  }

  async promote(service: string, version: string): Promise<VersionState> {
    await this.#exclusively(() => this.#save(withStable(this.#desired, service, version)))
    return this.#versionView(service, version)
  }

  async counters(): Promise<readonly CounterPage[]> {
    return this.#parts.publisher.isOpen ? await this.#parts.link.counters() : []
  }

  async exposure(service: string): Promise<readonly VersionExposure[]> {
    findService(this.#desired, service)
    this.#parts.exposure.advance(this.#driver.supervisor.replicas.values(), this.#parts.clock.now())
    return this.#parts.exposure.of(service)
  }

  async runJob(job: string, key: string, overrides?: Partial<Pick<Job, 'env' | 'run' | 'image'>>): Promise<JobOutcome> {
    const catalog = this.#desired.fleet.jobs[job]
    if (!catalog)
      throw engineProblem({
        code: 'SW4008',
        message: `The fleet has no job "${job}".`,
        hint: `It has ${Object.keys(this.#desired.fleet.jobs).join(', ') || 'none'}.`,
      })
    if (overrides && !this.#driver.supervisor.jobs.has(key))
      this.#parts.store.write({ [`job-overrides:${key}`]: overrides })
    this.#driver.dispatch({ kind: 'run-job', run: jobRun(catalog, key) })
    for await (const _ of this.#first(this.#feed.read())) {
      const outcome = outcomeOf(this.#driver.supervisor.jobs.get(key), this.#parts.clock.wall())
      if (outcome) return outcome
    }
    throw engineProblem({ code: 'SW4007', message: `The engine stopped before the job ${job} (${key}) ended.` })
  }

  async preview(service: string, version: string): Promise<readonly PreviewTarget[]> {
    findVersion(this.#desired, service, version)
    return [...this.#driver.supervisor.replicas.values()].flatMap(({ id, unit, address, state }) =>
      unit === unitId(service, version) && state.phase === 'ready' && address !== undefined
        ? [{ replica: id, url: `http://${address}` }]
        : [],
    )
  }

  async logs(query: LogQuery): Promise<readonly LogLine[]> {
    return this.#logs.last(query)
  }

  /** Every line that is written from now on, until `signal` aborts; replicas that come later are followed too. */
  followLogs(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    return this.#logs.follow(query, signal)
  }

  /** What happened lately, oldest first. */
  transitions(limit: number): ReturnType<EngineParts['store']['transitions']> {
    return this.#parts.store.transitions(limit)
  }

  /** Whether `down` was begun. */
  get stopping(): boolean {
    return this.#parts.desired.stopped
  }

  /** Says how a run of a job ended that nobody saw end. Throws SW4008 when there is no such run, SW4024 when its end is known. */
  resolveJob(job: string, key: string, as: 'succeeded' | 'retry'): void {
    const run = this.#driver.supervisor.jobs.get(key)
    if (run?.run.job !== job) throw engineProblem({ code: 'SW4008', message: `The job ${job} has no run ${key}.` })
    if (run.state.phase !== 'unknown') {
      throw engineProblem({
        code: 'SW4024',
        message: `The run ${key} is ${run.state.phase}: there is nothing to resolve.`,
      })
    }
    this.#driver.dispatch({ kind: 'job', key, event: { kind: 'resolve', as } })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#feed.close()
    await this.#saving.catch(() => {})
    this.#parts.close()
  }

  /** Called when replicas or jobs changed. */
  notice(replicas: ReadonlyMap<string, Replica | undefined>, jobs: readonly JobProgress[]): void {
    for (const [id, replica] of replicas) {
      const view = replica ? this.#view(replica) : this.#goneView(id)
      const shown = `${view.phase} ${view.reason ?? ''}`
      const changed = this.#phases.get(id)?.split(' ')[0] !== view.phase
      if (replica) this.#phases.set(id, shown)
      else this.#phases.delete(id)
      if (changed)
        this.#parts.store.note(this.#parts.clock.wall(), id, `${view.phase}${view.reason ? `: ${view.reason}` : ''}`)
      this.#views.set(id, view)
      if (!replica) this.#views.delete(id)
      this.#feed.emit({ kind: 'replica', view, changed })
    }
    for (const job of jobs) this.#feed.emit({ kind: 'job', job })
    this.#stepReplacements()
  }

  /** Called when the gateway follows a rotation. */
  rotated(rotation: number, snapshotVersion: number): void {
    this.#rotated = { rotation, snapshotVersion, at: this.#parts.clock.wall() }
    this.#driver.dispatch({ kind: 'rotated', rotation })
    this.#feed.emit({ kind: 'other' })
  }

  /** Whoever waits for something looks again. */
  nudge(): void {
    this.#feed.emit({ kind: 'other' })
  }

  /** Changes the number of replicas of a service's stable version; for the scaler. */
  scaleStable(service: string, replicas: number): void {
    const found = this.#parts.desired.current?.services[service]
    const stable = found?.versions[found.stable]
    if (found && stable && stable.replicas !== replicas) this.#save(this.#with(found, { ...stable, replicas }))
  }

  readonly #views = new Map<string, ReplicaView>()

  #view(replica: Replica): ReplicaView {
    const { driver, usage, toWall } = this.#parts
    const process = 'process' in replica.state ? replica.state.process.pid : undefined
    return replicaView(replica, driver.supervisor, toWall, usage.of(process))
  }

  #goneView(id: string): ReplicaView {
    const last = this.#views.get(id)
    const at = this.#parts.clock.wall()
    return {
      replica: id,
      service: last?.service ?? id,
      version: last?.version ?? '',
      phase: 'gone',
      since: at,
      restarts: last?.restarts ?? 0,
    }
  }

  #versionView(service: string, version: string): VersionState {
    const found = findVersion(this.#desired, service, version)
    return versionView(found.service, found.version, readyCount(this.#driver.supervisor, service, version))
  }

  #with(service: DesiredService, version: DesiredVersion): Desired {
    const versions = { ...service.versions, [version.version]: version }
    return { ...this.#desired, services: { ...this.#desired.services, [service.service]: { ...service, versions } } }
  }

  /** One change of what is wanted at a time. */
  #exclusively<T>(change: () => T | Promise<T>): Promise<T> {
    const done = this.#saving.then(change)
    this.#saving = done.catch(() => {})
    return done
  }

  #save(next: Desired): void {
    if (next === this.#parts.desired.current) return
    this.#parts.desired.set(next)
    this.#driver.dispatch({ kind: 'units', units: unitsOf(next) })
    this.#feed.emit({ kind: 'other' })
  }

  async #accept(plan: Plan): Promise<void> {
    const { desired, driver, clock, environment, root } = this.#parts
    if (desired.stopped && !driver.supervisor.empty) {
      throw engineProblem({
        code: 'SW4024',
        message: 'The fleet is being stopped.',
        hint: 'Apply again once it is down.',
      })
    }
    const current = desired.current
    const fresh = driver.supervisor.replicas.size === 0
    const ports = await choosePorts(plan, this.#parts, fresh && !this.#parts.publisher.isOpen)
    const next = nextDesired(current, plan, { environment, root, now: clock.wall(), ports, fresh })
    this.#parts.watchExternals(next)
    const runs = next.generation !== current?.generation ? expandingJobs(plan.fleet) : []
    this.#save(next)
    for (const job of runs)
      this.#driver.dispatch({ kind: 'run-job', run: jobRun(job, applyKey(job.name, next.generation)) })
    this.#stepReplacements()
  }

  #stepReplacements(): void {
    const { current } = this.#parts.desired
    if (!current) return
    const next = stepReplacements(current, (service, version) => readyCount(this.#driver.supervisor, service, version))
    if (next !== current) this.#save(next)
  }

  /** Starts the jobs that may run once the previous version is gone; false when none is left to run. */
  #startContracting(): boolean {
    const { fleet, generation } = this.#desired
    const waiting = contractingJobs(fleet).filter(
      (job) => !this.#driver.supervisor.jobs.has(applyKey(job.name, generation)),
    )
    for (const job of waiting)
      this.#driver.dispatch({ kind: 'run-job', run: jobRun(job, applyKey(job.name, generation)) })
    return waiting.length > 0
  }

  /** One happening at once, so that what is already so is seen, then each that follows. */
  async *#first(changes: Reading<Happening>): AsyncGenerator<Happening> {
    using following = changes
    yield { kind: 'other' }
    yield* following
  }
}
