import { type Measure, ratioToBest } from './result.ts'

/** One who is measured; `measure` runs once and returns one number in the measure's unit. */
export interface Contender {
  readonly name: string
  readonly measure: () => Promise<number>
}

/**
 * Measures ours and the peers in turn, `rounds` times, each round in a rotated order, so that a neighbour's load or a
 * warming machine falls on all alike; the numbers are medians.
 */
export async function interleave(plan: {
  readonly name: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
  readonly ours: Contender
  readonly peers: readonly Contender[]
  readonly rounds: number
  readonly say: (line: string) => void
}): Promise<Measure> {
  const contenders = [{ ...plan.ours, name: 'ours' }, ...plan.peers]
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]))
  for (let round = 0; round < plan.rounds; round += 1) {
    for (let place = 0; place < contenders.length; place += 1) {
      const contender = contenders[(place + round) % contenders.length]
      if (!contender) continue
      const value = await contender.measure()
      samples.get(contender.name)?.push(value)
      plan.say(`${plan.name}: round ${round + 1}/${plan.rounds} ${contender.name} ${formatNumber(value)} ${plan.unit}`)
    }
  }
  const ours = median(samples.get('ours') ?? [])
  const peers = Object.fromEntries(plan.peers.map(({ name }) => [name, median(samples.get(name) ?? [])]))
  const spread = Object.fromEntries(
    [...samples].map(([name, values]) => [name, [Math.min(...values), Math.max(...values)] as const]),
  )
  const { name, unit, better } = plan
  return { name, unit, better, ours, peers, ratio: ratioToBest(ours, peers, better), n: plan.rounds, spread }
}

/** The middle of the values, or the mean of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Three significant digits, thousands separated: enough to compare, no more than was measured. */
export function formatNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: Math.abs(value) >= 1000 ? 5 : 3 })
}
