import type { CounterRowState } from '../count/counter-row.ts'
import type { RequestIds } from '../message/request-id.ts'
import type { CompiledRoute } from '../route/compiled-route.ts'
import type { RouteTable } from '../route/route-table.ts'
import type { Exchange } from './exchange.ts'
import type { InFlightList } from './in-flight.ts'

/** What an exchange needs of the worker that it runs in. */
export interface Surroundings {
  /** The routes in force on a listener; exchanged in one event-loop turn. */
  tableOf(listener: string): RouteTable
  readonly inFlight: InFlightList<Exchange>
  readonly ids: RequestIds
  /** Monotonic ms. */
  now(): number
  random(): number
  /** The present time as an HTTP date field line, made once a second. */
  dateLine(): string
  /** Where a version is counted on a route. */
  rowOf(route: CompiledRoute, version: string): CounterRowState | undefined
  /** An exchange ended: write its line, count it. */
  ended(exchange: Exchange): void
  /** Whether an address belongs to a trusted proxy. */
  isTrusted(address: string): boolean
}
