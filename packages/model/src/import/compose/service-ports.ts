import type { FolderFacts } from '../folder-facts.ts'
import { knownImage, likelyProtocol } from '../image.ts'
import type { Notes } from '../note.ts'
import type { Section } from '../section.ts'
import type { EnvVariable } from '../wiring/wireable.ts'
import { type Place, textOf } from '../yaml/tree.ts'
import type { HealthCheck } from './health.ts'
import { type ContainerPort, readExposed, readPort } from './port.ts'

/** A port as it was written, and where. */
interface WrittenPort extends ContainerPort {
  readonly at: Place
}

/** The ports of a service in the catalog's terms. */
export interface ServicePorts {
  readonly port?: number
  readonly protocol?: 'http' | 'ws' | 'sse' | 'grpc' | 'tcp'
  /** Further ports by name. */
  readonly extra: Readonly<Record<string, { readonly port: number; readonly protocol?: string }>>
  /** Port of the machine under which an HTTP service was reached, when it was. */
  readonly published?: { readonly port: number | undefined; readonly at: Place; readonly local: boolean }
  /** Port of the machine for what is no HTTP. */
  readonly hostPort?: number
  /** Why this port, when the file does not say it. */
  readonly guess?: { readonly why: string; readonly at: Place }
}

const debuggers: ReadonlySet<number> = new Set([9229, 9230, 5005, 5678, 2345, 40000])

/** Reads `ports` and `expose`, and finds the service's own port among them or, where they are silent, elsewhere. */
export function readServicePorts(
  service: Section,
  context: {
    readonly image: string | undefined
    readonly facts: FolderFacts | undefined
    readonly health: HealthCheck | undefined
    readonly env: readonly EnvVariable[]
    readonly labelled: number | undefined
    /** Port at which other services call it. */
    readonly called: number | undefined
  },
  notes: Notes,
): ServicePorts {
  const written = [
    ...writtenPorts(service, 'ports', readPort, notes),
    ...writtenPorts(service, 'expose', readExposed, notes),
  ]
  const usable = written.filter((port) => {
    if (port.protocol !== 'tcp') {
      notes.lost(
        port.at,
        `${service.path}.ports`,
        `${port.target}/${port.protocol} is not TCP`,
        'Only TCP reaches services; run what needs UDP beside.',
      )
      return false
    }
    if (debuggers.has(port.target) && written.length > 1) {
      notes.needless(port.at, `${service.path}.ports`, `${port.target} is a debugger’s port`)
      return false
    }
    return true
  })
  const { port, guess } = ownPort(usable, service, context)
  if (port === undefined) return { extra: {} }
  const known = context.image === undefined ? undefined : knownImage(context.image)
  const own =
    usable.find((candidate) => candidate.target === port && candidate.isPublished) ??
    usable.find((candidate) => candidate.target === port)
  const protocol =
    spoken(own) ??
    (known?.port === port ? known.protocol : undefined) ??
    (context.health && 'http' in context.health.question ? 'http' : likelyProtocol(port))
  const extra = extraPorts(usable, port, service, notes)
  const isPublished = own?.isPublished === true
  const hostPort = own?.published ?? own?.target
  return {
    port,
    protocol,
    extra,
    ...(isPublished &&
      protocol !== 'tcp' &&
      own && { published: { port: own.published, at: own.at, local: isLoopback(own.hostIp) } }),
    ...(isPublished && protocol === 'tcp' && hostPort !== undefined && { hostPort }),
    ...(guess && { guess }),
  }
}

function writtenPorts(
  service: Section,
  key: 'ports' | 'expose',
  read: (entry: Parameters<typeof readPort>[0]) => readonly ContainerPort[] | undefined,
  notes: Notes,
): WrittenPort[] {
  return service.items(key).flatMap((entry) => {
    const ports = read(entry)
    if (!ports)
      notes.lost(
        entry.at,
        `${service.path}.${key}`,
        `\`${textOf(entry) ?? 'an entry'}\` is no port`,
        'Correct the entry.',
      )
    return (ports ?? []).map((port) => ({ ...port, at: entry.at }))
  })
}

/** The port that the service itself is reached on: the first that the files agree on. */
function ownPort(
  written: readonly WrittenPort[],
  service: Section,
  { image, facts, health, env, labelled, called }: Parameters<typeof readServicePorts>[1],
): { port?: number; guess?: ServicePorts['guess'] } {
  const targets = [...new Set([...written.filter((port) => port.isPublished), ...written].map((port) => port.target))]
  const variable = env.find((candidate) => candidate.name === 'PORT' && /^\d{2,5}$/.test(candidate.value ?? ''))
  // A command of its own makes another program of the image, which need not listen where the image's own does.
  const own = service.has('command') || service.has('entrypoint') ? undefined : facts
  const exposed = own?.dockerfile?.ports.find((port) => port.protocol === 'tcp')
  const known = image === undefined ? undefined : knownImage(image)
  // Where others call it, and where a database or broker listens, needs not be published to be its port.
  const certain = [labelled, called, known?.protocol === 'tcp' ? known.port : undefined]
  const hints = [...certain, variable && Number(variable.value), health?.port, exposed?.port, known?.port]
  const agreed = [...certain, ...hints.filter((port) => port !== undefined && targets.includes(port))]
  const likely = targets.find((port) => likelyProtocol(port) === 'http') ?? targets[0]
  const port = [...agreed, likely, ...hints, own?.package?.port].find((candidate) => candidate !== undefined)
  if (port === undefined) return {}
  if (
    targets.includes(port) ||
    [labelled, variable && Number(variable.value), health?.port, exposed?.port].includes(port)
  )
    return { port }
  const from = own?.package?.portFrom
  const guess =
    port === called
      ? { why: 'other services call it there', at: service.at }
      : port === known?.port
        ? { why: `the image ${image} listens on it`, at: service.placeOf('image') }
        : { why: 'the program seems to listen on it', at: { file: from?.file ?? '', line: from?.line ?? 1 } }
  return { port, guess }
}

function extraPorts(
  written: readonly WrittenPort[],
  own: number,
  service: Section,
  notes: Notes,
): ServicePorts['extra'] {
  const extra: Record<string, { port: number; protocol?: string }> = {}
  for (const port of written) {
    if (port.target === own || Object.values(extra).some((known) => known.port === port.target)) continue
    const protocol = spoken(port) ?? likelyProtocol(port.target)
    extra[portName(port)] = { port: port.target, ...(protocol !== 'http' && { protocol }) }
    if (port.isPublished)
      notes.changed(
        port.at,
        `${service.path}.ports`,
        `port ${port.target} is open to other services only; one port of a service is reached from outside`,
        'Where it must be, run it as a service of its own.',
      )
  }
  return extra
}

function portName(port: WrittenPort): string {
  const name = port.name
    ?.toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
  return name || (port.target === 443 ? 'https' : `port-${port.target}`)
}

function spoken(port: ContainerPort | undefined): ServicePorts['protocol'] {
  switch (port?.appProtocol?.toLowerCase()) {
    case 'http':
    case 'https':
    case 'http2':
      return 'http'
    case 'grpc':
      return 'grpc'
    case 'ws':
    case 'wss':
    case 'websocket':
      return 'ws'
    case 'tcp':
      return 'tcp'
    default:
      return undefined
  }
}

function isLoopback(ip: string | undefined): boolean {
  return ip !== undefined && (ip.startsWith('127.') || ip === '::1' || ip === 'localhost')
}
