import type { ReplicaView } from '../../contract-state.ts'
import { unitId } from '../../machine/desired/desired.ts'
import type { KubernetesApi } from '../api/api-client.ts'
import { ownedBy } from '../apply/apply-objects.ts'
import { ObjectStore } from './object-store.ts'
import { PodExposure } from './pod-exposure.ts'
import { isReady, type Pod, replicaOf } from './pod-view.ts'
import { type ClusterEvent, PodWarnings } from './pod-warnings.ts'
import type { Workload } from './workload-view.ts'

/** A change that was seen: of a pod, or of something around pods. */
export interface Sight {
  readonly pod?: Pod
  readonly gone?: boolean
}

/** What runs of a fleet in its namespace: pods, workloads, complaints, kept current. */
export class ClusterView {
  readonly exposure: PodExposure = new PodExposure()
  readonly warnings: PodWarnings = new PodWarnings()
  readonly #pods: ObjectStore<Pod>
  readonly #deployments: ObjectStore<Workload>
  readonly #sets: ObjectStore<Workload>
  readonly #events: ObjectStore<ClusterEvent>

  constructor(
    api: KubernetesApi,
    fleet: string,
    namespace: string,
    now: () => number,
    changed: (sight: Sight) => void,
  ) {
    const owned = ownedBy(fleet)
    this.#pods = new ObjectStore<Pod>(api, { apiVersion: 'v1', kind: 'Pod' }, namespace, owned, (pod, gone) => {
      this.exposure.see(pod, gone, now())
      changed({ pod, gone })
    })
    this.#deployments = new ObjectStore(api, { apiVersion: 'apps/v1', kind: 'Deployment' }, namespace, owned, () =>
      changed({}),
    )
    this.#sets = new ObjectStore(api, { apiVersion: 'apps/v1', kind: 'StatefulSet' }, namespace, owned, () =>
      changed({}),
    )
    this.#events = new ObjectStore<ClusterEvent>(
      api,
      { apiVersion: 'v1', kind: 'Event' },
      namespace,
      undefined,
      (event, gone) => {
        if (gone) return
        this.warnings.see(event)
        const pod = this.pods().find(({ metadata }) => metadata.uid === event.involvedObject?.uid)
        if (pod) changed({ pod })
      },
    )
  }

  /** Reads everything and follows it. Throws what the first reading throws. */
  async start(): Promise<void> {
    await Promise.all(this.#stores().map((store) => store.start()))
  }

  /** Ends all watches. */
  async stop(): Promise<void> {
    await Promise.all(this.#stores().map((store) => store.stop()))
  }

  /** Pods of services and resources; those of jobs too. */
  pods(): readonly Pod[] {
    return this.#pods.all()
  }

  /** Pods of one version, those that are on their way out included. */
  podsOf(service: string, version: string): readonly Pod[] {
    return this.pods().filter((pod) => unitOf(pod) === unitId(service, version))
  }

  /** Pods that belong to a version of any service. */
  versioned(): readonly Pod[] {
    return this.pods().filter((pod) => pod.metadata.labels?.['seaworthy.dev/version'] !== undefined)
  }

  /** Pods of a version that may be sent requests. */
  ready(service: string, version: string): number {
    return this.podsOf(service, version).filter(isReady).length
  }

  /** Whether a resource that runs in the cluster answers. */
  isResourceReady(name: string): boolean {
    return this.pods().some((pod) => pod.metadata.labels?.['app.kubernetes.io/name'] === name && isReady(pod))
  }

  /** The workload of that name. */
  workload(name: string): Workload | undefined {
    return this.#deployments.get(name) ?? this.#sets.get(name)
  }

  /** All workloads that carry a version. */
  workloads(): readonly Workload[] {
    return [...this.#deployments.all(), ...this.#sets.all()].filter(
      ({ metadata }) => metadata.labels?.['seaworthy.dev/version'] !== undefined,
    )
  }

  /** A pod as a replica, with what the cluster complains of it. */
  replica(pod: Pod): ReplicaView | undefined {
    return replicaOf(pod, this.warnings.of(pod.metadata.uid))
  }

  #stores(): readonly { start(): Promise<void>; stop(): Promise<void> }[] {
    return [this.#pods, this.#deployments, this.#sets, this.#events]
  }
}

/** Service and version of a pod, as units are called. */
export function unitOf(pod: Pod): string {
  const labels = pod.metadata.labels ?? {}
  return unitId(labels['app.kubernetes.io/name'] ?? '', labels['seaworthy.dev/version'] ?? '')
}
