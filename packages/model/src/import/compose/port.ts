import { type Tree, textOf } from '../yaml/tree.ts'

/** One port of a container, perhaps published on the host. */
export interface ContainerPort {
  readonly target: number
  /** Port on the host; absent when it is not published or the host chooses. */
  readonly published?: number
  readonly isPublished: boolean
  /** Address on the host that it is bound to; all when absent. */
  readonly hostIp?: string
  readonly protocol: 'tcp' | 'udp' | 'other'
  /** What is spoken, when the file says so (`app_protocol`). */
  readonly appProtocol?: string
  readonly name?: string
}

/** Reads one entry of `ports`: `[[ip:][host]:]container[/protocol]` with ranges, a number, or the long form. */
export function readPort(entry: Tree): readonly ContainerPort[] | undefined {
  return entry.kind === 'mapping' ? longPort(entry.entries) : shortPort(textOf(entry) ?? '')
}

/** Reads one entry of `expose`: a port or a range, perhaps with a protocol. */
export function readExposed(entry: Tree): readonly ContainerPort[] | undefined {
  const ports = shortPort(textOf(entry) ?? '')
  return ports?.map(({ target, protocol }) => ({ target, protocol, isPublished: false }))
}

function shortPort(text: string): readonly ContainerPort[] | undefined {
  const [address = '', protocol = 'tcp'] = text.split('/')
  const ip = /^(?:\[(?<six>[^\]]*)\]|(?<four>[^:[\]]*)):(?=[^:]*:[^:]*$)/.exec(address)
  const hostIp = ip?.groups?.six ?? ip?.groups?.four
  const parts = address.slice(ip?.[0].length ?? 0).split(':')
  const targets = range(parts.at(-1) ?? '')
  const hosts = parts.length > 1 ? range(parts[0] ?? '') : undefined
  if (!targets || parts.length > 2 || (parts.length > 1 && !hosts && parts[0] !== '')) return undefined
  // A range of host ports for one container port lets the host choose within it.
  if (hosts && hosts.length !== targets.length && targets.length !== 1) return undefined
  const chosen = hosts && hosts.length === targets.length ? hosts : undefined
  return targets.map((target, index) => ({
    target,
    ...(chosen?.[index] !== undefined && { published: chosen[index] }),
    isPublished: true,
    ...(hostIp && { hostIp }),
    protocol: protocolOf(protocol),
  }))
}

function longPort(entries: ReadonlyMap<string, Tree>): readonly ContainerPort[] | undefined {
  const text = (key: string): string | undefined => textOf(entries.get(key))
  const targets = range(text('target') ?? '')
  const target = targets?.[0]
  if (target === undefined) return undefined
  const published = range(text('published') ?? '')
  const hostIp = text('host_ip')
  const appProtocol = text('app_protocol')
  const name = text('name')
  return [
    {
      target,
      ...(published?.length === 1 && published[0] !== undefined && { published: published[0] }),
      isPublished: entries.has('published'),
      ...(hostIp && { hostIp }),
      protocol: protocolOf(text('protocol') ?? 'tcp'),
      ...(appProtocol && { appProtocol }),
      ...(name && { name }),
    },
  ]
}

function range(text: string): number[] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim())
  if (!match) return undefined
  const from = Number(match[1])
  const to = Number(match[2] ?? match[1])
  if (from < 1 || to > 65535 || to < from) return undefined
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function protocolOf(text: string): ContainerPort['protocol'] {
  const word = text.toLowerCase()
  return word === 'tcp' || word === 'udp' ? word : 'other'
}

/** What tells one published port from another when files are merged. */
export function portKey(entry: Tree): string {
  const ports = readPort(entry)
  if (!ports) return textOf(entry) ?? ''
  return ports
    .map((port) => `${port.hostIp ?? '0.0.0.0'}:${port.published ?? ''}:${port.target}/${port.protocol}`)
    .join(' ')
}
