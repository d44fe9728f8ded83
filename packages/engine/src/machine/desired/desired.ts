import type { Fleet, Service } from '@seaworthy/model'
import type { VersionOverrides } from '../../contract.ts'

/** One version that is wanted: what it is started from, and how many of it. */
export interface DesiredVersion {
  readonly version: string
  /** The catalog's service that it was made from; plans compare with this one. */
  readonly catalog: Service
  /** What was given besides the catalog when it was made. */
  readonly overrides: VersionOverrides
  /** Both together: what its replicas are started from. */
  readonly spec: Service
  readonly replicas: number
  /** Share of new assignments, 0..1. */
  readonly share: number
  /** ms since the Unix epoch. */
  readonly createdAt: number
}

/** One service as it is wanted. */
export interface DesiredService {
  readonly service: string
  /** Version that plans compare with and that the scaler moves. */
  readonly stable: string
  readonly versions: Readonly<Record<string, DesiredVersion>>
  /** Mixed into the keyed hash of the coin. */
  readonly coinKey: string
  readonly override?: { readonly header?: string; readonly cookie?: string }
  /** Window in which the failures of one client count once, ms, when a release has set one. */
  readonly episodeMs?: number
  /** A plain replacement under way: the version that takes over. */
  readonly replacing?: string
}

/** Everything that is wanted on this machine; the one value that a restart of the controller begins from. */
export interface Desired {
  readonly fleet: Fleet
  /** sha256 of the fleet's canonical JSON. */
  readonly identity: string
  readonly environment: string
  /** Directory that relative paths of the catalog begin at. */
  readonly root: string
  /** Counts what was applied, from 1. */
  readonly generation: number
  readonly services: Readonly<Record<string, DesiredService>>
  /** Port of each service's internal listener, of each resource, and of the public listener under `gateway`. */
  readonly ports: Readonly<Record<string, number>>
}

/** The id of a version's unit. */
export function unitId(service: string, version: string): string {
  return `${service}@${version}`
}

/** The version that plans compare with. */
export function stableOf(service: DesiredService): DesiredVersion {
  const stable = service.versions[service.stable]
  if (!stable) throw new Error(`service ${service.service} has no version ${service.stable}`)
  return stable
}

/** Replicas that the catalog asks for at first: the fixed number, or the least of a moving one. */
export function catalogReplicas(spec: Service): number {
  return spec.scale ? Math.max(spec.scale.min, 1) : (spec.replicas ?? 1)
}

/** Whether clients and other services reach it through the gateway. */
export function isRouted(spec: Service): boolean {
  return spec.port !== undefined && spec.protocol !== 'tcp' && spec.protocol !== 'worker'
}

/** A catalog's service with what a version was given besides: fields replace, `env` is merged. */
export function specOf(catalog: Service, overrides: VersionOverrides): Service {
  return { ...catalog, ...overrides, env: { ...catalog.env, ...overrides.env } }
}
