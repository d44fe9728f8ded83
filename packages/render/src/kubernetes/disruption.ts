import type { Fleet, Service } from '@seaworthy/model'
import { selectorOf, serviceLabels } from './labels.ts'
import type { KubernetesObject } from './object.ts'

/**
 * The PodDisruptionBudget of a service: what the catalog demands, or one pod at a time where there are at least two.
 * A single replica has none: a budget for it would only block every drain.
 */
export function disruptionBudget(fleet: Fleet, service: Service): KubernetesObject | undefined {
  const least = service.scale?.min ?? service.replicas ?? 1
  if (service.minAvailable === undefined && least < 2) return undefined
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: service.name, namespace: fleet.environment.namespace, labels: serviceLabels(fleet, service) },
    spec: {
      selector: { matchLabels: selectorOf(fleet, service.name) },
      ...(service.minAvailable === undefined ? { maxUnavailable: 1 } : { minAvailable: service.minAvailable }),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  }
}
