import type { Cost } from '../resolved.generated.ts'
import { type Context, replicasOf } from './context.ts'
import { rounded } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Hours in a month, on average. */
const hoursAMonth = 730

/** Rules on money. */
export const budgetRules: readonly Rule[] = [
  refusal({
    code: 'SW1910',
    title: 'Costs above the budget',
    meaning: 'What services and machines are stated to cost at least is more than the whole budget allows at most.',
    *check(context) {
      const budget = sums(Object.values(context.fleet.budget))
      const costs = sums([
        ...context.services.flatMap(({ cost }) => cost ?? []),
        ...Object.values(context.fleet.machines).flatMap(({ cost }) => cost ?? []),
      ])
      for (const [currency, { low }] of costs) {
        const most = budget.get(currency)?.high
        if (most === undefined || low <= most) continue
        yield {
          path: ['budget'],
          message: `expected costs of at most ${rounded(most)} ${currency} a month (the budget), found ${rounded(low)}`,
          hint: `raise the budget by ${rounded(low - most)} ${currency}, or give up what costs it`,
        }
      }
    },
  }),
  warning({
    code: 'SW2910',
    title: 'Capacity above the budget',
    meaning:
      'At the prices of the environment, what the fleet asks for at its smallest number of replicas costs more than the budget allows at most.',
    *check(context) {
      const { prices } = context.environment
      const most = prices && sums(Object.values(context.fleet.budget)).get(prices.currency)?.high
      if (!prices || most === undefined) return
      const bill = billOf(context)
      if (bill <= most) return
      yield {
        path: ['environments', context.environment.name, 'prices'],
        message: `expected at most ${rounded(most)} ${prices.currency} a month (the budget), found ${rounded(bill)} for what the services ask for`,
        hint: 'ask for less CPU and memory, run fewer replicas, or raise the budget',
      }
    },
  }),
]

interface Sum {
  low: number
  high: number
}

function sums(costs: readonly Cost[]): ReadonlyMap<string, Readonly<Sum>> {
  const found = new Map<string, Sum>()
  for (const { perMonth, currency } of costs) {
    const [low, high] = typeof perMonth === 'number' ? [perMonth, perMonth] : perMonth
    const sum = found.get(currency) ?? { low: 0, high: 0 }
    found.set(currency, { low: sum.low + low, high: sum.high + high })
  }
  return found
}

/** What cores, memory, GPUs and storage cost a month at the smallest number of replicas. */
function billOf({ services, fleet, environment }: Context): number {
  const { cpuHour = 0, memoryGiHour = 0, gpuHour = 0, storageGiMonth = 0 } = environment.prices ?? {}
  let bill = 0
  for (const service of services) {
    const hourly =
      service.cpu * cpuHour + (service.memory / 2 ** 30) * memoryGiHour + (service.gpu?.count ?? 0) * gpuHour
    bill += replicasOf(service).least * hourly * hoursAMonth
  }
  const stores = [fleet.postgres, fleet.redis, fleet.volumes].flatMap((parts) => Object.values(parts))
  for (const { storage } of stores) bill += (storage.size / 2 ** 30) * storageGiMonth
  return bill
}
