import type { Environment, Fleet, Job, Need, Service } from '../resolved.generated.ts'
import { parseCondition } from './alert-condition.ts'
import { type Calendar, openCalendar } from './calendar.ts'
import { type Having, servicesHaving } from './having.ts'

/** One dependency, seen from what is needed. */
export interface Dependent {
  readonly service: Service
  readonly need: Need
  /** Place of the need in the service's list. */
  readonly index: number
}

/** What rules look at: a fleet as it is in one environment, with the indexes that keep every rule linear. */
export interface Context {
  readonly fleet: Fleet
  readonly environment: Environment
  /** Whether the environment is where customers are: called `production`, `prod` or `live`. */
  readonly production: boolean
  /** The day of the check, ISO 8601. */
  readonly today: string
  readonly services: readonly Service[]
  readonly having: Having
  readonly jobs: readonly Job[]
  /** Services by what they need. */
  readonly dependents: ReadonlyMap<string, readonly Dependent[]>
  readonly calendar: Calendar
  /** Reads an alert's condition; the same text is read once. */
  readonly condition: typeof parseCondition
}

/** Prepares one environment's fleet for the rules; `calendar` may be shared by several. */
export function contextOf(fleet: Fleet, today: string, calendar: Calendar = openCalendar(today)): Context {
  const { environment } = fleet
  const services = Object.values(fleet.services)
  return {
    fleet,
    environment,
    production: /^(production|prod|live)$/.test(environment.name),
    today,
    services,
    having: servicesHaving(services),
    jobs: Object.values(fleet.jobs),
    dependents: dependentsOf(services),
    calendar,
    condition: rememberedConditions(),
  }
}

/** Alerts of a tier are written once and met on each of its services, so most conditions are met again. */
function rememberedConditions(): typeof parseCondition {
  const known = new Map<string, ReturnType<typeof parseCondition>>()
  return (text, counters = {}) => {
    if (Object.keys(counters).length > 0) return parseCondition(text, counters)
    const read = known.get(text) ?? parseCondition(text)
    known.set(text, read)
    return read
  }
}

function dependentsOf(services: readonly Service[]): ReadonlyMap<string, readonly Dependent[]> {
  const found = new Map<string, Dependent[]>()
  for (const service of services) {
    for (const [index, need] of service.needs.entries()) {
      const list = found.get(need.on.name)
      if (list) list.push({ service, need, index })
      else found.set(need.on.name, [{ service, need, index }])
    }
  }
  return found
}

/** Fewest and most replicas that a service may have at one time, floors by the clock included. */
export function replicasOf({ scale, replicas }: Service): { readonly least: number; readonly most: number } {
  if (scale) return { least: scale.min, most: Math.max(scale.max, scale.min) }
  const fixed = replicas ?? 1
  return { least: fixed, most: fixed }
}
