import fc from 'fast-check'
import { type FleetParts, fleet } from '../../author/fleet.ts'
import { type EnvironmentPart, environment, type ServicePart, service } from '../../author/parts.ts'
import type { EnvironmentSpec, ServiceSpec } from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'

/** Fleets on both sides of one rule. */
export interface RuleExample {
  readonly code: string
  /** Fleets that break the rule. */
  readonly fails: fc.Arbitrary<FleetDocument>
  /** Fleets like them that do not. */
  readonly holds: fc.Arbitrary<FleetDocument>
}

/** The day on which the examples are checked. */
export const today = '2026-11-20'

/** Fleets made of values on the wrong and on the right side of a boundary. */
export function example<Wrong, Right = Wrong>(
  code: string,
  make: (value: Wrong | Right) => FleetDocument,
  wrong: fc.Arbitrary<Wrong>,
  right: fc.Arbitrary<Right>,
): RuleExample {
  return { code, fails: wrong.map(make), holds: right.map(make) }
}

/** A fleet called `shop`. */
export function shop(parts: FleetParts): FleetDocument {
  return fleet('shop', parts)
}

/** A service that breaks no rule by itself. */
export function api(spec: ServiceSpec = {}): ServicePart {
  return service('api', { run: 'node api.ts', port: 3000, routes: ['/'], ...spec })
}

/** A fleet of one service. */
export function shopOf(spec: ServiceSpec): FleetDocument {
  return shop({ services: [api(spec)] })
}

/** Production on Kubernetes, as it should be. */
export function production(spec: EnvironmentSpec = {}): EnvironmentPart {
  return environment('production', {
    engine: 'kubernetes',
    context: 'production',
    tls: 'cert-manager',
    secretStore: 'https://vault.example.com',
    approvals: [{ by: ['lead'] }],
    ...spec,
  })
}

/** Whole numbers from `min` to `max`, both included. */
export function between(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max })
}

/** One of the given values. */
export function oneOf<const T>(...values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values)
}
