import type { Fleet } from '@seaworthy/model'
import { labelsOf } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import { bytesQuantity, coresQuantity } from './quantity.ts'
import { securityLevel } from './security.ts'

/** The namespace of one environment, with the Pod Security level that its programs fit. */
export function namespaceObject(fleet: Fleet): KubernetesObject {
  const level = securityLevel([...Object.values(fleet.services), ...Object.values(fleet.jobs)])
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: fleet.environment.namespace,
      labels: {
        ...labelsOf(fleet, fleet.environment.namespace),
        'seaworthy.dev/environment': fleet.environment.name,
        'pod-security.kubernetes.io/enforce': level,
        'pod-security.kubernetes.io/audit': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
      },
    },
  }
}

/** Bounds on everything in the namespace, where the environment declares them. */
export function resourceQuota(fleet: Fleet): KubernetesObject | undefined {
  const { quota } = fleet.environment
  if (!quota) return undefined
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: fleet.name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, fleet.name) },
    spec: {
      hard: {
        ...(quota.cpu !== undefined && {
          'requests.cpu': coresQuantity(quota.cpu),
          'limits.cpu': coresQuantity(quota.cpu),
        }),
        ...(quota.memory !== undefined && {
          'requests.memory': bytesQuantity(quota.memory),
          'limits.memory': bytesQuantity(quota.memory),
        }),
        ...(quota.storage !== undefined && { 'requests.storage': bytesQuantity(quota.storage) }),
        ...(quota.replicas !== undefined && { pods: String(quota.replicas) }),
      },
    },
  }
}

/** What a container gets that asks for nothing: without it a quota would refuse the container. */
export function limitRange(fleet: Fleet): KubernetesObject {
  const amounts = { cpu: '250m', memory: '256Mi', 'ephemeral-storage': '1Gi' }
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: fleet.name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, fleet.name) },
    spec: { limits: [{ type: 'Container', default: amounts, defaultRequest: amounts }] },
  }
}

const tiers = [
  ['core', 1_000_000, 'What most others depend on: placed first, evicted last.'],
  ['business', 100_000, 'What users came for.'],
  ['support', 10_000, 'What can wait.'],
] as const

/** Priority by tier. They belong to the cluster, so their names carry the fleet's. */
export function priorityClasses(fleet: Fleet): KubernetesObject[] {
  const used = new Set(Object.values(fleet.services).map((service) => service.tier))
  return tiers
    .filter(([tier]) => used.has(tier))
    .map(([tier, value, description]) => ({
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name: `${fleet.name}-${tier}`, labels: labelsOf(fleet, `${fleet.name}-${tier}`) },
      value,
      globalDefault: false,
      description,
    }))
}
