import {
  foundationObjects,
  jobObjects,
  type KubernetesObject,
  type RenderOptions,
  serviceObjects,
  type WorkloadVersion,
  workloadObject,
} from '@seaworthy/render'
import { type Desired, type DesiredService, type DesiredVersion, stableOf } from '../machine/desired/desired.ts'

const workloadKinds = new Set(['Deployment', 'StatefulSet'])

/** What all services stand on, with jobs that have a schedule; jobs without one are run when asked for. */
export function foundation(desired: Desired, options: RenderOptions): readonly KubernetesObject[] {
  const { fleet } = desired
  return [
    ...foundationObjects(fleet, options),
    ...Object.values(fleet.jobs).flatMap((job) =>
      jobObjects(fleet, job, options).filter((object) => object.kind !== 'Job'),
    ),
  ]
}

/** The objects of a service around its workloads; an autoscaler follows the stable version. */
export function serviceFrame(
  desired: Desired,
  service: DesiredService,
  options: RenderOptions,
): readonly KubernetesObject[] {
  const stable = stableOf(service)
  return serviceObjects(desired.fleet, stable.spec, options)
    .filter((object) => !workloadKinds.has(object.kind))
    .map((object) => {
      const spec = object.spec as { scaleTargetRef?: { name: string } } | undefined
      if (!spec?.scaleTargetRef) return object
      return {
        ...object,
        spec: {
          ...spec,
          scaleTargetRef: { ...spec.scaleTargetRef, name: workloadName(service.service, stable.version) },
        },
      }
    })
}

/** Name of the workload of one version. */
export function workloadName(service: string, version: string): string {
  return `${service}-${version}`
}

/** The workload of one version: its own Deployment beside those of others, so that its pods become the stable ones as they are. */
export function versionWorkload(
  desired: Desired,
  service: DesiredService,
  version: DesiredVersion,
  options: RenderOptions,
): KubernetesObject {
  // Where an autoscaler holds the number of the stable version, it is written once, at its making, and left alone after.
  const scaled = version.spec.scale !== undefined && version.version === service.stable
  const identity: WorkloadVersion = { version: version.version, ...(!scaled && { replicas: version.replicas }) }
  const object = workloadObject(
    desired.fleet,
    version.spec,
    { ...options, images: imagesOf(version, options) },
    identity,
  )
  if (!scaled) return object
  const { replicas: _, ...spec } = object.spec as { replicas?: number }
  return { ...object, spec }
}

/** An image that a release gives wins over what the environment knows of the service. */
function imagesOf(version: DesiredVersion, options: RenderOptions): Readonly<Record<string, string>> {
  const { image } = version.overrides
  return image === undefined ? (options.images ?? {}) : { ...options.images, [version.spec.name]: image }
}
