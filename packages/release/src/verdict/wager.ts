import { type ArmCount, logFactors } from './coin.ts'

/** A bet that the canary's rate is one of `alternatives` times the baseline's, against the null ratio. */
export interface Wager {
  /** The ratio at the edge of the null hypothesis. */
  readonly nullRatio: number
  /** All above `nullRatio` (null: "not more than") or all below it (null: "not less than"). */
  readonly alternatives: readonly number[]
  /** `each`: every event is a draw of its own. `vote`: all events of one window share one draw (clumps). */
  readonly count: 'each' | 'vote'
}

/** ln of what these events multiply a stake on each alternative by; of `count: 'vote'` they are one window. */
export function logGrowths(wager: Wager, events: readonly ArmCount[]): readonly number[] {
  const growth = wager.count === 'each' ? growthOfEach : growthOfVote
  return wager.alternatives.map((ratio) => growth(ratio, wager.nullRatio, events))
}

function growthOfEach(ratio: number, nullRatio: number, events: readonly ArmCount[]): number {
  let growth = 0
  for (const { share, canary, baseline } of events) {
    const factors = logFactors(ratio, nullRatio, share)
    growth += canary * factors.canary + baseline * factors.baseline
  }
  return growth
}

/** The mean of the events' factors: each has mean ≤ 1 under the null, so their mean has, however they hang together. */
function growthOfVote(ratio: number, nullRatio: number, events: readonly ArmCount[]): number {
  let total = 0
  let sum = 0
  for (const { share, canary, baseline } of events) {
    const factors = logFactors(ratio, nullRatio, share)
    sum += canary * Math.exp(factors.canary) + baseline * Math.exp(factors.baseline)
    total += canary + baseline
  }
  return total === 0 ? 0 : Math.log(sum / total)
}
