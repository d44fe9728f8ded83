import type { Fleet, Service } from '@seaworthy/model'
import { selectorOf, serviceLabels } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import type { RenderOptions } from './options.ts'
import { podTemplate, storageName } from './pod.ts'
import { bytesQuantity, seconds } from './quantity.ts'

/** One version of a service, as the release machine runs it: a workload of its own beside those of other versions. */
export interface WorkloadVersion {
  readonly version: string
  readonly replicas?: number
}

const accessModes = { one: 'ReadWriteOnce', many: 'ReadWriteMany', 'many-readers': 'ReadOnlyMany' } as const

/** How Kubernetes calls an access mode. */
export function accessMode(access: keyof typeof accessModes): string {
  return accessModes[access]
}

/**
 * The Deployment of a service, or its StatefulSet where each replica has a disk. `replicas` is never written where an
 * autoscaler holds the number. With a version the name and the selector carry it, so that versions stand side by side.
 */
export function workload(
  fleet: Fleet,
  service: Service,
  options: RenderOptions,
  version?: WorkloadVersion,
): KubernetesObject {
  const name = version ? `${service.name}-${version.version}` : service.name
  const label = version && { 'seaworthy.dev/version': version.version }
  const disks = Object.entries(service.storage)
  const replicas = version?.replicas ?? (service.scale ? undefined : (service.replicas ?? 1))
  const template = podTemplate(fleet, service, options, version ?? {})
  const common = {
    ...(replicas !== undefined && { replicas }),
    revisionHistoryLimit: 5,
    selector: { matchLabels: { ...selectorOf(fleet, service.name), ...label } },
    template,
  }
  const metadata = {
    name,
    namespace: fleet.environment.namespace,
    labels: { ...serviceLabels(fleet, service), ...label },
  }
  if (disks.length === 0) {
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        ...common,
        progressDeadlineSeconds: startBudget(service),
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxSurge: service.rollout.maxSurge, maxUnavailable: service.rollout.maxUnavailable },
        },
      },
    }
  }
  const claims = disks.map(([path, storage]) => ({
    metadata: { name: storageName(path) },
    spec: {
      accessModes: [accessMode(storage.access)],
      ...(storage.class && { storageClassName: storage.class }),
      resources: { requests: { storage: bytesQuantity(storage.size) } },
    },
  }))
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      ...common,
      serviceName: service.name,
      updateStrategy: { type: 'RollingUpdate' },
      volumeClaimTemplates: claims,
    },
  }
}

/** Seconds within which a new replica must be ready: what the startup probe allows, and five minutes for image and schedule. */
function startBudget(service: Service): number {
  const { startup } = service.health
  return 300 + (startup ? seconds(startup.delay + startup.every * startup.failures) : 60)
}
