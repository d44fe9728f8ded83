import type { Fleet, Job, Need, Service } from '@seaworthy/model'
import { labelsOf, selectorOf } from './labels.ts'
import type { KubernetesObject } from './object.ts'

const dns = {
  to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } }],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
}

/** Everyone outside the cluster; addresses of pods and nodes are kept out of it. */
const outside = {
  ipBlock: { cidr: '0.0.0.0/0', except: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'] },
}

function policy(fleet: Fleet, name: string, spec: object): KubernetesObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, name) },
    spec,
  }
}

/** Nothing goes in or out of any pod of the namespace unless another policy says so. */
export function defaultDeny(fleet: Fleet): KubernetesObject {
  return policy(fleet, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] })
}

function portsOf(service: Service): number[] {
  return [...(service.port ? [service.port] : []), ...Object.values(service.ports).map((port) => port.port)]
}

/** The ports on which something that is needed listens inside the cluster; none for what runs elsewhere. */
function portsOfNeed(fleet: Fleet, need: Need): number[] {
  const { kind, name } = need.on
  switch (kind) {
    case 'service': {
      const service = fleet.services[name]
      return service ? portsOf(service) : []
    }
    case 'postgres':
      return fleet.postgres[name]?.url ? [] : [5432]
    case 'redis':
      return fleet.redis[name]?.url ? [] : [6379]
    case 'volume':
    case 'external':
    case 'job':
      return []
    default:
      return kind satisfies never
  }
}

function port(number: number): { protocol: 'TCP'; port: number } {
  return { protocol: 'TCP', port: number }
}

/** Port of an address such as `https://host:8443/x`, `host:5432` or `env:NAME` (then any port, as 0). */
function portOfUrl(url: string): number {
  if (url.startsWith('env:')) return 0
  const explicit = /:(\d+)(?:\/|$)/.exec(url.replace(/^[a-z]+:\/\//, ''))?.[1]
  return explicit ? Number(explicit) : url.startsWith('http://') ? 80 : 443
}

function egressOutside(fleet: Fleet, program: Service | Job): object[] {
  if (program.network.anywhere) return [{ to: [outside] }]
  const urls = program.needs.flatMap(({ on: { kind, name } }) => {
    if (kind === 'external') return fleet.externals[name]?.url ?? []
    if (kind === 'postgres') return fleet.postgres[name]?.url ?? []
    return kind === 'redis' ? (fleet.redis[name]?.url ?? []) : []
  })
  const ports = [...urls.map(portOfUrl), ...program.network.egress.map((host) => Number(host.split(':')[1] ?? 443))]
  if (ports.length === 0) return []
  return ports.includes(0)
    ? [{ to: [outside] }]
    : [{ to: [outside], ports: [...new Set(ports)].sort((a, b) => a - b).map(port) }]
}

/** What one service or job may reach: its needs, the names of the cluster, and the hosts that the catalog lists. */
function egressOf(fleet: Fleet, program: Service | Job): object[] {
  const inside = program.needs.flatMap((need) => {
    const ports = portsOfNeed(fleet, need)
    return ports.length === 0
      ? []
      : [{ to: [{ podSelector: { matchLabels: selectorOf(fleet, need.on.name) } }], ports: ports.map(port) }]
  })
  const allowed = Object.values(fleet.services)
    .filter(
      (other) =>
        other.network.ingress.includes(program.name) && !program.needs.some((need) => need.on.name === other.name),
    )
    .map((other) => ({
      to: [{ podSelector: { matchLabels: selectorOf(fleet, other.name) } }],
      ports: portsOf(other).map(port),
    }))
  return [dns, ...inside, ...allowed, ...egressOutside(fleet, program)]
}

/** Programs that may call a service or resource: those that need it, and those that it lets in. */
export function callersOf(fleet: Fleet, name: string): string[] {
  const needing = [...Object.values(fleet.services), ...Object.values(fleet.jobs)].filter((program) =>
    program.needs.some((need) => need.on.name === name),
  )
  return [
    ...new Set([...needing.map((program) => program.name), ...(fleet.services[name]?.network.ingress ?? [])]),
  ].sort()
}

function ingressFrom(fleet: Fleet, callers: readonly string[], ports: readonly number[]): object[] {
  return callers.length === 0 || ports.length === 0
    ? []
    : [
        {
          from: callers.map((caller) => ({ podSelector: { matchLabels: selectorOf(fleet, caller) } })),
          ports: ports.map(port),
        },
      ]
}

/** The policy of one service: in from its callers, the front door and the metrics server; out to its needs. */
export function servicePolicy(fleet: Fleet, service: Service): KubernetesObject {
  const ports = portsOf(service)
  const door = service.routes.length > 0 && service.port
  return policy(fleet, service.name, {
    podSelector: { matchLabels: selectorOf(fleet, service.name) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      ...ingressFrom(fleet, callersOf(fleet, service.name), ports),
      ...(service.port
        ? [
            {
              from: [
                {
                  podSelector: {
                    matchLabels: { 'app.kubernetes.io/part-of': fleet.name, 'seaworthy.dev/test': 'true' },
                  },
                },
              ],
              ports: [port(service.port)],
            },
          ]
        : []),
      ...(door
        ? [
            {
              from: [
                { podSelector: { matchLabels: selectorOf(fleet, 'seaworthy-gateway') } },
                { namespaceSelector: { matchLabels: { 'seaworthy.dev/ingress': 'true' } } },
              ],
              ports: [port(service.port)],
            },
          ]
        : []),
      ...(service.port
        ? [
            {
              from: [
                { podSelector: { matchLabels: selectorOf(fleet, 'prometheus') } },
                { namespaceSelector: { matchLabels: { 'seaworthy.dev/monitoring': 'true' } } },
              ],
              ports: [port(service.port)],
            },
          ]
        : []),
    ],
    egress: egressOf(fleet, service),
  })
}

/** The policy of a job: nothing in, out to its needs. */
export function jobPolicy(fleet: Fleet, job: Job): KubernetesObject {
  return policy(fleet, job.name, {
    podSelector: { matchLabels: selectorOf(fleet, job.name) },
    policyTypes: ['Ingress', 'Egress'],
    egress: egressOf(fleet, job),
  })
}

/** What an operated cluster of PostgreSQL needs besides: its instances each other, the operator them, and they the API server. */
function operated(fleet: Fleet, name: string): { ingress: object[]; egress: object[] } {
  if (fleet.postgres[name]?.operator !== 'cloudnative-pg') return { ingress: [], egress: [] }
  const instances = { podSelector: { matchLabels: selectorOf(fleet, name) } }
  const operator = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'cnpg-system' } } }
  const api = { ports: [port(443), port(6443)] }
  return {
    ingress: [{ from: [instances, operator], ports: [port(5432), port(8000)] }],
    egress: [{ to: [instances], ports: [port(5432), port(8000)] }, api],
  }
}

/** The policy of a database or cache in the cluster: in from its callers, out to nowhere but names and its own instances. */
export function resourcePolicy(fleet: Fleet, name: string, listens: number): KubernetesObject {
  const more = operated(fleet, name)
  return policy(fleet, name, {
    podSelector: { matchLabels: selectorOf(fleet, name) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [...ingressFrom(fleet, callersOf(fleet, name), [listens]), ...more.ingress],
    egress: [dns, ...more.egress],
  })
}
