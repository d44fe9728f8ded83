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
import { type Desired, type DesiredService, stableOf, unitId } from '../machine/desired/desired.ts'
import { nextDesired } from '../machine/desired/next-desired.ts'
import { applyKey, planFleet } from '../machine/desired/plan-fleet.ts'
import { stepReplacements } from '../machine/desired/replacement.ts'
import {
  checkShares,
  findService,
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
import type { Kind, KubernetesApi } from './api/api-client.ts'
import { applyObjects, ownedBy, prune } from './apply/apply-objects.ts'
import { FleetRecord } from './fleet-record.ts'
import { clusterSnapshot } from './gateway/cluster-snapshot.ts'
import { foundation, serviceFrame, versionWorkload, workloadName } from './objects.ts'
import { runKubernetesJob } from './run-job.ts'
import { PodExposure } from './view/pod-exposure.ts'
import { PodStore } from './view/pod-store.ts'
import { isReady, type Pod, replicaOf } from './view/pod-view.ts'

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

/** What we make in a namespace, in the order in which it is taken away. Claims are kept: they hold data. */
const prunable: readonly Kind[] = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
]

const hopeless = new Set(['failed', 'crash-looping'])

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
  readonly #pods: PodStore
  readonly #publisher: Publisher
  readonly #exposure = new PodExposure()
  readonly #feed = new Feed<{ readonly pod?: Pod; readonly gone?: boolean }>()
  readonly #shown = new Map<string, string>()
  #desired: Desired | undefined
  #rotation = 0
  #inForce = { rotation: 0, snapshotVersion: 0, at: 0 }
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(options: KubernetesEngineOptions) {
    const { api, fleet, namespace, link, clock = systemClock } = options
    this.#options = options
    this.#clock = clock
    this.#record = new FleetRecord(api, namespace)
    this.#pods = new PodStore(api, namespace, ownedBy(fleet))
    this.#publisher = new Publisher(
      link,
      clock,
      // Versions grow with time, so that a new controller's are newer than an old one's.
      Math.floor(clock.wall() / 1000),
      (version) =>
        this.#desired
          ? clusterSnapshot(this.#desired, this.#pods.all(), version)
          : { version, listeners: [], routes: [], services: [], trustedProxies: [] },
      (rotation, { version }) => {
        this.#inForce = { rotation, snapshotVersion: version, at: clock.wall() }
        this.#feed.emit({})
      },
    )
  }

  /** Reads what is wanted and what runs, and follows both. */
  static async start(options: KubernetesEngineOptions): Promise<KubernetesEngine> {
    const engine = new KubernetesEngine(options)
    engine.#desired = await engine.#record.read()
    await engine.#pods.start()
    engine.#pods.listen((pod, gone) => {
      engine.#exposure.see(pod, gone)
      engine.#rotate()
      engine.#feed.emit({ pod, gone })
    })
    for (const pod of engine.#pods.all()) engine.#exposure.see(pod, false)
    if (engine.#desired) engine.#rotate()
    return engine
  }

  async plan(fleet: Fleet, replacement: Plan['replacement'] = 'rolling'): Promise<Plan> {
    return planFleet(await this.#record.read(), fleet, replacement)
  }

  async *apply(plan: Plan): AsyncGenerator<EngineEvent> {
    const { api, render = {}, environment, namespace, force = false } = this.#options
    yield { kind: 'started', at: this.#clock.wall(), identity: plan.identity }
    using changes = this.#feed.read()
    const before = this.#desired
    const desired = await this.#change((current) =>
      nextDesired(current, plan, {
        environment,
        root: '',
        now: this.#clock.wall(),
        ports: portsOf(plan.fleet),
        fresh: false,
      }),
    )
    await applyObjects(api, foundation(desired, render), { force })
    if (desired.generation !== before?.generation) {
      for (const name of new Set(Object.values(plan.fleet.services).flatMap((service) => service.migrations.before))) {
        const outcome = await this.runJob(name, applyKey(name, desired.generation))
        yield {
          kind: 'job',
          at: this.#clock.wall(),
          job: name,
          phase: outcome.kind,
          ...(outcome.kind === 'failed' && { reason: outcome.reason }),
        }
        if (outcome.kind === 'failed')
          return yield { kind: 'stuck', at: this.#clock.wall(), reasons: [`job ${name} failed: ${outcome.reason}`] }
      }
    }
    for (const service of Object.values(desired.services)) await this.#writeService(service)
    await prune(api, desired.fleet.name, namespace, prunable, this.#everything())
    this.#rotate()
    for (;;) {
      await this.#stepReplacements()
      const reasons = this.#stuck()
      if (reasons.length > 0) return yield { kind: 'stuck', at: this.#clock.wall(), reasons }
      if (this.#isSettled()) return yield { kind: 'settled', at: this.#clock.wall() }
      const { value: change } = await changes.next()
      const replica = change?.pod && this.#view(change.pod, change.gone === true)
      if (replica && this.#isNews(replica)) yield { kind: 'replica', at: this.#clock.wall(), replica }
    }
  }

  async *down(options: DownOptions = {}): AsyncGenerator<EngineEvent> {
    const { api, namespace, fleet } = this.#options
    yield { kind: 'started', at: this.#clock.wall() }
    await prune(api, fleet, namespace, prunable, [])
    await api.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, namespace, 'seaworthy-fleet')
    if (options.destroy) await api.delete({ apiVersion: 'v1', kind: 'Namespace' }, undefined, namespace)
    using changes = this.#feed.read()
    while (this.#pods.all().length > 0) await changes.next()
    this.#publisher.release()
    await this.#options.link.stop(options.force ? 0 : 1000)
    this.#desired = undefined
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
          versionView(service, version, this.#ready(service.service, version.version)),
        ),
        ...(stableOf(service).spec.port !== undefined && {
          internalUrl: `http://${service.service}.${this.#options.namespace}:${stableOf(service).spec.port}`,
        }),
        urls: stableOf(service).spec.routes.length > 0 ? urls : [],
      })),
      replicas: this.#pods.all().flatMap((pod) => this.#view(pod, false) ?? []),
      resources: [],
      jobs: [],
      gateway: { ready: status?.ready ?? false, urls, snapshotVersion: this.#inForce.snapshotVersion },
      limitations: [],
    }
  }

  async *observe(signal?: AbortSignal): AsyncGenerator<Observation> {
    using changes = this.#feed.read(signal)
    for (const pod of this.#pods.all()) {
      const replica = this.#view(pod, false)
      if (replica) yield { kind: 'replica', at: this.#clock.wall(), replica }
    }
    yield { kind: 'synced', at: this.#clock.wall() }
    for await (const { pod, gone } of changes) {
      const replica = pod && this.#view(pod, gone === true)
      if (replica) yield { kind: 'replica', at: this.#clock.wall(), replica }
    }
  }

  async ensureVersion(service: string, request: VersionRequest): Promise<VersionState> {
    const desired = await this.#change((current) =>
      withVersion(this.#known(current), service, request, this.#clock.wall()),
    )
    await this.#writeService(findService(desired, service))
    return this.#versionView(service, request.version)
  }

  async scaleVersion(service: string, version: string, replicas: number): Promise<VersionState> {
    const desired = await this.#change((current) => {
      const known = this.#known(current)
      const found = findVersion(known, service, version)
      const versions = { ...found.service.versions, [version]: { ...found.version, replicas } }
      return { ...known, services: { ...known.services, [service]: { ...found.service, versions } } }
    })
    await this.#writeService(findService(desired, service))
    return this.#versionView(service, version)
  }

  async removeVersion(service: string, version: string): Promise<void> {
    await this.#change((current) => withoutVersion(this.#known(current), service, version))
    await this.#deleteWorkload(service, version)
    using changes = this.#feed.read()
    while (this.#pods.all().some((pod) => unitOf(pod) === unitId(service, version))) await changes.next()
  }

  async route(service: string, shares: Shares, options: RouteOptions = {}): Promise<RouteReceipt> {
    await this.#change((current) => {
      const known = this.#known(current)
      checkShares(known, service, shares, (version) => this.#ready(service, version))
      return withRoute(known, service, shares, options)
    })
    using changes = this.#feed.read()
    const rotation = this.#rotate()
    while (this.#inForce.rotation < rotation) await changes.next()
    return { service, shares, snapshotVersion: this.#inForce.snapshotVersion, inForceAt: this.#inForce.at }
  }

  async promote(service: string, version: string): Promise<VersionState> {
    const desired = await this.#change((current) => withStable(this.#known(current), service, version))
    await this.#writeService(findService(desired, service))
    return this.#versionView(service, version)
  }

  async counters(): Promise<readonly CounterPage[]> {
    return this.#publisher.isOpen ? this.#options.link.counters() : []
  }

  async exposure(service: string): Promise<readonly VersionExposure[]> {
    return this.#exposure.of(service, this.#clock.wall())
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
    return runKubernetesJob(
      this.#options.api,
      fleet,
      { ...found, ...overrides },
      key,
      this.#options.render ?? {},
      (selector) => this.#lastLine(selector),
    )
  }

  async preview(service: string, version: string): Promise<readonly PreviewTarget[]> {
    findVersion(this.#known(this.#desired), service, version)
    return this.#pods.all().flatMap((pod) => {
      const replica = replicaOf(pod)
      return unitOf(pod) === unitId(service, version) && isReady(pod) && replica?.address
        ? [{ replica: replica.replica, url: `http://${replica.address}` }]
        : []
    })
  }

  async logs(query: LogQuery): Promise<readonly LogLine[]> {
    const wanted = this.#pods.all().filter((pod) => {
      const replica = replicaOf(pod)
      return (
        replica &&
        (query.service === '' || replica.service === query.service) &&
        (query.version ?? replica.version) === replica.version &&
        (query.replica ?? replica.replica) === replica.replica
      )
    })
    const parts = await Promise.all(
      wanted.map(async (pod) => {
        const text = await this.#options.api
          .text(`/api/v1/namespaces/${this.#options.namespace}/pods/${pod.metadata.name}/log`, {
            tailLines: String(query.lines ?? 100),
          })
          .catch(() => '')
        return text
          .split('\n')
          .filter(Boolean)
          .map((line) => ({ replica: pod.metadata.name, text: line }))
      }),
    )
    return parts.flat()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#feed.close()
    this.#publisher[Symbol.dispose]()
    await this.#pods.stop()
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

  async #writeService(service: DesiredService): Promise<void> {
    const { api, render = {}, force = false } = this.#options
    const desired = this.#known(this.#desired)
    const workloads = Object.values(service.versions).map((version) =>
      versionWorkload(desired, service, version, render),
    )
    await applyObjects(api, [...serviceFrame(desired, service, render), ...workloads], { force })
  }

  async #deleteWorkload(service: string, version: string): Promise<void> {
    for (const kind of ['Deployment', 'StatefulSet'])
      await this.#options.api.delete(
        { apiVersion: 'apps/v1', kind },
        this.#options.namespace,
        workloadName(service, version),
      )
  }

  /** Everything that is wanted now, for pruning. */
  #everything(): readonly KubernetesObject[] {
    const desired = this.#known(this.#desired)
    const { render = {} } = this.#options
    return [
      ...foundation(desired, render),
      ...Object.values(desired.services).flatMap((service) => [
        ...serviceFrame(desired, service, render),
        ...Object.values(service.versions).map((version) => versionWorkload(desired, service, version, render)),
      ]),
      ...Object.keys(desired.fleet.jobs).flatMap((name) =>
        ['ServiceAccount', 'NetworkPolicy'].map((kind) => ({ apiVersion: 'v1', kind, metadata: { name } })),
      ),
    ]
  }

  async #stepReplacements(): Promise<void> {
    const before = this.#known(this.#desired)
    if (!Object.values(before.services).some((service) => service.replacing !== undefined)) return
    const after = await this.#change((current) =>
      stepReplacements(this.#known(current), (service, version) => this.#ready(service, version)),
    )
    for (const service of Object.values(after.services)) {
      const old = before.services[service.service]
      if (old === service) continue
      await this.#writeService(service)
      for (const version of Object.keys(old?.versions ?? {}))
        if (!service.versions[version]) await this.#deleteWorkload(service.service, version)
    }
    this.#rotate()
  }

  #stuck(): readonly string[] {
    return this.#pods.all().flatMap((pod) => {
      const replica = replicaOf(pod)
      const wanted = replica && this.#desired?.services[replica.service]?.versions[replica.version]
      return replica && wanted && hopeless.has(replica.phase)
        ? [`${replica.replica}: ${replica.reason ?? replica.phase}`]
        : []
    })
  }

  #isSettled(): boolean {
    return (
      Object.values(this.#known(this.#desired).services).every(
        (service) =>
          service.replacing === undefined &&
          Object.values(service.versions).every(
            (version) =>
              this.#ready(service.service, version.version) >=
              (version.spec.scale ? Math.max(1, version.spec.scale.min) : version.replicas),
          ),
      ) && this.#inForce.rotation > 0
    )
  }

  #ready(service: string, version: string): number {
    return this.#pods.all().filter((pod) => unitOf(pod) === unitId(service, version) && isReady(pod)).length
  }

  #versionView(service: string, version: string): VersionState {
    const found = findVersion(this.#known(this.#desired), service, version)
    return versionView(found.service, found.version, this.#ready(service, version))
  }

  #view(pod: Pod, gone: boolean): ReplicaView | undefined {
    const replica = replicaOf(pod)
    if (!replica || this.#desired?.services[replica.service] === undefined) return undefined
    return gone ? { ...replica, phase: 'gone', since: this.#clock.wall() } : replica
  }

  #isNews(replica: ReplicaView): boolean {
    const before = this.#shown.get(replica.replica)
    this.#shown.set(replica.replica, replica.phase)
    return before !== replica.phase
  }

  async #lastLine(labelSelector: string): Promise<string | undefined> {
    const { api, namespace } = this.#options
    const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod' }, namespace, labelSelector)
    const pod = items.at(-1)
    if (!pod) return undefined
    const text = await api.text(`/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log`, { tailLines: '1' })
    return text.trim() || undefined
  }
}

function unitOf(pod: Pod): string {
  const replica = replicaOf(pod)
  return replica ? unitId(replica.service, replica.version) : ''
}

/** Ports on this machine: the gateway's public one as the environment says, any for the rest. */
function portsOf(fleet: Fleet): Readonly<Record<string, number>> {
  return { gateway: fleet.environment.gatewayPort }
}
