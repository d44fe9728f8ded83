import type { RefusalName } from '../message/refusal.ts'
import type { RequestHead } from '../message/request-head.ts'
import { canonicalPath } from './canonical-path.ts'
import type { CompiledRoute } from './compiled-route.ts'
import type { RouteTable } from './route-table.ts'

/**
 * Finds the route of a request and gives its path and target the one spelling that is matched and forwarded: canonical, unless the
 * route takes raw paths, and without the route's prefix where it says so.
 */
export function resolveRoute(table: RouteTable, head: RequestHead): CompiledRoute | RefusalName {
  if (head.path === '*') return table.match(head)
  const raw = head.path
  const canonical = canonicalPath(raw)
  if (canonical !== undefined) head.path = canonical
  const route = table.match(head)
  if (typeof route === 'string') return canonical === undefined ? 'path-not-canonical' : route
  const { rawPath, stripPath, path } = route.route
  if (rawPath) head.path = raw
  else if (canonical === undefined) return 'path-not-canonical'
  else if (canonical !== raw) head.target = canonical + head.target.slice(raw.length)
  if (stripPath) {
    const stripped = head.target.slice(path.endsWith('/') ? path.length - 1 : path.length)
    head.target = stripped.startsWith('/') ? stripped : `/${stripped}`
  }
  return route
}
