import { writeCommand } from '../command-words.ts'
import type { DraftRef } from '../draft.ts'
import { entrypointOf, knownImage, likelyProtocol } from '../image.ts'
import type { Notes } from '../note.ts'
import type { PartNames } from '../part-names.ts'
import { openSection, type Section } from '../section.ts'
import type { Wireable } from '../wiring/wireable.ts'
import { textOf } from '../yaml/tree.ts'
import { type ContainerEnv, dataOf, readContainerEnv } from './env.ts'
import { type KubernetesObject, selects, textMap } from './objects.ts'
import { type PodVolume, readPodVolumes } from './storage.ts'
import { apiName } from './uncarried.ts'

/** A workload whose pod was opened, and what others know it as. */
export interface Workload extends Wireable {
  readonly object: KubernetesObject
  /** Its spec; for a CronJob that of the job. */
  readonly spec: Section
  readonly pod: Section
  readonly container: Section
  readonly image: string
  readonly containerEnv: ContainerEnv
  readonly volumes: ReadonlyMap<string, PodVolume>
  /** Service objects that lead to it. */
  readonly services: readonly KubernetesObject[]
  readonly podLabels: ReadonlyMap<string, string>
  /** Numbers of the container's named ports. */
  readonly namedPorts: ReadonlyMap<string, number>
  readonly extraPorts: Readonly<Record<string, { readonly port: number; readonly protocol?: string }>>
}

/** Kinds that run pods. */
export const workloadKinds: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ReplicaSet',
  'Pod',
  'Job',
  'CronJob',
  'Rollout',
])

/** Opens a workload; undefined when it has no container. */
export function openWorkload(
  object: KubernetesObject,
  objects: readonly KubernetesObject[],
  names: PartNames,
  notes: Notes,
): Workload | undefined {
  const top = object.section.section('spec')
  const spec = object.kind === 'CronJob' ? top?.section('jobTemplate')?.section('spec') : top
  const template = object.kind === 'Pod' ? undefined : spec?.section('template')
  const pod = object.kind === 'Pod' ? spec : template?.section('spec')
  const podLabels = object.kind === 'Pod' ? object.labels : textMap(labelsOf(template))
  const containers = (pod?.items('containers') ?? []).flatMap((item) => (item.kind === 'mapping' ? [item] : []))
  const [first, ...sidecars] = containers
  if (!spec || !pod || !first) {
    notes.lost(object.section.at, object.section.path, 'it has no container', 'Correct the manifest.')
    return undefined
  }
  const container = openSection(first, `${object.section.path}.${textOf(first.entries.get('name')) ?? 'container'}`)
  container.take('name')
  for (const sidecar of sidecars)
    notes.lost(
      sidecar.at,
      `${object.section.path}.containers`,
      `the container ${textOf(sidecar.entries.get('name')) ?? ''} beside it is not carried over`,
      'Make it a service of its own and need it; what only carries logs or traffic is not needed.',
    )
  noteInit(pod, object, notes)
  const image = container.text('image') ?? ''
  const services = objects.filter(
    (candidate) =>
      candidate.kind === 'Service' &&
      candidate.namespace === object.namespace &&
      selects(textMap(selectorOf(candidate)), podLabels),
  )
  const resource = knownImage(image)?.resource
  const isJob = object.kind === 'Job' || object.kind === 'CronJob'
  const ref: DraftRef = {
    kind: resource && !isJob ? resource : isJob ? 'job' : 'service',
    name: names.take(plainName(object, services), 'workload'),
  }
  const containerEnv = readContainerEnv(container, objects, notes)
  const ports = readPorts(container, services, image, isJob, notes)
  return {
    key: object.name,
    ref,
    at: object.section.at,
    paths: { env: `${container.path}.env`, dependencies: object.section.path },
    env: [
      ...containerEnv.plain,
      ...containerEnv.secrets.flatMap((variable) => {
        const value = decoded(objects, variable.secret, variable.key)
        return value === undefined ? [] : [{ name: variable.name, value, at: variable.at, variables: [] }]
      }),
    ],
    dependencies: [],
    hosts: hostsOf(object, services),
    ports: ports.own,
    namedPorts: ports.named,
    extraPorts: ports.extra,
    object,
    spec,
    pod,
    container,
    image,
    containerEnv,
    volumes: readPodVolumes(pod, spec, notes),
    services,
    podLabels,
  }
}

function labelsOf(template: Section | undefined) {
  return template?.section('metadata')?.take('labels')
}

function selectorOf(service: KubernetesObject) {
  return service.section.section('spec')?.take('selector')
}

/** The name that others call it by: its Service's, where it has one alone; otherwise its own without its kind. */
function plainName(object: KubernetesObject, services: readonly KubernetesObject[]): string {
  const named = services.filter((service) => service.section.section('spec')?.peek('clusterIP') !== 'None')
  const [only] = named.length > 0 ? named : services
  if (only && (named.length === 1 || services.length === 1)) return only.name.replace(/-(service|svc)$/, '')
  return object.name.replace(/-(deployment|deploy|statefulset|sts|daemonset|cronjob)$/, '')
}

function hostsOf(object: KubernetesObject, services: readonly KubernetesObject[]): readonly string[] {
  const namespace = object.namespace ?? 'default'
  return services.flatMap(({ name }) => [
    name,
    `${name}.${namespace}`,
    `${name}.${namespace}.svc`,
    `${name}.${namespace}.svc.cluster.local`,
  ])
}

/** A value that a Secret among the manifests holds; it is looked at only to see whose address it is. */
function decoded(objects: readonly KubernetesObject[], secret: string, key: string): string | undefined {
  const object = objects.find((candidate) => candidate.kind === 'Secret' && candidate.name === secret)
  const found = dataOf(objects, 'Secret', secret)?.get(key)?.value
  if (!object || found === undefined) return undefined
  if (textMap(object.section.take('stringData')).has(key)) return found
  return /^[A-Za-z0-9+/=\s]+$/.test(found) ? Buffer.from(found, 'base64').toString('utf8') : undefined
}

function noteInit(pod: Section, object: KubernetesObject, notes: Notes): void {
  for (const item of pod.items('initContainers')) {
    if (item.kind !== 'mapping') continue
    const init = openSection(item, object.section.path)
    const name = init.text('name') ?? ''
    const command = [...init.items('command'), ...init.items('args')].map((word) => textOf(word) ?? '').join(' ')
    if (/nc -z|pg_isready|wait-for|until |nslookup/.test(command))
      notes.needless(
        item.at,
        `${object.section.path}.initContainers`,
        `${name} waits for another service; needs do that`,
      )
    else
      notes.lost(
        item.at,
        `${object.section.path}.initContainers`,
        `${name} does not run before it`,
        'Make it a job, and let it gate the release: `migrations: { before: [job] }`.',
      )
  }
}

function readPorts(
  container: Section,
  services: readonly KubernetesObject[],
  image: string,
  isJob: boolean,
  notes: Notes,
) {
  const named = new Map<string, number>()
  const written = container.items('ports').flatMap((item) => {
    if (item.kind !== 'mapping') return []
    const port = openSection(item, `${container.path}.ports`)
    const number = Number(port.text('containerPort'))
    const name = port.text('name')
    const protocol = port.text('protocol') ?? 'TCP'
    if (name) named.set(name, number)
    if (port.has('hostPort'))
      notes.lost(port.placeOf('hostPort'), `${port.path}.hostPort`, 'a port of the node is not opened', 'Route to it.')
    for (const key of ['hostPort', 'hostIP']) port.take(key)
    port.close(notes, {}, apiName)
    if (protocol !== 'TCP') {
      notes.lost(
        item.at,
        port.path,
        `${number}/${protocol} is not TCP`,
        'Only TCP reaches services; run what needs it beside.',
      )
      return []
    }
    return [{ number, name }]
  })
  const targets = services.flatMap((service) => servicePorts(service, named, notes))
  const known = knownImage(image)
  const main =
    written.find(({ name }) => name !== undefined && /^(http|web|main|app|api|grpc)/.test(name)) ??
    written.find(({ number }) => targets.some(({ target }) => target === number)) ??
    written[0]
  const port = isJob ? undefined : (main?.number ?? targets[0]?.target ?? known?.port)
  if (port === undefined) return { own: {}, named, extra: {} }
  const target = targets.find((one) => one.target === port)
  const protocol =
    protocolOf(target?.appProtocol, main?.name ?? target?.name) ??
    (known?.port === port ? known.protocol : undefined) ??
    likelyProtocol(port)
  const others = [
    ...written.map(({ number, name }) => ({ number, name })),
    ...targets.map(({ target, name }) => ({ number: target, name })),
  ]
  const extra: Record<string, { port: number; protocol?: string }> = {}
  for (const { number, name } of others) {
    if (number === port || Object.values(extra).some((one) => one.port === number)) continue
    const spoken = protocolOf(undefined, name) ?? likelyProtocol(number)
    extra[name?.toLowerCase().replace(/[^a-z0-9-]/g, '-') || `port-${number}`] = {
      port: number,
      ...(spoken !== 'http' && { protocol: spoken }),
    }
  }
  return {
    own: { port, protocol, also: targets.filter((one) => one.target === port).map((one) => one.port) },
    named,
    extra,
  }
}

function servicePorts(service: KubernetesObject, named: ReadonlyMap<string, number>, notes: Notes) {
  const spec = service.section.section('spec')
  return (spec?.items('ports') ?? []).flatMap((item) => {
    if (item.kind !== 'mapping') return []
    const one = openSection(item, `${service.section.path}.spec.ports`)
    const port = Number(one.text('port'))
    const written = one.text('targetPort')
    const target = written === undefined ? port : (named.get(written) ?? Number(written))
    if (one.text('protocol') === 'UDP') {
      notes.lost(item.at, one.path, `${port}/UDP is not TCP`, 'Only TCP reaches services.')
      return []
    }
    return Number.isInteger(target)
      ? [{ port, target, name: one.text('name'), appProtocol: one.text('appProtocol') }]
      : []
  })
}

function protocolOf(appProtocol: string | undefined, name: string | undefined): string | undefined {
  const word = (appProtocol ?? name ?? '').toLowerCase()
  if (/^(grpc|h2c|kubernetes\.io\/h2c)/.test(word)) return 'grpc'
  if (/^(ws|wss|websocket|kubernetes\.io\/wss?)/.test(word)) return 'ws'
  if (/^(http|web|metrics)/.test(word)) return 'http'
  return /^tcp/.test(word) ? 'tcp' : undefined
}

/** The command of a container: `command` and `args`, with the entry point of a well-known image before bare `args`. */
export function readContainerRun(workload: Workload, notes: Notes): string | readonly string[] | undefined {
  const { container, image } = workload
  const words = (key: string): string[] => container.items(key).map((item) => textOf(item) ?? '')
  const command = words('command')
  const args = words('args')
  if (command.length > 0) return writeCommand([...command, ...args])
  if (args.length === 0) return undefined
  const own = entrypointOf(image)
  if (own) return writeCommand([...own, ...args])
  notes.lost(
    container.placeOf('args'),
    `${container.path}.args`,
    `\`${args.join(' ')}\` are arguments for the entry point of ${image}, which is not known here`,
    'Write the whole command under `run`.',
  )
  return undefined
}
