import { type KubernetesObject, objectId } from '../kubernetes/object.ts'
import type { ObjectMisfit } from './validate.ts'

type Labels = Readonly<Record<string, string>>

interface PodTemplate {
  readonly metadata?: { readonly labels?: Labels }
  readonly spec: {
    readonly serviceAccountName?: string
    readonly priorityClassName?: string
    readonly containers: readonly {
      readonly name: string
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[]
      readonly volumeMounts?: readonly { readonly name: string }[]
      readonly env?: readonly { readonly name: string; readonly value?: string }[]
    }[]
    readonly volumes?: readonly {
      readonly name: string
      readonly persistentVolumeClaim?: { readonly claimName: string }
    }[]
  }
}

interface Spec {
  readonly template?: PodTemplate
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } }
  readonly selector?: Labels & { readonly matchLabels?: Labels }
  readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[]
  readonly ports?: readonly { readonly name?: string; readonly port: number; readonly targetPort?: string | number }[]
  readonly scaleTargetRef?: { readonly kind: string; readonly name: string }
  readonly serviceName?: string
  readonly rules?: readonly {
    readonly http?: {
      readonly paths: readonly {
        readonly backend: { readonly service: { readonly name: string; readonly port: { readonly number: number } } }
      }[]
    }
  }[]
}

function specOf(object: KubernetesObject): Spec {
  return (object.spec ?? {}) as Spec
}

function templateOf(object: KubernetesObject): PodTemplate | undefined {
  const spec = specOf(object)
  return spec.jobTemplate?.spec.template ?? spec.template
}

function matches(selector: Labels, labels: Labels | undefined): boolean {
  return Object.entries(selector).every(([key, value]) => labels?.[key] === value)
}

/** Names and selectors that lead nowhere: a Service without pods, a port, account, claim, priority or scale target that does not exist. */
export function crossReferences(objects: readonly KubernetesObject[]): ObjectMisfit[] {
  const has = new Set(objects.map((object) => `${object.kind}/${object.metadata.name}`))
  const templates = objects.flatMap((object) => templateOf(object) ?? [])
  const say = (object: KubernetesObject, path: string, message: string): ObjectMisfit => ({
    object: objectId(object),
    path,
    message,
  })

  return objects.flatMap((object): ObjectMisfit[] => {
    const spec = specOf(object)
    const found: ObjectMisfit[] = []
    const template = templateOf(object)
    const need = (id: string, path: string): void => {
      if (!has.has(id)) found.push(say(object, path, `names ${id}, which is not rendered`))
    }
    if (template) {
      const { serviceAccountName, priorityClassName, containers, volumes = [] } = template.spec
      if (serviceAccountName) need(`ServiceAccount/${serviceAccountName}`, 'spec.template.spec.serviceAccountName')
      if (priorityClassName) need(`PriorityClass/${priorityClassName}`, 'spec.template.spec.priorityClassName')
      for (const volume of volumes)
        if (volume.persistentVolumeClaim)
          need(`PersistentVolumeClaim/${volume.persistentVolumeClaim.claimName}`, 'spec.template.spec.volumes')
      const known = new Set([
        ...volumes.map((volume) => volume.name),
        ...(spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name),
      ])
      for (const container of containers) {
        for (const mount of container.volumeMounts ?? [])
          if (!known.has(mount.name))
            found.push(
              say(
                object,
                `containers.${container.name}.volumeMounts`,
                `mounts ${mount.name}, which is no volume of the pod`,
              ),
            )
        const names = (container.env ?? []).map((variable) => variable.name)
        for (const name of names)
          if (names.indexOf(name) !== names.lastIndexOf(name))
            found.push(say(object, `containers.${container.name}.env`, `sets ${name} twice`))
      }
      if (spec.selector?.matchLabels && !matches(spec.selector.matchLabels, template.metadata?.labels))
        found.push(say(object, 'spec.selector', 'does not select its own pods'))
    }
    if (spec.serviceName && object.kind === 'StatefulSet' && !has.has(`Service/${spec.serviceName}`)) {
      // A worker with a disk has no Service; the field must then still hold a name.
      const ports = template?.spec.containers.flatMap((container) => container.ports ?? []) ?? []
      if (ports.length > 0) need(`Service/${spec.serviceName}`, 'spec.serviceName')
    }
    if (spec.scaleTargetRef) need(`${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`, 'spec.scaleTargetRef')
    if (
      object.kind === 'PodDisruptionBudget' &&
      !templates.some((pod) => matches(spec.selector?.matchLabels ?? {}, pod.metadata?.labels))
    )
      found.push(say(object, 'spec.selector', 'selects no pods'))
    if (object.kind === 'Service') {
      const pods = templates.filter((pod) => matches((spec.selector ?? {}) as Labels, pod.metadata?.labels))
      if (pods.length === 0 && spec.selector) found.push(say(object, 'spec.selector', 'selects no pods'))
      for (const port of spec.ports ?? []) {
        const offered = pods.every((pod) =>
          pod.spec.containers.some((container) =>
            container.ports?.some((own) => own.name === port.targetPort || own.containerPort === port.targetPort),
          ),
        )
        if (!offered)
          found.push(say(object, 'spec.ports', `leads to port ${String(port.targetPort)}, which its pods do not have`))
      }
    }
    for (const path of spec.rules?.flatMap((rule) => rule.http?.paths ?? []) ?? []) {
      const { name, port } = path.backend.service
      const target = objects.find((other) => other.kind === 'Service' && other.metadata.name === name)
      if (!target) found.push(say(object, 'spec.rules', `leads to Service/${name}, which is not rendered`))
      else if (!specOf(target).ports?.some((own) => own.port === port.number))
        found.push(say(object, 'spec.rules', `leads to port ${port.number} of Service/${name}, which it does not have`))
    }
    return found
  })
}
