import type { Route, Service } from '../resolved.generated.ts'
import { names } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on the ways in. */
export const routeRules: readonly Rule[] = [
  refusal({
    code: 'SW1501',
    title: 'Overlapping routes',
    meaning:
      'Two routes take the same requests: same host, path, methods, headers and version. Which one answers would depend on their order.',
    *check({ environment, having }) {
      const seen = new Map<string, { readonly service: Service; readonly route: Route; readonly index: number }[]>()
      for (const service of having.routes) {
        for (const [index, route] of service.routes.entries()) {
          const key = `${hostOf(route, environment.domain)} ${pathOf(route.path)} ${conditionsOf(route)}`
          const others = seen.get(key) ?? []
          const other = others.find(({ route: earlier }) => methodsMeet(earlier, route))
          if (other) {
            const both = other.service === service ? `route ${other.index + 1} of the same service` : other.service.name
            yield {
              path: ['services', service.name, 'routes', index],
              message: `expected ${label(route)} to lead to one place, found it taken by ${both}`,
              hint: 'give one of them another host, path or methods, or take it away',
            }
          }
          others.push({ service, route, index })
          seen.set(key, others)
        }
      }
    },
  }),
  refusal({
    code: 'SW1502',
    title: 'Route to a worker',
    meaning: 'A worker has no port, so no request can be sent to it.',
    *check({ having }) {
      for (const { name, protocol, routes, port } of having.routes) {
        if (routes.length === 0) continue
        const [route] = routes
        if (protocol === 'worker') {
          yield {
            path: ['services', name, 'routes', 0],
            message: `expected a service with a port behind ${route ? label(route) : 'a route'}, found a worker`,
            hint: 'give the service a `port`, or take its routes away',
          }
        } else if (protocol === 'tcp') {
          yield {
            path: ['services', name, 'routes', 0],
            message: `expected HTTP behind ${route ? label(route) : 'a route'}, found protocol tcp`,
            hint: 'routes carry http, ws, sse and grpc; open a tcp service with `hostPort`',
          }
        } else if (port === undefined) {
          yield {
            path: ['services', name, 'port'],
            message: `expected a port for the routes of a service that speaks ${protocol}, found none`,
            hint: 'add `port: 3000`',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1503',
    title: 'Port that nothing listens on',
    meaning: 'A service that speaks a protocol needs a port, and each of its ports a number of its own.',
    *check({ services }) {
      for (const { name, protocol, port, hostPort, ports, routes } of services) {
        if (protocol !== 'worker' && port === undefined && hostPort === undefined && routes.length === 0) {
          yield {
            path: ['services', name, 'port'],
            message: `expected a port for a service that speaks ${protocol}, found none`,
            hint: 'add `port: 3000`, or take `protocol` away: without a port it is a worker',
          }
        }
        const taken = new Map<number, string>(port === undefined ? [] : [[port, 'port']])
        for (const [key, extra] of Object.entries(ports)) {
          const other = taken.get(extra.port)
          if (other !== undefined) {
            yield {
              path: ['services', name, 'ports', key, 'port'],
              message: `expected a number of its own, found ${extra.port}, which is \`${other}\` too`,
              hint: `choose another, such as ${extra.port < 65_535 ? extra.port + 1 : extra.port - 1}`,
            }
          }
          taken.set(extra.port, `ports.${key}`)
        }
      }
    },
  }),
  refusal({
    code: 'SW1504',
    title: 'Route host that is no host',
    meaning: 'A host is a DNS name, or `*.` and a DNS name; ports, schemes and paths stand elsewhere.',
    *check({ having }) {
      for (const { name, routes } of having.routes) {
        for (const [index, { host }] of routes.entries()) {
          if (host === undefined || hostName.test(host)) continue
          const mended = host
            .toLowerCase()
            .replace(/^[a-z]+:\/\//, '')
            .replace(/[:/].*$/, '')
          yield {
            path: ['services', name, 'routes', index, 'host'],
            message: `expected a host name such as api.example.com or *.example.com, found \`${host}\``,
            hint: hostName.test(mended) ? `write \`${mended}\`` : 'lower-case letters, digits, hyphens and dots only',
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1505',
    title: 'Two services on one host port',
    meaning: 'Only one process can listen on a port of a machine.',
    *check({ services, having }) {
      const taken = new Map<number, Service[]>()
      for (const service of having.hostPort) {
        if (service.hostPort === undefined) continue
        const others = taken.get(service.hostPort) ?? []
        const other = others.find((candidate) => mayMeet(candidate, service))
        if (other) {
          yield {
            path: ['services', service.name, 'hostPort'],
            message: `expected a host port of its own, found ${service.hostPort}, which ${other.name} has`,
            hint: `choose another, such as ${freePort(services, service.hostPort)}, or place the two on different machines`,
          }
        }
        others.push(service)
        taken.set(service.hostPort, others)
      }
    },
  }),
  refusal({
    code: 'SW1506',
    title: 'Host port of the gateway',
    meaning: 'The gateway listens on this port of the machine already.',
    *check({ services, environment, having }) {
      if (environment.engine !== 'machine' || environment.gatewayPort === 0) return
      for (const { name, hostPort } of having.hostPort) {
        if (hostPort !== environment.gatewayPort) continue
        yield {
          path: ['services', name, 'hostPort'],
          message: `expected a port other than ${environment.gatewayPort} (the gateway of ${environment.name}), found ${hostPort}`,
          hint: `choose ${freePort(services, hostPort)}, or set \`gatewayPort\` to another`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1507',
    title: 'Several replicas on one host port',
    meaning: 'Replicas on one machine cannot share a port of it; only replicas on machines of their own can.',
    *check({ having }) {
      for (const { name, hostPort, scale, replicas, place } of having.hostPort) {
        const most = scale?.max ?? replicas ?? 1
        if (hostPort === undefined || most < 2 || place.antiAffinity === 'required') continue
        yield {
          path: ['services', name, 'hostPort'],
          message: `expected 1 replica on host port ${hostPort}, found ${most}`,
          hint: "run one, or set `place: { antiAffinity: 'required' }` with a machine for each",
        }
      }
    },
  }),
  warning({
    code: 'SW2501',
    title: 'Production without TLS',
    meaning: 'Requests cross the network in the clear, tokens and keys among them.',
    *check({ services, environment, production }) {
      if (!production || (environment.tls !== 'off' && environment.tls !== 'development')) return
      const open = services.filter(({ routes }) => routes.length > 0)
      if (open.length === 0) return
      yield {
        path: ['environments', environment.name, 'tls'],
        message: `expected certificates for ${names(open.map(({ name }) => name))} in ${environment.name}, found tls \`${environment.tls}\``,
        hint:
          environment.engine === 'kubernetes'
            ? "set `tls: 'cert-manager'`, or silence this where a load balancer in front ends TLS"
            : "set `tls: 'files'`, or silence this where a proxy in front ends TLS",
      }
    },
  }),
  warning({
    code: 'SW2502',
    title: 'Service that nothing reaches',
    meaning: 'It has a port, but no route, no host port, and no service needs it.',
    *check({ services, dependents }) {
      for (const { name, protocol, routes, hostPort, network } of services) {
        if (protocol === 'worker' || routes.length > 0 || hostPort !== undefined || network.ingress.length > 0) continue
        if (dependents.has(name)) continue
        yield {
          path: ['services', name],
          message: 'expected a route, a host port or a service that needs it, found none',
          hint: "add `routes: ['/']`, let another service need it, or take its `port` away if it is a worker",
        }
      }
    },
  }),
]

const hostName = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

function hostOf({ host }: Route, domain: string | undefined): string {
  if (host === undefined) return '*'
  return domain !== undefined && !host.includes('.') ? `${host}.${domain}` : host.toLowerCase()
}

function pathOf(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}

function conditionsOf({ headers, version }: Route): string {
  if (version === undefined && Object.keys(headers).length === 0) return ''
  const fields = Object.entries(headers).map(([name, value]) => `${name.toLowerCase()}=${value}`)
  return JSON.stringify([fields.sort(), version?.name ?? null])
}

/** Whether some method finds both routes; one that names methods is asked before one that does not. */
function methodsMeet({ methods: a }: Route, { methods: b }: Route): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.some((method) => b.includes(method))
}

function label({ host, path, methods }: Route): string {
  return `${methods ? `${methods.join('|')} ` : ''}${host ?? ''}${path}`
}

/** Whether replicas of two services may run on one machine. */
function mayMeet(a: Service, b: Service): boolean {
  const [here, there] = [a.place.machines, b.place.machines]
  return here.length === 0 || there.length === 0 || here.some((machine) => there.includes(machine))
}

function freePort(services: readonly Service[], taken: number): number {
  const used = new Set(services.map(({ hostPort }) => hostPort))
  let port = taken < 65_535 ? taken + 1 : 1024
  while (used.has(port)) port += 1
  return port
}
