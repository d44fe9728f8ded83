import type { RequestHead } from '../message/request-head.ts'
import { type CompiledRoute, conditions, fieldsMatch } from './compiled-route.ts'

/** The outcome of a look-up: a route, or why there is none. */
export type RouteMatch = CompiledRoute | 'no-route' | 'method-not-allowed'

/** The routes of one host pattern, by path prefix. */
interface HostRoutes {
  readonly byPath: Map<string, CompiledRoute[]>
  /** The greatest number of `/` in a prefix; deeper prefixes need no look-up. */
  depth: number
}

/** All routes, compiled; looking one up costs one map access for each `/` of the path, however many routes there are. */
export class RouteTable {
  readonly #any: HostRoutes = { byPath: new Map(), depth: 0 }
  readonly #exact = new Map<string, HostRoutes>()
  readonly #wildcard = new Map<string, HostRoutes>()
  readonly #hasHosts: boolean

  constructor(routes: readonly CompiledRoute[]) {
    for (const route of routes) this.#add(route)
    this.#hasHosts = this.#exact.size + this.#wildcard.size > 0
    for (const host of [this.#any, ...this.#exact.values(), ...this.#wildcard.values()]) {
      for (const list of host.byPath.values()) list.sort((a, b) => conditions(b) - conditions(a))
    }
  }

  #add(route: CompiledRoute): void {
    const host = this.#hostRoutes(route.route.host?.toLowerCase())
    const path = prefixKey(route.route.path)
    const list = host.byPath.get(path)
    if (list === undefined) host.byPath.set(path, [route])
    else list.push(route)
    host.depth = Math.max(host.depth, path.split('/').length - 1)
  }

  #hostRoutes(host: string | undefined): HostRoutes {
    if (host === undefined || host === '*') return this.#any
    const [map, key] = host.startsWith('*.') ? [this.#wildcard, host.slice(1)] : [this.#exact, host]
    let routes = map.get(key)
    if (routes === undefined) {
      routes = { byPath: new Map(), depth: 0 }
      map.set(key, routes)
    }
    return routes
  }

  /** The methods that would find a route here; for the `Allow` field of a 405. */
  allowed(head: RequestHead): string[] {
    return commonMethods.filter((method) => typeof this.match({ ...head, method }) === 'object')
  }

  /** The most specific route: exact host, then the longest wildcard, then any host; within a host the longest path. */
  match(head: RequestHead): RouteMatch {
    if (!this.#hasHosts) return matchPath(this.#any, head)
    const host = hostName(head.authority)
    let best: RouteMatch = 'no-route'
    const exact = this.#exact.get(host)
    if (exact !== undefined) {
      best = matchPath(exact, head)
      if (typeof best === 'object') return best
    }
    for (let dot = host.indexOf('.'); dot !== -1; dot = host.indexOf('.', dot + 1)) {
      const wildcard = this.#wildcard.get(host.slice(dot))
      if (wildcard === undefined) continue
      const match = matchPath(wildcard, head)
      if (typeof match === 'object') return match
      if (match === 'method-not-allowed') best = match
    }
    const match = matchPath(this.#any, head)
    return match === 'no-route' ? best : match
  }
}

const commonMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

function matchPath(host: HostRoutes, head: RequestHead): RouteMatch {
  let wrongMethod = false
  let prefix = clip(head.path, host.depth)
  while (true) {
    const candidates = host.byPath.get(prefix)
    if (candidates !== undefined) {
      for (const candidate of candidates) {
        if (!fieldsMatch(candidate, head)) continue
        if (candidate.methods === undefined || candidate.methods.has(head.method)) return candidate
        wrongMethod = true
      }
    }
    if (prefix === '') return wrongMethod ? 'method-not-allowed' : 'no-route'
    prefix = prefix.slice(0, prefix.lastIndexOf('/'))
  }
}

/** The first `depth` segments of a path, without a trailing slash. */
function clip(path: string, depth: number): string {
  let at = 0
  for (let segments = 0; segments < depth; segments++) {
    at = path.indexOf('/', at + 1)
    if (at === -1) return path.endsWith('/') ? path.slice(0, -1) : path
  }
  return path.slice(0, at)
}

/** A route's path as a map key: without a trailing slash, so that `/a` and `/a/` mean the same prefix. */
function prefixKey(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path
}

/** The host of an authority in lower case, without port and without the root's dot. */
export function hostName(authority: string): string {
  const host = authority.startsWith('[')
    ? authority.slice(0, authority.indexOf(']') + 1)
    : authority.includes(':')
      ? authority.slice(0, authority.indexOf(':'))
      : authority
  const lower = host.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}
