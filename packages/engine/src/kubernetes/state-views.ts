import type { Fleet } from '@seaworthy/model'
import type { LogLine, LogQuery } from '../contract.ts'
import type { ReplicaView, ResourceState } from '../contract-state.ts'
import { type Desired, unitId } from '../machine/desired/desired.ts'
import type { KubernetesApi } from './api/api-client.ts'
import { workloadName } from './objects.ts'
import type { Reconciler } from './reconciler.ts'
import { keyAnnotation } from './run-job.ts'
import { refusal } from './settlement.ts'
import type { ClusterView } from './view/cluster-view.ts'
import { type Pod, replicaOf } from './view/pod-view.ts'

/** Every replica there is, with those that wait and those that can't be made. */
export function replicaViews(
  desired: Desired | undefined,
  view: ClusterView,
  reconciler: Reconciler,
): readonly ReplicaView[] {
  const pods = view
    .versioned()
    .flatMap((pod) => view.replica(pod) ?? [])
    .sort((a, b) => (a.replica < b.replica ? -1 : 1))
  if (!desired) return pods
  const absent = Object.values(desired.services).flatMap(({ service, versions }) =>
    Object.values(versions).flatMap(({ version, createdAt }): ReplicaView[] => {
      const replica = { replica: workloadName(service, version), service, version, since: createdAt, restarts: 0 }
      const unit = unitId(service, version)
      const wait = reconciler.waits.has(unit) ? reconciler.waitOf(unit) : undefined
      if (wait !== undefined) return [{ ...replica, phase: 'waiting', reason: wait }]
      const trouble = refusal(view, service, version)
      return trouble === undefined ? [] : [{ ...replica, phase: 'failed', reason: trouble }]
    }),
  )
  return [...pods, ...absent]
}

/** Databases and caches of a fleet. */
export function resourceStates(fleet: Fleet, view: ClusterView): readonly ResourceState[] {
  return (['postgres', 'redis'] as const).flatMap((type) =>
    Object.entries(fleet[type]).map(([resource, { url }]): ResourceState => {
      const ready = url !== undefined || view.isResourceReady(resource)
      return { resource, type, ready, ...(url !== undefined && { reason: 'elsewhere, by its address' }) }
    }),
  )
}

/** The last lines of the pods that are asked for; a job's carry the key of its run. */
export async function podLogs(
  api: KubernetesApi,
  namespace: string,
  pods: readonly Pod[],
  query: LogQuery,
): Promise<readonly LogLine[]> {
  const wanted = pods.filter((pod) => {
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
      const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log`
      const text = await api.text(path, { tailLines: String(query.lines ?? 100) }).catch(() => '')
      const replica = pod.metadata.annotations?.[keyAnnotation] ?? pod.metadata.name
      return text
        .split('\n')
        .filter(Boolean)
        .map((line) => ({ replica, text: line }))
    }),
  )
  return parts.flat()
}
