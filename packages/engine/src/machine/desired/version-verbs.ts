import { canonicalJson } from '@seaworthy/model'
import type { RouteOptions, Shares, VersionRequest } from '../../contract.ts'
import { engineProblem } from '../../problem-codes.ts'
import { type Desired, type DesiredService, type DesiredVersion, specOf, stableOf } from './desired.ts'

/** A service of the desired state; throws SW4001 when there is none. */
export function findService(desired: Desired, service: string): DesiredService {
  const found = desired.services[service]
  if (found) return found
  throw engineProblem({
    code: 'SW4001',
    message: `The fleet ${desired.fleet.name} has no service "${service}".`,
    hint: `It has ${Object.keys(desired.services).join(', ') || 'none'}.`,
  })
}

/** A version of a service; throws SW4001 or SW4002. */
export function findVersion(
  desired: Desired,
  service: string,
  version: string,
): { readonly service: DesiredService; readonly version: DesiredVersion } {
  const found = findService(desired, service)
  const wanted = found.versions[version]
  if (wanted) return { service: found, version: wanted }
  throw engineProblem({
    code: 'SW4002',
    message: `${service} has no version "${version}".`,
    hint: `It has ${Object.keys(found.versions).join(', ')}.`,
  })
}

/** With this version, at least that many replicas wanted as asked. Throws SW4004 when it exists with another spec. */
export function withVersion(desired: Desired, service: string, request: VersionRequest, now: number): Desired {
  const found = findService(desired, service)
  const catalog = request.service ?? stableOf(found).catalog
  const overrides = request.overrides ?? {}
  const spec = specOf(catalog, overrides)
  const existing = found.versions[request.version]
  if (existing && canonicalJson(existing.spec) !== canonicalJson(spec)) {
    throw engineProblem({
      code: 'SW4004',
      message: `${service}@${request.version} exists and was made from something else.`,
      hint: 'Give the new one another name.',
    })
  }
  if (!/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/.test(request.version)) {
    throw engineProblem({
      code: 'SW4002',
      message: `"${request.version}" cannot name a version.`,
      hint: 'Use lower-case letters, digits, dots and dashes, such as v2 or 7f3a9c1.',
    })
  }
  if (existing?.replicas === request.replicas) return desired
  const version: DesiredVersion = existing
    ? { ...existing, replicas: request.replicas }
    : { version: request.version, catalog, overrides, spec, replicas: request.replicas, share: 0, createdAt: now }
  return withService(desired, { ...found, versions: { ...found.versions, [version.version]: version } })
}

/** Without this version. Throws SW4005 when it still has a share or is the stable one; nothing to do when it is gone. */
export function withoutVersion(desired: Desired, service: string, version: string): Desired {
  const found = findService(desired, service)
  const leaving = found.versions[version]
  if (!leaving) return desired
  if (leaving.share > 0 || found.stable === version) {
    const why = found.stable === version ? 'is the stable version' : `has ${leaving.share * 100} % of the traffic`
    throw engineProblem({
      code: 'SW4005',
      message: `${service}@${version} ${why}.`,
      hint: 'Route to another version and promote that one first.',
    })
  }
  const { [version]: _, ...versions } = found.versions
  return withService(desired, { ...found, versions })
}

/** Throws SW4003 unless the shares sum to 1 and name versions that can answer. */
export function checkShares(
  desired: Desired,
  service: string,
  shares: Shares,
  ready: (version: string) => number,
): void {
  const refuse = (message: string, hint: string): never => {
    throw engineProblem({ code: 'SW4003', message, hint })
  }
  const values = Object.values(shares)
  if (values.some((share) => !(share >= 0 && share <= 1)))
    refuse(`Shares lie between 0 and 1: ${JSON.stringify(shares)}.`, 'Write 10 % as 0.1.')
  const sum = values.reduce((total, share) => total + share, 0)
  if (Math.abs(sum - 1) > 1e-9)
    refuse(`The shares of ${service} sum to ${sum}, not to 1.`, 'Name every version that is to get traffic.')
  for (const [version, share] of Object.entries(shares)) {
    findVersion(desired, service, version)
    if (share > 0 && ready(version) === 0) {
      refuse(
        `${service}@${version} was to get ${share * 100} % and has no ready replica.`,
        'Wait until one is ready (`untilReady`).',
      )
    }
  }
}

/** With these shares; versions not named get none. */
export function withRoute(desired: Desired, service: string, shares: Shares, options: RouteOptions): Desired {
  const found = findService(desired, service)
  const versions = Object.fromEntries(
    Object.values(found.versions).map((version) => [
      version.version,
      { ...version, share: shares[version.version] ?? 0 },
    ]),
  )
  return withService(desired, {
    ...found,
    versions,
    ...(options.coinKey !== undefined && { coinKey: options.coinKey }),
    ...(options.override !== undefined && { override: options.override }),
    ...(options.episodeMs !== undefined && { episodeMs: options.episodeMs }),
  })
}

/** With this version as the stable one; a plain replacement under way ends. */
export function withStable(desired: Desired, service: string, version: string): Desired {
  const found = findVersion(desired, service, version)
  if (found.service.stable === version) return desired
  const { replacing: _, ...rest } = found.service
  const fleet = { ...desired.fleet, services: { ...desired.fleet.services, [service]: found.version.catalog } }
  return withService({ ...desired, fleet }, { ...rest, stable: version })
}

function withService(desired: Desired, service: DesiredService): Desired {
  return { ...desired, services: { ...desired.services, [service.service]: service } }
}
