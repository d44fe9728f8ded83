import type { Fleet, Route, Service } from '@seaworthy/model'
import { serviceLabels } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import type { RenderOptions } from './options.ts'

/** Name and port of the Service of Seaworthy's own gateway in the namespace. */
export const gatewayService: { readonly name: string; readonly port: number } = { name: 'seaworthy-gateway', port: 80 }

/** A route's host in full: one without a dot gets the environment's domain. */
export function hostOf(fleet: Fleet, route: Route): string | undefined {
  const { domain } = fleet.environment
  if (!route.host || route.host.includes('.') || !domain) return route.host
  return `${route.host}.${domain}`
}

function backend(service: Service, options: RenderOptions): { name: string; port: number } {
  return options.platform ? gatewayService : { name: service.name, port: service.port ?? 80 }
}

function tlsSecret(host: string): string {
  return `tls-${host.replaceAll('*', 'wildcard').replaceAll('.', '-')}`
}

/** The Ingress of a service with routes. */
export function ingressObject(fleet: Fleet, service: Service, options: RenderOptions): KubernetesObject | undefined {
  const { environment } = fleet
  if (service.routes.length === 0 || !service.port || environment.ingress !== 'ingress') return undefined
  const target = backend(service, options)
  const byHost = new Map<string | undefined, Route[]>()
  for (const route of service.routes) {
    const host = hostOf(fleet, route)
    byHost.set(host, [...(byHost.get(host) ?? []), route])
  }
  const hosts = [...byHost.keys()].filter((host) => host !== undefined).sort()
  const rules = [...byHost].map(([host, routes]) => ({
    ...(host && { host }),
    http: {
      paths: [...new Set(routes.map((route) => route.path))].sort().map((path) => ({
        path,
        pathType: 'Prefix',
        backend: { service: { name: target.name, port: { number: target.port } } },
      })),
    },
  }))
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: service.name,
      namespace: environment.namespace,
      labels: serviceLabels(fleet, service),
      ...(environment.tls === 'cert-manager' && { annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' } }),
    },
    spec: {
      ingressClassName: environment.ingressClass,
      ...(environment.tls !== 'off' &&
        hosts.length > 0 && { tls: hosts.map((host) => ({ hosts: [host], secretName: tlsSecret(host) })) }),
      rules,
    },
  }
}

/** Shares of traffic by version, for the router that is not ours. */
export type RouteShares = Readonly<Record<string, number>>

/** The HTTPRoute of a service with routes; with shares, each version has a Service of its own, named `<service>-<version>`. */
export function httpRoute(
  fleet: Fleet,
  service: Service,
  options: RenderOptions,
  shares?: RouteShares,
): KubernetesObject | undefined {
  const { environment } = fleet
  if (service.routes.length === 0 || !service.port || environment.ingress !== 'gateway-api') return undefined
  const target = backend(service, options)
  const backendRefs = shares
    ? Object.entries(shares).map(([version, share]) => ({
        name: `${service.name}-${version}`,
        port: service.port,
        weight: Math.round(share * 1000),
      }))
    : [{ name: target.name, port: target.port }]
  const hostnames = [...new Set(service.routes.flatMap((route) => hostOf(fleet, route) ?? []))].sort()
  const matches = (route: Route): object[] => {
    const path = { type: 'PathPrefix', value: route.path }
    const headers = Object.entries(route.headers).map(([name, value]) => ({ name, value }))
    const match = { path, ...(headers.length > 0 && { headers }) }
    return route.methods ? route.methods.map((method) => ({ ...match, method })) : [match]
  }
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: service.name, namespace: environment.namespace, labels: serviceLabels(fleet, service) },
    spec: {
      parentRefs: [{ name: environment.ingressClass }],
      ...(hostnames.length > 0 && { hostnames }),
      rules: service.routes.map((route) => ({
        matches: matches(route),
        ...(route.stripPath && {
          filters: [
            { type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } },
          ],
        }),
        backendRefs,
        timeouts: { backendRequest: `${route.timeout ?? service.timeout}ms` },
      })),
    },
  }
}
