import { nearest } from './nearest.ts'
import { Problem } from './problem.ts'
import type { External, Fleet, Job, Postgres, Redis, Service, Volume } from './resolved.generated.ts'

/** A part that others can need, with its kind. */
export type FoundPart =
  | { readonly kind: 'service'; readonly value: Service }
  | { readonly kind: 'job'; readonly value: Job }
  | { readonly kind: 'postgres'; readonly value: Postgres }
  | { readonly kind: 'redis'; readonly value: Redis }
  | { readonly kind: 'volume'; readonly value: Volume }
  | { readonly kind: 'external'; readonly value: External }

const places = {
  service: 'services',
  job: 'jobs',
  postgres: 'postgres',
  redis: 'redis',
  volume: 'volumes',
  external: 'externals',
} as const

/** The part of that name, whatever its kind; undefined when there is none. Their names are unique among each other. */
export function lookUp(fleet: Fleet, name: string): FoundPart | undefined {
  for (const [kind, place] of Object.entries(places)) {
    const parts: Readonly<Record<string, FoundPart['value']>> = fleet[place as keyof Fleet & typeof place]
    if (Object.hasOwn(parts, name)) return { kind, value: parts[name] } as FoundPart
  }
  return undefined
}

/** The part of that name; throws SW1030 with the nearest name when there is none. */
export function find(fleet: Fleet, name: string): FoundPart {
  const found = lookUp(fleet, name)
  if (found) return found
  throw noSuchPart(
    fleet,
    'part',
    name,
    Object.values(places).flatMap((place) => Object.keys(fleet[place])),
  )
}

/** The service of that name; throws SW1030 with the nearest name when there is none. */
export function findService(fleet: Fleet, name: string): Service {
  const service = Object.hasOwn(fleet.services, name) ? fleet.services[name] : undefined
  if (service) return service
  throw noSuchPart(fleet, 'service', name, Object.keys(fleet.services))
}

function noSuchPart(fleet: Fleet, what: string, name: string, known: readonly string[]): Problem {
  const near = nearest(name, known)
  const some = known.length === 0 ? undefined : `there is ${known.slice(0, 20).join(', ')}`
  const hint = near === undefined ? some : `did you mean ${near}?`
  return new Problem({
    code: 'SW1030',
    message: `the fleet ${fleet.name} has no ${what} called \`${name}\``,
    ...(hint !== undefined && { hint }),
  })
}
