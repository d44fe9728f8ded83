import { createHash } from 'node:crypto'
import { canonicalJson, type Fleet } from '@seaworthy/model'
import type { Plan, PlanAction, ResourceType } from '../../contract-plan.ts'
import { catalogReplicas, type Desired, stableOf } from './desired.ts'
import { differences, versionName } from './started-from.ts'

/** sha256 of a resolved fleet, lower-case hex. */
export function fleetIdentity(fleet: Fleet): string {
  return createHash('sha256').update(canonicalJson(fleet)).digest('hex')
}

/**
 * What differs between what is wanted now and a fleet. Pure. What was released since the last `apply` counts: a service
 * is compared with the spec of its stable version, wherever that came from.
 */
export function planFleet(
  current: Desired | undefined,
  fleet: Fleet,
  replacement: Plan['replacement'] = 'rolling',
): Plan {
  const identity = fleetIdentity(fleet)
  const actions = [
    ...resourceActions(current?.fleet, fleet),
    ...jobActions(current, fleet, identity),
    ...serviceActions(current, fleet),
  ]
  return { kind: 'plan', fleet, identity, actions, replacement }
}

/** Key under which a job without a schedule runs once for what is being applied. */
export function applyKey(job: string, generation: number): string {
  return `${job}-g${generation}`
}

const collections = { postgres: 'postgres', redis: 'redis', volume: 'volumes', external: 'externals' } as const

function resourceActions(current: Fleet | undefined, fleet: Fleet): readonly PlanAction[] {
  const actions: PlanAction[] = []
  for (const type of Object.keys(collections) as ResourceType[]) {
    const before: Readonly<Record<string, object>> = current?.[collections[type]] ?? {}
    const after: Readonly<Record<string, object>> = fleet[collections[type]]
    for (const [resource, wanted] of Object.entries(after)) {
      const had = before[resource]
      if (had === undefined) actions.push({ kind: 'create-resource', resource, type })
      else {
        const fields = changedFields(had, wanted)
        if (fields.length > 0) actions.push({ kind: 'change-resource', resource, type, fields })
      }
    }
    for (const resource of Object.keys(before))
      if (!after[resource]) actions.push({ kind: 'remove-resource', resource, type })
  }
  return actions
}

function changedFields(before: object, after: object): readonly string[] {
  const a = before as Readonly<Record<string, unknown>>
  const b = after as Readonly<Record<string, unknown>>
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter(
    (field) => canonicalJson(a[field] ?? null) !== canonicalJson(b[field] ?? null),
  )
}

function jobActions(current: Desired | undefined, fleet: Fleet, identity: string): readonly PlanAction[] {
  const actions: PlanAction[] = []
  const fresh = current?.identity !== identity
  for (const job of Object.values(fleet.jobs)) {
    if (job.schedule === undefined) {
      if (fresh)
        actions.push({ kind: 'run-job', job: job.name, key: applyKey(job.name, (current?.generation ?? 0) + 1) })
    } else if (current?.fleet.jobs[job.name]?.schedule !== job.schedule) {
      actions.push({ kind: 'schedule-job', job: job.name, schedule: job.schedule })
    }
  }
  for (const job of Object.values(current?.fleet.jobs ?? {})) {
    if (job.schedule !== undefined && fleet.jobs[job.name]?.schedule === undefined) {
      actions.push({ kind: 'unschedule-job', job: job.name })
    }
  }
  return actions
}

function serviceActions(current: Desired | undefined, fleet: Fleet): readonly PlanAction[] {
  const actions: PlanAction[] = []
  for (const spec of Object.values(fleet.services)) {
    const service = spec.name
    const has = current?.services[service]
    if (!has) {
      actions.push({ kind: 'create-service', service, version: versionName(spec), replicas: catalogReplicas(spec) })
      continue
    }
    const stable = stableOf(has)
    const before = stable.catalog
    const started = differences(before, spec, 'started')
    if (started.length > 0) {
      actions.push({ kind: 'replace-service', service, from: has.stable, to: versionName(spec), fields: started })
      continue
    }
    if (has.replacing !== undefined) actions.push({ kind: 'abandon-replacement', service, version: has.replacing })
    const other = differences(before, spec, 'other').filter((field) => !field.startsWith('scale'))
    if (other.length > 0) actions.push({ kind: 'configure-service', service, fields: other })
    const [from, to] = [stable.replicas, boundedReplicas(spec, stable.replicas)]
    if (from !== to) actions.push({ kind: 'scale-service', service, from, to })
  }
  for (const service of Object.keys(current?.services ?? {})) {
    if (!fleet.services[service]) actions.push({ kind: 'remove-service', service })
  }
  return actions
}

/** What the catalog allows of a number of replicas that the scaler may have moved. */
export function boundedReplicas(spec: Parameters<typeof catalogReplicas>[0], now: number): number {
  if (!spec.scale) return catalogReplicas(spec)
  return Math.min(spec.scale.max, Math.max(spec.scale.min, now))
}
