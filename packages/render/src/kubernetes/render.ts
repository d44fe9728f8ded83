import type { Fleet, Job, Json, Service } from '@seaworthy/model'
import { horizontalAutoscaler, scaledObject } from './autoscaler.ts'
import { disruptionBudget } from './disruption.ts'
import { jobObject } from './job.ts'
import { serviceMonitor } from './monitoring.ts'
import { limitRange, namespaceObject, priorityClasses, resourceQuota } from './namespace.ts'
import { defaultDeny, jobPolicy, resourcePolicy, servicePolicy } from './network-policy.ts'
import { type KubernetesObject, mergePatch, objectId, plain } from './object.ts'
import type { RenderOptions } from './options.ts'
import { postgresObjects, redisObjects, volumeClaim } from './resource.ts'
import { httpRoute, ingressObject } from './route.ts'
import { databaseSecret, secretObject, secretStore } from './secret.ts'
import { serviceAccount, serviceObject } from './service.ts'
import { type WorkloadVersion, workload } from './workload.ts'

/** The catalog's escape hatch: merge patches on the objects of one program, applied last. */
function patched(program: Service | Job, objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.map((object) =>
    program.kubernetes
      .filter(
        (patch) => patch.kind === object.kind && (patch.name === undefined || patch.name === object.metadata.name),
      )
      .reduce(
        (result, patch) => mergePatch(result as unknown as Json, patch.merge) as unknown as KubernetesObject,
        object,
      ),
  )
}

/** Every object of one service, in the order in which they are applied. */
export function serviceObjects(fleet: Fleet, service: Service, options: RenderOptions): KubernetesObject[] {
  const { scale } = service
  const autoscaler =
    scale &&
    (fleet.environment.autoscaler === 'keda'
      ? scaledObject(fleet, service, scale)
      : horizontalAutoscaler(fleet, service, scale))
  const objects = [
    serviceAccount(fleet, service.name),
    serviceObject(fleet, service),
    servicePolicy(fleet, service),
    workload(fleet, service, options),
    autoscaler,
    disruptionBudget(fleet, service),
    ingressObject(fleet, service, options),
    httpRoute(fleet, service, options),
    serviceMonitor(fleet, service),
  ]
  return patched(service, plain(objects.filter((object) => object !== undefined)))
}

/** The workload of one version of a service, with the catalog's patches for it (those that name a workload name the service's). */
export function workloadObject(
  fleet: Fleet,
  service: Service,
  options: RenderOptions,
  version: WorkloadVersion,
): KubernetesObject {
  const object = plain(workload(fleet, service, options, version))
  const { name } = object.metadata
  const [merged = object] = patched(service, [{ ...object, metadata: { ...object.metadata, name: service.name } }])
  return { ...merged, metadata: { ...merged.metadata, name } }
}

/** Every object of one job. */
export function jobObjects(fleet: Fleet, job: Job, options: RenderOptions): KubernetesObject[] {
  return patched(job, plain([serviceAccount(fleet, job.name), jobPolicy(fleet, job), jobObject(fleet, job, options)]))
}

/** What all services of an environment stand on: namespace, bounds, priorities, policies, secrets, databases, volumes. */
export function foundationObjects(fleet: Fleet, options: RenderOptions): KubernetesObject[] {
  const servers = (name: string, port: number, objects: KubernetesObject[]): (KubernetesObject | undefined)[] =>
    objects.length === 0 ? [] : [serviceAccount(fleet, name), resourcePolicy(fleet, name, port), ...objects]
  const objects = [
    namespaceObject(fleet),
    ...priorityClasses(fleet),
    resourceQuota(fleet),
    limitRange(fleet),
    defaultDeny(fleet),
    secretStore(fleet),
    ...Object.values(fleet.secrets).map((secret) => secretObject(fleet, secret, options)),
    ...Object.values(fleet.volumes).map((volume) => volumeClaim(fleet, volume)),
    ...Object.values(fleet.postgres).flatMap((postgres) => [
      postgres.url ? undefined : databaseSecret(fleet, postgres.name, options),
      ...servers(postgres.name, 5432, postgresObjects(fleet, postgres)),
    ]),
    ...Object.values(fleet.redis).flatMap((redis) => servers(redis.name, 6379, redisObjects(fleet, redis))),
  ]
  return plain(objects.filter((object) => object !== undefined))
}

/**
 * The whole fleet of one environment as Kubernetes objects, in the order in which they are applied. Pure: the same fleet
 * gives the same objects. Throws when two objects would have one identity.
 */
export function renderKubernetes(fleet: Fleet, options: RenderOptions = {}): KubernetesObject[] {
  const objects = [
    ...foundationObjects(fleet, options),
    ...Object.values(fleet.jobs).flatMap((job) => jobObjects(fleet, job, options)),
    ...Object.values(fleet.services).flatMap((service) => serviceObjects(fleet, service, options)),
  ]
  const seen = new Set<string>()
  for (const object of objects) {
    const id = objectId(object)
    if (seen.has(id)) throw new Error(`two rendered objects are called ${id}`)
    seen.add(id)
  }
  return objects
}
