import type { Notes } from '../note.ts'
import type { Place } from '../yaml/tree.ts'
import { readRouterRule } from './router-rule.ts'

/** What the labels of a service say in the catalog's terms. */
export interface LabelFacts {
  readonly routes: readonly unknown[]
  /** Port that the proxy sends to. */
  readonly port?: number
  readonly affinity?: 'cookie'
  readonly rateLimit?: string
}

type Labels = ReadonlyMap<string, string>

/** Reads what the labels tell a reverse proxy (Traefik 1 to 3, caddy-docker-proxy); other labels are for other tools. */
export function readLabels(labels: Labels, at: Place, path: string, notes: Notes): LabelFacts {
  const routes: unknown[] = []
  let facts: Omit<LabelFacts, 'routes'> = {}
  const used = new Set<string>()
  const lower = new Map([...labels].map(([key, value]) => [key.toLowerCase(), value]))
  const off = lower.get('traefik.enable') === 'false'

  for (const [key, value] of labels) {
    const name = key.toLowerCase()
    const router = /^traefik\.http\.routers\.([^.]+)\.rule$/.exec(name)?.[1]
    if (router && !off) {
      used.add(key)
      routes.push(...traefikRoutes(value, stripped(router, lower), at, `${path}.${key}`, notes))
    } else if (/^traefik\.(frontend|[^.]+\.frontend)\.rule$/.test(name) && !off) {
      used.add(key)
      const hosts = /^Host:\s*(.+?)(;|$)/.exec(value)?.[1]
      if (hosts) routes.push(...hosts.split(',').map((host) => host.trim()))
      else notes.lost(at, `${path}.${key}`, `\`${value}\` is not understood`, 'Write it under `routes`.')
    } else if (/^traefik\.http\.services\.[^.]+\.loadbalancer\.server\.port$|^traefik\.port$/.test(name)) {
      used.add(key)
      if (/^\d+$/.test(value)) facts = { ...facts, port: Number(value) }
    } else if (/^traefik\.http\.services\.[^.]+\.loadbalancer\.sticky(\.cookie)?(\.name)?$/.test(name)) {
      used.add(key)
      if (value !== 'false') facts = { ...facts, affinity: 'cookie' }
    } else if (/^traefik\.http\.middlewares\.[^.]+\.ratelimit\.average$/.test(name)) {
      used.add(key)
      facts = { ...facts, rateLimit: `${value}/${periodOf(name, lower)}` }
      notes.changed(
        at,
        `${path}.${key}`,
        'the limit counts per client, not for all together',
        'Correct `protect.rateLimit`.',
      )
    } else if (/^traefik\.http\.middlewares\.[^.]+\.(stripprefix|ratelimit)\./.test(name)) {
      used.add(key)
    } else if (/^traefik\.(http\.middlewares|tcp|udp)\./.test(name)) {
      used.add(key)
      notes.lost(at, `${path}.${key}`, middlewareWhat(name), middlewareInstead(name))
    } else if (name.startsWith('traefik.')) {
      used.add(key)
      notes.needless(
        at,
        `${path}.${key}`,
        'the gateway does what Traefik did; certificates come from `tls` of the environment',
      )
    } else if (name === 'caddy' && /^[A-Za-z0-9.*, -]+$/.test(value)) {
      used.add(key)
      routes.push(...value.split(/[,\s]+/).filter((host) => host !== ''))
    } else if (name === 'caddy.reverse_proxy') {
      used.add(key)
      const port = /(\d{2,5})\}*\s*$/.exec(value)?.[1]
      if (port) facts = { ...facts, port: Number(port) }
    }
  }
  for (const key of labels.keys())
    if (!used.has(key)) notes.needless(at, `${path}.${key}`, 'a label that only other tools read')
  return { routes, ...facts }
}

function traefikRoutes(rule: string, prefixes: readonly string[], at: Place, path: string, notes: Notes): unknown[] {
  const alternatives = readRouterRule(rule)
  if (!alternatives) {
    notes.lost(at, path, `\`${rule}\` is not understood`, 'Write it under `routes`.')
    return []
  }
  return alternatives.flatMap((alternative) => {
    if (alternative.others.length > 0) {
      notes.lost(
        at,
        path,
        `routes do not know ${alternative.others.join(', ')}`,
        'Route by host, path, method or header.',
      )
      return []
    }
    const hosts = alternative.hosts.length > 0 ? alternative.hosts : [undefined]
    const paths = alternative.paths.length > 0 ? alternative.paths : [undefined]
    return hosts.flatMap((host) =>
      paths.map((path) => {
        const prefix = path === undefined || path === '/' ? undefined : path.replace(/\/$/, '')
        const strip = prefix !== undefined && prefixes.some((one) => one.replace(/\/$/, '') === prefix)
        const methods = alternative.methods.length > 0
        const headers = Object.keys(alternative.headers).length > 0
        if (!strip && !methods && !headers) return `${host?.toLowerCase() ?? ''}${prefix ?? (host ? '' : '/')}`
        return {
          ...(host && { host: host.toLowerCase() }),
          ...(prefix && { path: prefix }),
          ...(methods && { methods: alternative.methods }),
          ...(headers && { headers: alternative.headers }),
          ...(strip && { stripPath: true }),
        }
      }),
    )
  })
}

/** Prefixes that a router's middlewares take off. */
function stripped(router: string, labels: Labels): readonly string[] {
  const names = (labels.get(`traefik.http.routers.${router}.middlewares`) ?? '')
    .split(',')
    .map((name) => name.trim().split('@')[0])
  return names
    .flatMap((name) =>
      (labels.get(`traefik.http.middlewares.${name?.toLowerCase()}.stripprefix.prefixes`) ?? '').split(','),
    )
    .filter((prefix) => prefix !== '')
}

function periodOf(name: string, labels: Labels): string {
  const period = labels.get(name.replace(/average$/, 'period')) ?? '1s'
  return /^(1m|60s?)$/.test(period) ? 'min' : /^1h$/.test(period) ? 'h' : 's'
}

function middlewareWhat(name: string): string {
  const kind = name.split('.')[name.includes('.middlewares.') ? 4 : 1] ?? ''
  return name.includes('.middlewares.')
    ? `the middleware ${kind} is not carried over`
    : `${kind.toUpperCase()} routers have no counterpart`
}

function middlewareInstead(name: string): string {
  if (/basicauth|digestauth|forwardauth/.test(name)) return 'Use `protect: { auth }` with JSON Web Tokens or API keys.'
  if (/\.headers\./.test(name)) return 'Set them under `protect: { headers }` or `protect: { cors }`.'
  if (/redirect/.test(name))
    return 'The gateway redirects to HTTPS where `tls` is on; other redirects belong into the service.'
  if (/buffering/.test(name)) return 'Set `protect: { maxBody }`.'
  if (/circuitbreaker/.test(name)) return 'Set `breaker`.'
  if (/ipwhitelist|ipallowlist/.test(name)) return 'Restrict addresses before the gateway.'
  if (/\.retry\./.test(name)) return 'Set `retries`.'
  return 'See `protect`.'
}
