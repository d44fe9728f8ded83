import type { EndpointState } from './endpoint.ts'
import type { ServiceState } from './service.ts'

/** Which replica takes the request, or why none can. */
export type Pick =
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointState; readonly version: number }
  | { readonly kind: 'none' }
  /** All are at their connection limit. */
  | { readonly kind: 'full' }
  /** All refused connections lately; worth another try at `at`, monotonic ms. */
  | { readonly kind: 'suspect'; readonly at: number }

/** Where choosing gets its time (monotonic ms) and its ties broken. */
export interface Dice {
  now(): number
  random(): number
}

const none: Pick = { kind: 'none' }
const full: Pick = { kind: 'full' }

/**
 * The ready endpoint with the fewest requests in flight in this version, starting the search at a random place so that ties
 * spread; endpoints in `tried` only when there is no other. Other versions with a share step in when this one has nobody.
 */
export function pickEndpoint(
  service: ServiceState,
  version: number,
  tried: readonly EndpointState[],
  dice: Dice,
): Pick {
  const limit = service.pool.maxConnectionsPerEndpoint
  const first = leastLoaded(service, version, tried, limit, dice)
  if (first.kind === 'endpoint') return first
  let best: Pick = first
  for (let i = 0; i < service.versions.length; i++) {
    if (i === version || (service.versions[i]?.share ?? 0) <= 0) continue
    const other = leastLoaded(service, i, tried, limit, dice)
    if (other.kind === 'endpoint') return other
    best = nearest(best, other)
  }
  return best
}

function leastLoaded(
  service: ServiceState,
  version: number,
  tried: readonly EndpointState[],
  limit: number,
  dice: Dice,
): Pick {
  const endpoints = service.versions[version]?.endpoints ?? []
  const count = endpoints.length
  const start = count > 1 ? Math.floor(dice.random() * count) : 0
  let best: EndpointState | undefined
  let again: EndpointState | undefined
  let isFull = false
  let suspectAt = Number.POSITIVE_INFINITY
  for (let i = 0; i < count; i++) {
    const endpoint = endpoints[(start + i) % count]
    if (endpoint === undefined || endpoint.state !== 'ready') continue
    if (endpoint.suspectUntil > 0 && endpoint.suspectUntil > dice.now()) {
      suspectAt = Math.min(suspectAt, endpoint.suspectUntil)
      continue
    }
    if (endpoint.inFlight >= limit) {
      isFull = true
      continue
    }
    if (tried.includes(endpoint)) again ??= endpoint
    else if (best === undefined || endpoint.inFlight < best.inFlight) best = endpoint
  }
  const chosen = best ?? again
  if (chosen !== undefined) return { kind: 'endpoint', endpoint: chosen, version }
  if (isFull) return full
  return suspectAt === Number.POSITIVE_INFINITY ? none : { kind: 'suspect', at: suspectAt }
}

function nearest(a: Pick, b: Pick): Pick {
  if (a.kind === 'full' || b.kind === 'none') return a
  if (b.kind === 'full' || a.kind === 'none') return b
  return a.kind === 'suspect' && b.kind === 'suspect' && b.at < a.at ? b : a
}
