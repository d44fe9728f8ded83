import type { Need } from '@seaworthy/model'
import { type KubernetesObject, objectId, type RenderOptions } from '@seaworthy/render'
import type { JobOutcome } from '../contract.ts'
import { type Desired, type DesiredService, type DesiredVersion, stableOf, unitId } from '../machine/desired/desired.ts'
import { applyKey } from '../machine/desired/plan-fleet.ts'
import { stepReplacements } from '../machine/desired/replacement.ts'
import type { KubernetesApi } from './api/api-client.ts'
import { serviceFrame, versionWorkload, workloadName } from './objects.ts'
import type { ClusterView } from './view/cluster-view.ts'

/** What the reconciler works with. */
export interface ReconcilerParts {
  readonly api: KubernetesApi
  readonly namespace: string
  readonly render: RenderOptions
  readonly force: boolean
  readonly view: ClusterView
  readonly desired: () => Desired | undefined
  readonly change: (change: (current: Desired) => Desired) => Promise<Desired>
  readonly runJob: (job: string, key: string) => Promise<JobOutcome>
  /** Something became different that others may wait for. */
  readonly news: () => void
}

/**
 * Brings the cluster to what is wanted, one round at a time, again whenever something changes: workloads in the order of
 * `needs`, plain replacements step by step, removal of versions that nobody wants. What it has written it does not write
 * again until it is wanted otherwise, so that an idle fleet costs no request.
 */
export class Reconciler {
  /** Units that are not started yet, and what they wait for. */
  readonly waits: Map<string, string> = new Map()
  /** Kinds that the cluster does not know and without which the fleet runs all the same. */
  readonly lacking: Set<string> = new Set()
  /** Why the cluster refused the last write; absent when it did not. */
  trouble: unknown
  readonly #parts: ReconcilerParts
  readonly #written = new Map<string, string>()
  readonly #generations = new Map<string, number>()
  readonly #jobs = new Map<string, JobOutcome | 'running'>()
  #again = false
  #running: Promise<void> | undefined
  #closed = false

  constructor(parts: ReconcilerParts) {
    this.#parts = parts
  }

  /** Looks again, soon. */
  wake(): void {
    void this.round().catch(() => undefined)
  }

  /** Looks again and resolves when everything that can be written is. Throws what the cluster refuses. */
  async round(): Promise<void> {
    if (this.#closed) return
    if (this.#running) {
      this.#again = true
      return this.#running
    }
    this.#running = this.#rounds().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Writes everything anew at the next round, whoever changed it meanwhile. */
  forget(): void {
    this.#written.clear()
  }

  /** The generation of a workload that was last written here. */
  generationOf(workload: string): number {
    return this.#generations.get(workload) ?? 0
  }

  /** Jobs that failed for this generation of what is wanted, as reasons. */
  failedJobs(generation: number): readonly string[] {
    return [...this.#jobs.entries()].flatMap(([key, outcome]) =>
      outcome !== 'running' && outcome.kind === 'failed' && key.endsWith(`-g${generation}`)
        ? [`job ${key}: ${outcome.reason}`]
        : [],
    )
  }

  /** Ends after the round under way. */
  async stop(): Promise<void> {
    this.#closed = true
    await this.#running?.catch(() => undefined)
  }

  async #rounds(): Promise<void> {
    do {
      this.#again = false
      try {
        await this.#once()
        this.trouble = undefined
      } catch (error) {
        this.trouble = error
        this.#parts.news()
        throw error
      }
    } while (this.#again && !this.#closed)
  }

  async #once(): Promise<void> {
    const { view, change, api, namespace } = this.#parts
    const before = this.#parts.desired()
    if (!before) return
    let desired = before
    if (Object.values(before.services).some(({ replacing }) => replacing !== undefined)) {
      desired = await change((current) => stepReplacements(current, (service, version) => view.ready(service, version)))
      if (desired !== before) this.#parts.news()
    }
    this.waits.clear()
    for (const service of Object.values(desired.services)) {
      for (const object of serviceFrame(desired, service, this.#parts.render)) await this.#write(object)
      for (const version of Object.values(service.versions)) {
        const wait = this.#waitOf(desired, service, version)
        if (wait !== undefined) this.waits.set(unitId(service.service, version.version), wait)
        else {
          const name = workloadName(service.service, version.version)
          const live = await this.#write(versionWorkload(desired, service, version, this.#parts.render))
          if (live !== undefined) this.#generations.set(name, live)
        }
      }
    }
    for (const { metadata, kind, apiVersion } of view.workloads()) {
      const { 'app.kubernetes.io/name': service = '', 'seaworthy.dev/version': version = '' } = metadata.labels ?? {}
      if (desired.services[service]?.versions[version] || metadata.deletionTimestamp) continue
      await api.delete({ apiVersion, kind }, namespace, metadata.name)
      for (const id of this.#written.keys())
        if (id.endsWith(`${kind}/${namespace}/${metadata.name}`)) this.#written.delete(id)
    }
  }

  /** Writes an object that is not written like this yet; returns its generation when it was written. */
  async #write(object: KubernetesObject): Promise<number | undefined> {
    const id = objectId(object)
    const text = JSON.stringify(object)
    if (this.#written.get(id) === text) return undefined
    try {
      const live = await this.#parts.api.apply(object, { force: this.#parts.force })
      this.#written.set(id, text)
      return live.metadata.generation
    } catch (error) {
      if (!isDispensable(object) || (error as { code?: string }).code !== 'SW4048') throw error
      this.#written.set(id, text)
      this.lacking.add(`${object.kind} (${object.apiVersion})`)
      return undefined
    }
  }

  /** What a version that is not started yet waits for. */
  #waitOf(desired: Desired, service: DesiredService, version: DesiredVersion): string | undefined {
    if (this.#parts.view.workload(workloadName(service.service, version.version))) return undefined
    return this.unmet(desired, version.spec.needs) ?? this.#job(desired, version)
  }

  /** What a unit waits for, as it is now. */
  waitOf(unit: string): string | undefined {
    const desired = this.#parts.desired()
    const [service = '', version = ''] = unit.split(/@(.*)/)
    const spec = desired?.services[service]?.versions[version]?.spec
    return (desired && spec && this.unmet(desired, spec.needs)) ?? this.waits.get(unit)
  }

  /** The first need that is not met, and why. */
  unmet(desired: Desired, needs: readonly Need[]): string | undefined {
    const { view } = this.#parts
    for (const { on, optional } of needs) {
      if (optional) continue
      if (on.kind === 'service') {
        const needed = desired.services[on.name]
        if (!needed || view.ready(on.name, stableOf(needed).version) > 0) continue
        const pod = view.podsOf(on.name, needed.stable)[0]
        const replica = pod && view.replica(pod)
        const why = replica?.reason ?? replica?.phase ?? this.waits.get(unitId(on.name, needed.stable))
        return `waits for ${on.name}${why === undefined ? '' : `: ${why}`}`
      }
      const inside = on.kind === 'postgres' ? desired.fleet.postgres[on.name] : desired.fleet.redis[on.name]
      if ((on.kind === 'postgres' || on.kind === 'redis') && inside && !inside.url && !view.isResourceReady(on.name))
        return `waits for ${on.name}`
    }
    return undefined
  }

  #job(desired: Desired, version: DesiredVersion): string | undefined {
    for (const job of version.spec.migrations.before) {
      const key = applyKey(job, desired.generation)
      const outcome = this.#jobs.get(key)
      if (outcome === undefined) {
        this.#jobs.set(key, 'running')
        const done = (result: JobOutcome): void => {
          this.#jobs.set(key, result)
          this.#parts.news()
          this.wake()
        }
        this.#parts.runJob(job, key).then(done, (error: unknown) => {
          const reason = error instanceof Error ? error.message : String(error)
          done({ kind: 'failed', key, attempts: 0, finishedAt: Date.now(), reason })
        })
      }
      if (outcome === undefined || outcome === 'running') return `waits for job ${job}`
      if (outcome.kind === 'failed') return `waits for job ${job}: ${outcome.reason}`
    }
    return undefined
  }
}

/** Whether a fleet runs without it: what others are told so that they can watch. */
function isDispensable({ apiVersion }: KubernetesObject): boolean {
  return apiVersion.startsWith('monitoring.coreos.com/')
}
