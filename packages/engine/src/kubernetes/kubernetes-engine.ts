import type { CounterPage } from '@seaworthy/gateway'
import type { Fleet, Job } from '@seaworthy/model'
import type { KubernetesObject, RenderOptions } from '@seaworthy/render'
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
} from '../contract.ts'
import type { EngineEvent, Observation } from '../contract-events.ts'
import type { Plan } from '../contract-plan.ts'
import type { EngineState, ReplicaView, VersionState } from '../contract-state.ts'
import { type Desired, stableOf } from '../machine/desired/desired.ts'
import { nextDesired } from '../machine/desired/next-desired.ts'
import { planFleet } from '../machine/desired/plan-fleet.ts'
import {
  checkShares,
  findVersion,
  withoutVersion,
  withRoute,
  withStable,
  withVersion,
} from '../machine/desired/version-verbs.ts'
import { Feed } from '../machine/engine/feed.ts'
import { versionView } from '../machine/engine/views.ts'
import { type Clock, systemClock } from '../machine/ports.ts'
import { type GatewayLink, Publisher } from '../machine/routing/publisher.ts'
import { engineProblem } from '../problem-codes.ts'
import type { KubernetesApi } from './api/api-client.ts'
import { applyObjects, prune } from './apply/apply-objects.ts'
import { FleetRecord } from './fleet-record.ts'
import { clusterSnapshot } from './gateway/cluster-snapshot.ts'
import { takeDown } from './going-down.ts'
import { foundation, serviceFrame, workloadName } from './objects.ts'
import { applyClusterObjects, isOfTheCluster, prunable } from './ownership.ts'
import { Reconciler } from './reconciler.ts'
import { jobStates, runKubernetesJob } from './run-job.ts'
import { isSettled, stuckReasons } from './settlement.ts'
import { podLogs, replicaViews, resourceStates } from './state-views.ts'
import { ClusterView, type Sight } from './view/cluster-view.ts'
import { isReady, replicaOf } from './view/pod-view.ts'

/** How an engine for one namespace of a cluster is made. */
export interface KubernetesEngineOptions {
  readonly api: KubernetesApi
  /** Name of the fleet. */
  readonly fleet: string
  readonly environment: string
  readonly namespace: string
  /** The gateways in front of the pods. */
  readonly link: GatewayLink
  readonly render?: RenderOptions
  readonly clock?: Clock
  /** Takes fields that other field managers own; otherwise a conflict is a Problem. */
  readonly force?: boolean
}

/**
 * Runs a fleet in one namespace of a Kubernetes cluster. What is wanted lies in the cluster (`FleetRecord`); every version
 * of a service is a workload of its own, so that the pods of a canary become the stable ones as they are; the gateway
 * routes to pods, not to Services.
 */
export class KubernetesEngine implements Engine {
  readonly kind = 'kubernetes'
  readonly #options: KubernetesEngineOptions
  readonly #clock: Clock
  readonly #record: FleetRecord
  readonly #view: ClusterView
  readonly #reconciler: Reconciler
  readonly #publisher: Publisher
  readonly #feed = new Feed<Sight>()
  #desired: Desired | undefined
  #rotation = 0
  #inForce = { rotation: 0, snapshotVersion: 0, at: 0 }
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: KubernetesEngineOptions) {
    const { api, fleet, namespace, link, clock = systemClock } = options
    this.#options = options
    this.#clock = clock
    this.#record = new FleetRecord(api, namespace)
    this.#view = new ClusterView(api, fleet, namespace, clock.wall, (sight) => this.#see(sight))
    this.#reconciler = new Reconciler({
      api,
      namespace,
      render: options.render ?? {},
      force: options.force ?? false,
      view: this.#view,
      desired: () => this.#desired,
      change: (change) => this.#change((current) => change(this.#known(current))),
      runJob: (job, key) => this.runJob(job, key),
      news: () => {
        this.#rotate()
        this.#feed.emit({})
      },
    })
    this.#publisher = new Publisher(
      link,
      clock,
      // Versions grow with time, so that a new controller's are newer than an old one's.
      Math.floor(clock.wall() / 1000),
      (version) =>
        this.#desired
          ? clusterSnapshot(this.#desired, this.#view.pods(), version)
          : { version, listeners: [], routes: [], services: [], trustedProxies: [] },
      (rotation, { version }) => {
        this.#inForce = { rotation, snapshotVersion: version, at: clock.wall() }
        this.#feed.emit({})
      },
    )
  }

  /** Reads what is wanted and what runs, follows both, and goes on with what was begun. Throws where it may not read. */
  static async start(options: KubernetesEngineOptions): Promise<KubernetesEngine> {
    const engine = new KubernetesEngine(options)
    engine.#desired = await engine.#record.read()
    await engine.#view.start()
    if (engine.#desired) {
      engine.#rotate()
      engine.#reconciler.wake()
    }
    return engine
  }

  async plan(fleet: Fleet, replacement: Plan['replacement'] = 'rolling'): Promise<Plan> {
    return planFleet(await this.#record.read(), fleet, replacement)
  }

  async *apply(plan: Plan): AsyncGenerator<EngineEvent> {
    const { api, render = {}, environment, namespace, force = false } = this.#options
    yield { kind: 'started', at: this.#clock.wall(), identity: plan.identity }
    using changes = this.#feed.read()
    yield* await applyClusterObjects(api, plan.fleet, render, force, this.#clock.wall())
    const shown = new Map((await this.state()).replicas.map(({ replica, phase }) => [replica, phase]))
    const jobs = new Map<string, string>()
    const desired = await this.#change((current) =>
      nextDesired(current, plan, {
        environment,
        root: '',
        now: this.#clock.wall(),
        // The gateway's public port as the environment says, any for the rest.
        ports: { gateway: plan.fleet.environment.gatewayPort },
        fresh: false,
      }),
    )
    const lower = foundation(desired, render).filter((object) => !isOfTheCluster(object))
    await applyObjects(api, lower, { force })
    await prune(api, desired.fleet.name, namespace, prunable, this.#everything())
    this.#rotate()
    this.#reconciler.forget()
    await this.#reconciler.round()
    for (;;) {
      for (const replica of this.#replicas()) {
        if (shown.get(replica.replica) === replica.phase) continue
        shown.set(replica.replica, replica.phase)
        yield { kind: 'replica', at: this.#clock.wall(), replica }
      }
      for (const { job, key, phase, reason } of await this.#jobs()) {
        if (key === undefined || jobs.get(key) === phase || !key.endsWith(`-g${desired.generation}`)) continue
        jobs.set(key, phase)
        yield { kind: 'job', at: this.#clock.wall(), job, phase, ...(reason !== undefined && { reason }) }
      }
      const wanted = this.#known(this.#desired)
      const reasons = stuckReasons(wanted, this.#view, this.#reconciler)
      if (reasons.length > 0) return yield { kind: 'stuck', at: this.#clock.wall(), reasons }
      if (isSettled(wanted, this.#view, this.#reconciler) && this.#inForce.rotation >= this.#rotation)
        return yield { kind: 'settled', at: this.#clock.wall() }
      const { done } = await changes.next()
      if (done) return
    }
  }

  async *down(options: DownOptions = {}): AsyncGenerator<EngineEvent> {
    const { api, namespace, fleet, link } = this.#options
    yield { kind: 'started', at: this.#clock.wall() }
    using changes = this.#feed.read()
    const desired = this.#desired
    this.#desired = undefined
    await this.#reconciler.round()
    yield* takeDown(api, this.#view, changes, { fleet, namespace, ...options }, desired, () => this.#clock.wall())
    await this.#publisher.release()
    await link.stop(options.force ? 0 : 1000)
    yield { kind: 'settled', at: this.#clock.wall() }
  }

  async state(): Promise<EngineState> {
    const desired = this.#desired
    const status = this.#publisher.isOpen ? await this.#options.link.status().catch(() => undefined) : undefined
    const urls = (status?.listeners ?? [])
      .filter(({ name }) => name === 'public')
      .map(({ host, port }) => `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`)
    return {
      kind: 'kubernetes',
      fleet: this.#options.fleet,
      environment: this.#options.environment,
      ...(desired && { identity: desired.identity }),
      generation: desired?.generation ?? 0,
      services: Object.values(desired?.services ?? {}).map((service) => ({
        service: service.service,
        stable: service.stable,
        versions: Object.values(service.versions).map((version) =>
          versionView(service, version, this.#view.ready(service.service, version.version)),
        ),
        ...(stableOf(service).spec.port !== undefined && {
          internalUrl: `http://${service.service}.${this.#options.namespace}:${stableOf(service).spec.port}`,
        }),
        urls: stableOf(service).spec.routes.length > 0 ? urls : [],
      })),
      replicas: this.#replicas(),
      resources: desired ? resourceStates(desired.fleet, this.#view) : [],
      jobs: await this.#jobs(),
      gateway: { ready: status?.ready ?? false, urls, snapshotVersion: this.#inForce.snapshotVersion },
      limitations: [...this.#reconciler.lacking].map((kind) => ({
        what: kind,
        why: 'The cluster does not know this kind, so it was left out; the fleet runs without it.',
        hint: 'Install the Prometheus operator and apply again, or set `monitoring.operator` to false.',
      })),
    }
  }

  async *observe(signal?: AbortSignal): AsyncGenerator<Observation> {
    using changes = this.#feed.read(signal)
    const shown = new Map<string, ReplicaView>()
    const news = (): ReplicaView[] => {
      const now = this.#replicas()
      const changed = now.filter((replica) => {
        const before = shown.get(replica.replica)
        return before?.phase !== replica.phase || before.reason !== replica.reason
      })
      const there = new Set(now.map(({ replica }) => replica))
      const gone = [...shown.values()].filter(({ replica }) => !there.has(replica))
      for (const { replica } of gone) shown.delete(replica)
      for (const replica of changed) shown.set(replica.replica, replica)
      return [...changed, ...gone.map((replica) => ({ ...replica, phase: 'gone' as const, since: this.#clock.wall() }))]
    }
    for (const replica of news()) yield { kind: 'replica', at: this.#clock.wall(), replica }
    yield { kind: 'synced', at: this.#clock.wall() }
    for await (const _ of changes)
      for (const replica of news()) yield { kind: 'replica', at: this.#clock.wall(), replica }
  }

  async ensureVersion(service: string, request: VersionRequest): Promise<VersionState> {
    await this.#change((current) => withVersion(this.#known(current), service, request, this.#clock.wall()))
    await this.#reconciler.round()
    return this.#versionView(service, request.version)
  }

  async scaleVersion(service: string, version: string, replicas: number): Promise<VersionState> {
    await this.#change((current) => {
      const known = this.#known(current)
      const found = findVersion(known, service, version)
      const versions = { ...found.service.versions, [version]: { ...found.version, replicas } }
      return { ...known, services: { ...known.services, [service]: { ...found.service, versions } } }
    })
    await this.#reconciler.round()
    return this.#versionView(service, version)
  }

  async removeVersion(service: string, version: string): Promise<void> {
    await this.#change((current) => withoutVersion(this.#known(current), service, version))
    using changes = this.#feed.read()
    this.#rotate()
    await this.#reconciler.round()
    while (this.#view.podsOf(service, version).length > 0 && !(await changes.next()).done);
  }

  async route(service: string, shares: Shares, options: RouteOptions = {}): Promise<RouteReceipt> {
    await this.#change((current) => {
      const known = this.#known(current)
      checkShares(known, service, shares, (version) => this.#view.ready(service, version))
      return withRoute(known, service, shares, options)
    })
    using changes = this.#feed.read()
    const rotation = this.#rotate()
    while (this.#inForce.rotation < rotation) if ((await changes.next()).done) break
    return { service, shares, snapshotVersion: this.#inForce.snapshotVersion, inForceAt: this.#inForce.at }
  }

  async promote(service: string, version: string): Promise<VersionState> {
    await this.#change((current) => withStable(this.#known(current), service, version))
    await this.#reconciler.round()
    return this.#versionView(service, version)
  }

  async counters(): Promise<readonly CounterPage[]> {
    return this.#publisher.isOpen ? this.#options.link.counters() : []
  }

  async exposure(service: string): Promise<readonly VersionExposure[]> {
    return this.#view.exposure.of(service, this.#clock.wall(), (uid) => this.#view.warnings.hangsOf(uid))
  }

  async runJob(job: string, key: string, overrides?: Partial<Pick<Job, 'env' | 'run' | 'image'>>): Promise<JobOutcome> {
    const { fleet } = this.#known(this.#desired)
    const found = fleet.jobs[job]
    if (!found)
      throw engineProblem({
        code: 'SW4008',
        message: `The fleet has no job "${job}".`,
        hint: `It has ${Object.keys(fleet.jobs).join(', ') || 'none'}.`,
      })
    using changes = this.#feed.read()
    while (this.#reconciler.unmet(this.#known(this.#desired), found.needs) !== undefined)
      if ((await changes.next()).done) break
    return runKubernetesJob(this.#options.api, fleet, { ...found, ...overrides }, key, this.#options.render ?? {})
  }

  async preview(service: string, version: string): Promise<readonly PreviewTarget[]> {
    findVersion(this.#known(this.#desired), service, version)
    return this.#view.podsOf(service, version).flatMap((pod) => {
      const replica = replicaOf(pod)
      return isReady(pod) && replica?.address ? [{ replica: replica.replica, url: `http://${replica.address}` }] : []
    })
  }

  logs(query: LogQuery): Promise<readonly LogLine[]> {
    return podLogs(this.#options.api, this.#options.namespace, this.#view.pods(), query)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#feed.close()
    await this.#reconciler.stop()
    this.#publisher[Symbol.dispose]()
    await this.#view.stop()
    await this.#turn.catch(() => undefined)
  }

  /** One change of what is wanted at a time; kept in the cluster before anything follows from it. */
  #change(change: (current: Desired | undefined) => Desired): Promise<Desired> {
    const done = this.#turn.then(async () => {
      const desired = await this.#record.change(change)
      this.#desired = desired
      return desired
    })
    this.#turn = done.catch(() => undefined)
    return done
  }

  #known(desired: Desired | undefined): Desired {
    if (desired) return desired
    throw engineProblem({
      code: 'SW4001',
      message: `${this.#options.fleet} has never been applied in ${this.#options.namespace}.`,
      hint: 'Apply it first: `seaworthy deploy`.',
    })
  }

  #rotate(): number {
    this.#rotation += 1
    if (this.#desired) this.#publisher.want(this.#rotation)
    return this.#rotation
  }

  #see(sight: Sight): void {
    if (sight.pod) this.#rotate()
    this.#reconciler.wake()
    this.#feed.emit(sight)
  }

  /** Everything besides workloads of versions that is wanted now, for pruning. */
  #everything(): readonly KubernetesObject[] {
    const desired = this.#known(this.#desired)
    const { render = {} } = this.#options
    return [
      ...foundation(desired, render),
      ...Object.values(desired.services).flatMap((service) => [
        ...serviceFrame(desired, service, render),
        ...Object.values(service.versions).map(({ version }) => ({
          apiVersion: 'apps/v1',
          kind: 'StatefulSet',
          metadata: { name: workloadName(service.service, version) },
        })),
      ]),
      ...Object.keys(desired.fleet.jobs).flatMap((name) =>
        ['ServiceAccount', 'NetworkPolicy'].map((kind) => ({ apiVersion: 'v1', kind, metadata: { name } })),
      ),
    ]
  }

  #versionView(service: string, version: string): VersionState {
    const found = findVersion(this.#known(this.#desired), service, version)
    return versionView(found.service, found.version, this.#view.ready(service, version))
  }

  #replicas(): readonly ReplicaView[] {
    return replicaViews(this.#desired, this.#view, this.#reconciler)
  }

  async #jobs(): Promise<EngineState['jobs']> {
    return this.#desired && Object.keys(this.#desired.fleet.jobs).length > 0
      ? jobStates(this.#options.api, this.#desired.fleet)
      : []
  }
}
