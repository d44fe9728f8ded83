import type { Fleet } from '@seaworthy/model'
import { foundationObjects, type KubernetesObject, type RenderOptions } from '@seaworthy/render'
import type { EngineEvent } from '../contract-events.ts'
import type { Kind, KubernetesApi } from './api/api-client.ts'
import { ApiFailure } from './api/api-failure.ts'

/** What we make in a namespace, in the order in which it is taken away. Claims are kept: they hold data. */
export const prunable: readonly Kind[] = [
  { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
  { apiVersion: 'batch/v1', kind: 'CronJob' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
]

/** Kinds that belong to the whole cluster, which an account limited to its namespace may not write. */
const ofTheCluster = new Set(['Namespace', 'PriorityClass'])

/**
 * Applies what belongs to the cluster (the namespace, priorities). Where the account may not, they are taken to be there
 * already, and that is said.
 */
export async function applyClusterObjects(
  api: KubernetesApi,
  fleet: Fleet,
  options: RenderOptions,
  force: boolean,
  now: number,
): Promise<readonly EngineEvent[]> {
  const refused: string[] = []
  for (const object of foundationObjects(fleet, options).filter(isOfTheCluster)) {
    try {
      await api.apply(object, { force })
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.code !== 'SW4044') throw error
      refused.push(`${object.kind} ${object.metadata.name}`)
    }
  }
  if (refused.length === 0) return []
  return [
    {
      kind: 'limitation',
      at: now,
      what: refused.join(', '),
      why: 'The account may only write in its namespace, so these are taken to be there as rendered.',
      hint: 'Have somebody with more rights apply them once: `seaworthy render manifests`.',
    },
  ]
}

/** Whether an object belongs to the whole cluster. */
export function isOfTheCluster(object: KubernetesObject): boolean {
  return ofTheCluster.has(object.kind)
}
