import type { CounterRowState } from '../count/counter-row.ts'
import { fieldOf, withoutFields } from '../message/fields.ts'
import type { RequestHead } from '../message/request-head.ts'
import type { ResponseHead } from '../message/response-head.ts'
import type { ServiceState } from '../pool/service.ts'
import type { Route } from '../snapshot.ts'

/** A route made ready for the request path. */
export interface CompiledRoute {
  readonly route: Route
  readonly service: ServiceState
  /** Where each version of the service is counted, in the order of `service.versions`. */
  readonly rows: readonly CounterRowState[]
  /** `undefined` allows every method. */
  readonly methods: ReadonlySet<string> | undefined
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly query: readonly (readonly [name: string, value: string])[]
  /** Field lines added to every answer, and the lower-case names that they replace. */
  readonly responseBlock: string
  readonly responseNames: ReadonlySet<string> | undefined
  /** Its part of a log line. */
  readonly logged: string
}

/** Makes a route ready; `rows` come from the worker's counters. */
export function compileRoute(route: Route, service: ServiceState, rows: readonly CounterRowState[]): CompiledRoute {
  const added = Object.entries(route.responseHeaders ?? {})
  return {
    route,
    service,
    rows,
    methods: route.methods && new Set(route.methods),
    headers: Object.entries(route.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
    query: Object.entries(route.query ?? {}),
    responseBlock: added.map(([name, value]) => `${name}: ${value}\r\n`).join(''),
    logged: `,"service":${JSON.stringify(service.name)},"route":${JSON.stringify(route.id)}`,
    responseNames: added.length > 0 ? new Set(added.map(([name]) => name.toLowerCase())) : undefined,
  }
}

/** How many conditions besides host and path a route states; of two routes on one path the more demanding is asked first. */
export function conditions(route: CompiledRoute): number {
  return route.headers.length + route.query.length + (route.methods === undefined ? 0 : 1)
}

/** Whether headers and query are as the route demands. */
export function fieldsMatch(route: CompiledRoute, head: RequestHead): boolean {
  for (const [name, value] of route.headers) {
    const found = name === 'host' ? head.authority : fieldOf(head.block, name)
    if (found !== value) return false
  }
  if (route.query.length > 0) {
    const mark = head.target.indexOf('?')
    const query = new URLSearchParams(mark === -1 ? '' : head.target.slice(mark + 1))
    for (const [name, value] of route.query)
      if (query.get(name) !== value || query.getAll(name).length > 1) return false
  }
  return true
}

/** The replica's answer without the fields that the route replaces. */
export function passedAnswer(route: CompiledRoute, answer: ResponseHead): ResponseHead {
  if (route.responseNames === undefined) return answer
  return { ...answer, block: withoutFields(answer.block, route.responseNames) }
}
