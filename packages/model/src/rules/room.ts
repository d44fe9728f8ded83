import { type Context, replicasOf } from './context.ts'
import { bytes, count, names, rounded } from './figures.ts'
import { crowds, type Placing, placings } from './placing.ts'
import { surgeOf } from './replica-count.ts'
import { type Fault, type Rule, refusal, warning } from './rule.ts'

/** Rules on whether what is asked of machines is there. */
export const roomRules: readonly Rule[] = [
  refusal({
    code: 'SW1220',
    title: 'Replica larger than every machine',
    meaning: 'No machine that the service may run on has the cores or the memory that one replica asks for.',
    *check(context) {
      for (const { program, kind, machines } of placings(context)) {
        if (machines.length === 0) continue
        for (const { resource, text } of resources) {
          const sizes = machines.map((machine) => machine[resource])
          if (sizes.some((size) => size === undefined)) continue
          const largest = Math.max(...sizes.map((size) => size ?? 0))
          if (program[resource] <= largest) continue
          yield {
            path: [kind, program.name, resource],
            message: `expected at most ${text(largest)}, the most that ${names(machines.map(({ name }) => name))} has, found ${text(program[resource])}`,
            hint: `ask for ${text(largest)} or less, or place it on a larger machine`,
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1221',
    title: 'Machines over-committed',
    meaning:
      'The replicas that are bound to these machines ask for more cores or memory than the machines have together, even at their smallest number.',
    *check(context) {
      yield* overCommitted(context, 'least')
    },
  }),
  warning({
    code: 'SW2220',
    title: 'Full scale that does not fit',
    meaning: 'At their smallest number the replicas fit on these machines; scaled out as far as declared, they do not.',
    *check(context) {
      yield* overCommitted(context, 'most')
    },
  }),
  refusal({
    code: 'SW1222',
    title: 'Placement that no machine meets',
    meaning: 'The machines and zones that the service names leave no machine that it may run on.',
    *check(context) {
      const zones = [...new Set(Object.values(context.fleet.machines).map(({ zone }) => zone))]
      for (const { program, kind, machines } of placings(context)) {
        if (machines.length > 0) continue
        const { place } = program
        const where = place.machines.length > 0 ? ` on ${names(place.machines)}` : ''
        yield {
          path: [kind, program.name, 'place', 'zones'],
          message: `expected a machine${where} in one of its zones (${place.zones.join(', ')}), found machines in ${zones.join(', ')} only`,
          hint: `choose a zone among ${zones.join(', ')}, or take \`zones\` away`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1223',
    title: 'Anti-affinity with more replicas than machines',
    meaning: 'No two replicas may share a machine, but there are fewer machines than replicas.',
    *check(context) {
      for (const { program, kind, machines, least } of placings(context)) {
        if (program.place.antiAffinity !== 'required' || machines.length === 0 || least <= machines.length) continue
        yield {
          path: [kind, program.name, 'place', 'antiAffinity'],
          message: `expected a machine for each of ${count(least, 'replica')}, found ${count(machines.length, 'machine')}`,
          hint: `set antiAffinity to \`preferred\`, or run ${count(machines.length, 'replica')}`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1224',
    title: 'Quota less than the sum of requests',
    meaning: 'The environment’s quota does not hold what its services ask for at their smallest number.',
    *check(context) {
      if (!context.environment.quota) return
      const wanted = demand(context, 'least')
      yield* aboveQuota(context, wanted, 'even at the smallest number of replicas')
    },
  }),
  refusal({
    code: 'SW1225',
    title: 'Quota without room for a release',
    meaning:
      'A release runs new replicas beside the old ones; the quota holds the fleet, but not that, so the release would wait for ever.',
    *check(context) {
      if (!context.environment.quota) return
      const wanted = demand(context, 'least')
      if ([...aboveQuota(context, wanted, '')].length > 0) return
      const surges = context.services.map((service) => ({ service, extra: surgeOf(service) }))
      for (const resource of ['cpu', 'memory'] as const) {
        const quota = context.environment.quota?.[resource]
        if (quota === undefined) continue
        const largest = surges.reduce((best, next) =>
          next.extra * next.service[resource] > best.extra * best.service[resource] ? next : best,
        )
        const need = wanted[resource] + largest.extra * largest.service[resource]
        if (need <= quota) continue
        const { text } = resource === 'cpu' ? cores : memory
        yield {
          path: ['environments', context.environment.name, 'quota', resource],
          message: `expected at least ${text(need)} of ${resource} while ${largest.service.name} is released (${largest.service.rollout.strategy}, ${count(largest.extra, 'replica')} more), found ${text(quota)}`,
          hint: `raise the quota to ${text(need)}, or let ${largest.service.name} roll with \`maxUnavailable: 1\` and \`maxSurge: 0\``,
        }
      }
    },
  }),
  warning({
    code: 'SW2221',
    title: 'Full scale above the quota',
    meaning: 'The quota stops the services before they have scaled out as far as declared.',
    *check(context) {
      if (!context.environment.quota) return
      if ([...aboveQuota(context, demand(context, 'least'), '')].length > 0) return
      yield* aboveQuota(context, demand(context, 'most'), 'with every service scaled out')
    },
  }),
]

const cores = { resource: 'cpu', text: (amount: number): string => count(amount, 'core') } as const
const memory = { resource: 'memory', text: bytes } as const
const resources = [cores, memory] as const

function* overCommitted(context: Context, extent: 'least' | 'most'): Generator<Fault> {
  const services = placings(context).filter(({ kind }) => kind === 'services')
  for (const { machines, placings: bound } of crowds(services)) {
    for (const { resource, text } of resources) {
      if (machines.some((machine) => machine[resource] === undefined)) continue
      const room = machines.reduce((sum, machine) => sum + (machine[resource] ?? 0), 0)
      const asked = (of: 'least' | 'most'): number =>
        bound.reduce((sum, placing) => sum + placing[of] * placing.program[resource], 0)
      if (asked(extent) <= room * (1 + 1e-9) || (extent === 'most' && asked('least') > room)) continue
      const largest = heaviest(bound, extent, resource)
      if (!largest) continue
      yield {
        path: ['services', largest.program.name, extent === 'most' ? 'scale' : resource],
        message: `expected at most ${text(room)} on ${names(machines.map(({ name }) => name))}, found ${text(asked(extent))} asked by ${count(bound.length, 'service')}`,
        hint: `take ${text(asked(extent) - room)} away, first from ${largest.program.name} (${text(largest[extent] * largest.program[resource])}), or add a machine`,
      }
    }
  }
}

function heaviest(
  bound: readonly Placing[],
  extent: 'least' | 'most',
  resource: 'cpu' | 'memory',
): Placing | undefined {
  const weight = (placing: Placing): number => placing[extent] * placing.program[resource]
  return bound.reduce<Placing | undefined>(
    (best, next) => (best && weight(best) >= weight(next) ? best : next),
    undefined,
  )
}

interface Demand {
  readonly cpu: number
  readonly memory: number
  readonly storage: number
  readonly replicas: number
}

/** What the services (and, for storage, the data) of an environment ask for. */
function demand(context: Context, extent: 'least' | 'most'): Demand {
  const { fleet } = context
  const sum = { cpu: 0, memory: 0, storage: 0, replicas: 0 }
  for (const service of context.services) {
    const replicas = replicasOf(service)[extent]
    sum.cpu += service.cpu * replicas
    sum.memory += service.memory * replicas
    sum.replicas += replicas
    for (const { size } of Object.values(service.storage)) sum.storage += size * replicas
  }
  for (const { storage, replicas, url } of Object.values(fleet.postgres)) {
    if (url === undefined) sum.storage += storage.size * replicas
  }
  for (const { storage, url } of Object.values(fleet.redis)) if (url === undefined) sum.storage += storage.size
  for (const { storage } of Object.values(fleet.volumes)) sum.storage += storage.size
  sum.storage += fleet.monitoring.prometheus?.storage.size ?? 0
  return sum
}

function* aboveQuota(context: Context, wanted: Demand, when: string): Generator<Fault> {
  const { quota, name } = context.environment
  for (const resource of ['cpu', 'memory', 'storage', 'replicas'] as const) {
    const most = quota?.[resource]
    if (most === undefined || wanted[resource] <= most * (1 + 1e-9)) continue
    const text = resource === 'cpu' ? cores.text : resource === 'replicas' ? rounded : bytes
    yield {
      path: ['environments', name, 'quota', resource],
      message: `expected at least ${text(wanted[resource])} of ${resource}${when && ` ${when}`}, found ${text(most)}`,
      hint: `raise the quota to ${text(wanted[resource])}, or ask for less`,
    }
  }
}
