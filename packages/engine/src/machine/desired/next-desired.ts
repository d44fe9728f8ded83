import type { Service } from '@seaworthy/model'
import type { Plan } from '../../contract-plan.ts'
import { type Desired, type DesiredService, type DesiredVersion, specOf, stableOf } from './desired.ts'
import { boundedReplicas } from './plan-fleet.ts'

/** Facts that a desired state needs besides the fleet. */
export interface DesiredFacts {
  readonly environment: string
  readonly root: string
  /** ms since the Unix epoch. */
  readonly now: number
  /** Ports for what has none yet; see `portsWanted`. */
  readonly ports: Readonly<Record<string, number>>
  /** Counts up even when the fleet is the same: nothing of it was running. */
  readonly fresh: boolean
}

/** The desired state after a plan. Pure; replicas of services that did not change stay as they are. */
export function nextDesired(current: Desired | undefined, plan: Plan, facts: DesiredFacts): Desired {
  const services: Record<string, DesiredService> = {}
  for (const spec of Object.values(plan.fleet.services)) {
    const before = current?.services[spec.name]
    services[spec.name] = before ? changed(before, spec, plan, facts) : created(spec, plan, facts)
  }
  const same = current?.identity === plan.identity && !facts.fresh
  return {
    fleet: plan.fleet,
    identity: plan.identity,
    environment: facts.environment,
    root: facts.root,
    generation: same ? current.generation : (current?.generation ?? 0) + 1,
    services,
    ports: { ...current?.ports, ...facts.ports },
  }
}

function created(spec: Service, plan: Plan, facts: DesiredFacts): DesiredService {
  const action = plan.actions.find((item) => item.kind === 'create-service' && item.service === spec.name)
  const version = action?.kind === 'create-service' ? action.version : 'v1'
  const replicas = action?.kind === 'create-service' ? action.replicas : 1
  const first: DesiredVersion = {
    version,
    catalog: spec,
    overrides: {},
    spec,
    replicas,
    share: 1,
    createdAt: facts.now,
  }
  return { service: spec.name, stable: version, versions: { [version]: first }, coinKey: version }
}

function changed(before: DesiredService, spec: Service, plan: Plan, facts: DesiredFacts): DesiredService {
  const stable = stableOf(before)
  const action = plan.actions.find((item) => item.kind === 'replace-service' && item.service === spec.name)
  if (action?.kind === 'replace-service') {
    // Left to be released: what runs goes on as it was.
    if (plan.replacement === 'keep') return before
    if (action.to === before.stable || before.versions[action.to]) return { ...before, replacing: action.to }
    const { [before.replacing ?? '']: abandoned, ...kept } = before.versions
    if (abandoned)
      return changed(
        { ...settledOn(before), versions: { ...kept, [stable.version]: restored(stable) } },
        spec,
        plan,
        facts,
      )
    const next: DesiredVersion = {
      version: action.to,
      catalog: spec,
      overrides: {},
      spec,
      replicas: 0,
      share: 0,
      createdAt: facts.now,
    }
    return { ...before, versions: { ...before.versions, [action.to]: next }, replacing: action.to }
  }
  const abandon = plan.actions.find((item) => item.kind === 'abandon-replacement' && item.service === spec.name)
  if (abandon?.kind === 'abandon-replacement' && before.versions[abandon.version]) {
    // The same way back: what takes over is the version that was to be replaced.
    return { ...before, stable: abandon.version, replacing: stable.version }
  }
  // Started from the same things: the rest of the catalog is taken over in place, what a release overrode stays.
  const adjusted: DesiredVersion = {
    ...stable,
    catalog: spec,
    spec: specOf(spec, stable.overrides),
    replicas: boundedReplicas(spec, stable.replicas),
  }
  return { ...before, versions: { ...before.versions, [stable.version]: adjusted } }
}

function settledOn({ replacing: _, ...service }: DesiredService): DesiredService {
  return service
}

/** The stable version with all the traffic and the replicas that its catalog asks for. */
function restored(stable: DesiredVersion): DesiredVersion {
  return { ...stable, share: 1, replicas: boundedReplicas(stable.catalog, stable.replicas) }
}

/** The names that need a port: each service that others reach, each resource that runs here, and the gateway. */
export function portsWanted(plan: Plan): readonly string[] {
  const services = Object.values(plan.fleet.services).filter(
    (spec) => spec.port !== undefined && spec.protocol !== 'worker',
  )
  const postgres = Object.values(plan.fleet.postgres).filter((resource) => resource.url === undefined)
  const redis = Object.values(plan.fleet.redis).filter((resource) => resource.url === undefined)
  // Without a way in for clients nothing listens in public, and nobody's port is in the way.
  const open = services.some(({ routes }) => routes.length > 0)
  return [
    ...(open ? ['gateway'] : []),
    ...services.map(({ name }) => name),
    ...postgres.map(({ name }) => `postgres:${name}`),
    ...redis.map(({ name }) => `redis:${name}`),
  ]
}
