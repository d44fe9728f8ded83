import type { Fleet, Job, Service } from '@seaworthy/model'
import type {
  Affinity,
  Container,
  PodTemplateSpec,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1.d.ts'
import { splitWords } from '../words.ts'
import { fileSecrets, secretFolder, secretObjectName, variablesOf } from './environment.ts'
import { labelsOf, selectorOf, serviceLabels } from './labels.ts'
import { imageOf, type RenderOptions } from './options.ts'
import { probesOf } from './probe.ts'
import { bytesQuantity, coresQuantity, seconds } from './quantity.ts'
import { containerSecurity, podSecurity } from './security.ts'

/** Seconds between leaving the endpoints and the signal: what routers need to hear of it. */
export const endpointLagSeconds = 5

function gpuResource(program: Service | Job): Record<string, string> {
  const { gpu } = program
  if (!gpu) return {}
  if (gpu.profile) return { [`nvidia.com/mig-${gpu.profile}`]: String(gpu.count) }
  return {
    [gpu.share?.mode === 'time-slicing' || gpu.share?.mode === 'mps' ? 'nvidia.com/gpu.shared' : 'nvidia.com/gpu']:
      String(gpu.count),
  }
}

function mountsOf(program: Service | Job): { volumes: Volume[]; mounts: VolumeMount[] } {
  const volumes: Volume[] = [{ name: 'tmp', emptyDir: { sizeLimit: bytesQuantity(program.disk) } }]
  const mounts: VolumeMount[] = [{ name: 'tmp', mountPath: '/tmp' }]
  for (const need of program.needs) {
    if (need.on.kind !== 'volume' || !need.mount) continue
    volumes.push({
      name: `volume-${need.on.name}`,
      persistentVolumeClaim: { claimName: need.on.name, ...(need.readOnly && { readOnly: true }) },
    })
    mounts.push({ name: `volume-${need.on.name}`, mountPath: need.mount, ...(need.readOnly && { readOnly: true }) })
  }
  const secrets = fileSecrets(program)
  if (secrets.length > 0) {
    // Mode 0440 with the pod's group: the file belongs to root, the program reads it through fsGroup.
    const sources = secrets.map((secret) => ({
      secret: { name: secretObjectName(secret), items: [{ key: 'value', path: secret, mode: 0o440 }] },
    }))
    volumes.push({ name: 'secrets', projected: { sources } })
    mounts.push({ name: 'secrets', mountPath: secretFolder, readOnly: true })
  }
  if ('storage' in program) {
    for (const [path] of Object.entries(program.storage)) mounts.push({ name: storageName(path), mountPath: path })
  }
  return { volumes, mounts }
}

/** Name of the volume claim of a replica's own disk at a path. */
export function storageName(path: string): string {
  return `storage${path
    .replace(/[^a-z0-9]+/gi, '-')
    .toLowerCase()
    .replace(/-$/, '')}`
}

function placement(
  fleet: Fleet,
  program: Service | Job,
): { affinity?: Affinity; topologySpreadConstraints?: TopologySpreadConstraint[] } {
  const { machines, zones, spread, antiAffinity } = program.place
  const labelSelector = { matchLabels: selectorOf(fleet, program.name) }
  const wanted = [
    ...(machines.length > 0 ? [{ key: 'kubernetes.io/hostname', operator: 'In', values: [...machines] }] : []),
    ...(zones.length > 0 ? [{ key: 'topology.kubernetes.io/zone', operator: 'In', values: [...zones] }] : []),
  ]
  const term = { labelSelector, topologyKey: 'kubernetes.io/hostname' }
  const affinity: Affinity = {
    ...(wanted.length > 0 && {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: wanted }] },
      },
    }),
    ...(antiAffinity === 'required' && { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }),
    ...(antiAffinity === 'preferred' && {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
    }),
  }
  const keys =
    spread === 'zone'
      ? ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']
      : spread === 'machine'
        ? ['kubernetes.io/hostname']
        : []
  const constraints = keys.map(
    (topologyKey): TopologySpreadConstraint => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector,
    }),
  )
  return {
    ...(Object.keys(affinity).length > 0 && { affinity }),
    ...(constraints.length > 0 && { topologySpreadConstraints: constraints }),
  }
}

function containerOf(fleet: Fleet, program: Service | Job, options: RenderOptions): Container {
  const amounts = {
    cpu: coresQuantity(program.cpu),
    memory: bytesQuantity(program.memory),
    'ephemeral-storage': bytesQuantity(program.disk),
    ...gpuResource(program),
  }
  const service = 'tier' in program ? program : undefined
  const ports = [
    ...(service?.port ? [{ name: 'main', containerPort: service.port, protocol: 'TCP' as const }] : []),
    ...Object.entries(service?.ports ?? {}).map(([name, port]) => ({
      name: name.slice(0, 15),
      containerPort: port.port,
      protocol: 'TCP' as const,
    })),
  ]
  const stopCommand = service?.stop.command
  const preStop = service && {
    lifecycle: {
      preStop: stopCommand
        ? {
            exec: {
              command: ['sh', '-c', `sleep ${endpointLagSeconds}; exec "$@"`, 'stop', ...splitWords(stopCommand)],
            },
          }
        : { sleep: { seconds: endpointLagSeconds } },
    },
  }
  return {
    name: program.name,
    image: imageOf(fleet, program, options),
    imagePullPolicy: 'IfNotPresent',
    ...(program.run !== undefined && { command: splitWords(program.run) }),
    env: variablesOf(fleet, program).map((variable) => ({ ...variable })),
    ...(ports.length > 0 && { ports }),
    resources: { requests: amounts, limits: amounts },
    ...(service && probesOf(service)),
    ...preStop,
    securityContext: containerSecurity(program),
    volumeMounts: mountsOf(program).mounts,
  }
}

/** Metadata of the pods of one version; the version, where there is one, is what the gateway routes by. */
export interface PodIdentity {
  readonly version?: string
}

/** The pod of a service or job. */
export function podTemplate(
  fleet: Fleet,
  program: Service | Job,
  options: RenderOptions,
  identity: PodIdentity = {},
): PodTemplateSpec {
  const service = 'tier' in program ? program : undefined
  const labels = service ? serviceLabels(fleet, service) : labelsOf(fleet, program.name)
  const host = program.security.some((exception) => exception.allow === 'host-network')
  return {
    metadata: { labels: { ...labels, ...(identity.version && { 'seaworthy.dev/version': identity.version }) } },
    spec: {
      serviceAccountName: program.name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(service && { priorityClassName: `${fleet.name}-${service.tier}` }),
      ...(service && { terminationGracePeriodSeconds: seconds(service.stop.grace) + endpointLagSeconds }),
      ...(!service && { restartPolicy: 'Never' }),
      ...(host && { hostNetwork: true }),
      securityContext: podSecurity(program),
      ...placement(fleet, program),
      ...(program.gpu && { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists', effect: 'NoSchedule' }] }),
      containers: [containerOf(fleet, program, options)],
      volumes: mountsOf(program).volumes,
    },
  }
}
