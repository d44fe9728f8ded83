import type { Service } from '../resolved.generated.ts'

/** Services by what they have, so that a rule looks only at those that it can be about. */
export interface Having {
  readonly slo: readonly Service[]
  readonly traffic: readonly Service[]
  readonly scale: readonly Service[]
  readonly minAvailable: readonly Service[]
  readonly needs: readonly Service[]
  readonly routes: readonly Service[]
  readonly hostPort: readonly Service[]
  readonly health: readonly Service[]
  readonly alerts: readonly Service[]
  readonly rolling: readonly Service[]
  readonly canary: readonly Service[]
  readonly blueGreen: readonly Service[]
  readonly steps: readonly Service[]
  readonly smoke: readonly Service[]
  readonly shadow: readonly Service[]
  readonly migrations: readonly Service[]
  readonly approvals: readonly Service[]
  readonly flags: readonly Service[]
  readonly load: readonly Service[]
  /** Cross-origin rules, authentication or a rate limit. */
  readonly protections: readonly Service[]
  readonly core: readonly Service[]
  readonly worker: readonly Service[]
}

type Lists = { -readonly [Key in keyof Having]: Service[] }

/** Sorts services into the lists, in one pass. */
export function servicesHaving(services: readonly Service[]): Having {
  const lists: Lists = {
    slo: [],
    traffic: [],
    scale: [],
    minAvailable: [],
    needs: [],
    routes: [],
    hostPort: [],
    health: [],
    alerts: [],
    rolling: [],
    canary: [],
    blueGreen: [],
    steps: [],
    smoke: [],
    shadow: [],
    migrations: [],
    approvals: [],
    flags: [],
    load: [],
    protections: [],
    core: [],
    worker: [],
  }
  for (const service of services) sort(service, lists)
  return lists
}

function sort(service: Service, lists: Lists): void {
  const { slo, traffic, scale, minAvailable, hostPort, health, rollout, protect, migrations } = service
  if (slo) lists.slo.push(service)
  if (traffic) lists.traffic.push(service)
  if (scale) lists.scale.push(service)
  if (minAvailable !== undefined) lists.minAvailable.push(service)
  if (service.needs.length > 0) lists.needs.push(service)
  if (service.routes.length > 0) lists.routes.push(service)
  if (hostPort !== undefined) lists.hostPort.push(service)
  if (health.live || health.ready || health.startup) lists.health.push(service)
  if (service.alerts.length > 0) lists.alerts.push(service)
  if (rollout.strategy === 'rolling') lists.rolling.push(service)
  else if (rollout.strategy === 'canary') lists.canary.push(service)
  else lists.blueGreen.push(service)
  if (rollout.steps) lists.steps.push(service)
  if (rollout.smoke.length > 0) lists.smoke.push(service)
  if (rollout.shadow) lists.shadow.push(service)
  if (migrations.before.length > 0 || migrations.after.length > 0) lists.migrations.push(service)
  if (service.approvals.length > 0) lists.approvals.push(service)
  if (!isEmpty(service.flags)) lists.flags.push(service)
  if (!isEmpty(service.load)) lists.load.push(service)
  if (protect.cors || protect.auth || protect.rateLimit) lists.protections.push(service)
  if (service.tier === 'core') lists.core.push(service)
  if (service.protocol === 'worker') lists.worker.push(service)
}

function isEmpty(record: Readonly<Record<string, unknown>>): boolean {
  for (const _ in record) return false
  return true
}
