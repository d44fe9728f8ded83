import { catalogReplicas, type Desired, type DesiredService, stableOf } from './desired.ts'
import { boundedReplicas } from './plan-fleet.ts'

/** Ready replicas of a version. */
export type ReadyCount = (service: string, version: string) => number

/**
 * The next step of every plain replacement under way: one surplus replica of the new version, then one fewer of the old
 * for each that is ready, traffic in proportion, until the new one is stable and the old one is gone. Each step follows
 * from the state alone, so that a killed controller goes on where it was. Returns the same value when nothing follows.
 */
export function stepReplacements(desired: Desired, ready: ReadyCount): Desired {
  let next = desired
  for (const service of Object.values(desired.services)) {
    const stepped = service.replacing === undefined ? service : step(service, service.replacing, ready)
    if (stepped !== service) next = { ...next, services: { ...next.services, [service.service]: stepped } }
  }
  return next
}

function step(service: DesiredService, to: string, ready: ReadyCount): DesiredService {
  const from = stableOf(service)
  const incoming = service.versions[to]
  const { replacing: _, ...settled } = service
  if (!incoming || to === service.stable) return settled
  const goal = Math.max(boundedReplicas(incoming.spec, from.replicas), catalogReplicas(incoming.spec) > 0 ? 1 : 0)
  const total = Math.max(goal, from.replicas)
  const up = Math.min(ready(service.service, to), incoming.replicas)
  if (up >= goal) {
    // Every replica of the new version is ready: it takes everything, and the old one leaves.
    const versions = { [to]: { ...incoming, replicas: goal, share: 1 } }
    return { ...settled, stable: to, versions, coinKey: service.coinKey }
  }
  const wantedNew = Math.min(goal, up + 1)
  const wantedOld = Math.max(0, total - up)
  const share = total === 0 ? 0 : up / total
  if (incoming.replicas === wantedNew && from.replicas <= wantedOld && incoming.share === share) return service
  return {
    ...service,
    versions: {
      ...service.versions,
      [from.version]: { ...from, replicas: Math.min(from.replicas, wantedOld), share: 1 - share },
      [to]: { ...incoming, replicas: Math.max(wantedNew, incoming.replicas), share },
    },
  }
}
