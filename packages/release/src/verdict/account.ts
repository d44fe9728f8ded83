import { coinBias, coinDivergence } from '@seaworthy/model'
import { totals } from './batch.ts'
import type { ArmCount } from './coin.ts'
import { type RatioInterval, ratioInterval } from './interval.ts'
import { counted, percent, plain, sixDigits } from './numbers.ts'
import { rateBound } from './rate-bound.ts'
import type { MetricRule, Rule } from './rule.ts'
import type { VerdictState } from './state.ts'

/** What was seen of one metric, and what could have been seen. */
export interface MetricAccount {
  readonly metric: string
  readonly canary: number
  readonly baseline: number
  /** Events that the canary's share explains. */
  readonly expected: number
  /** Ratio of rates, with 95 % at every moment at once. */
  readonly ratio: RatioInterval
  /** The canary's rate per request is below this, with 95 % at every moment at once. */
  readonly rateBelow: number
  /** Smallest ratio that these requests were expected to reveal; `null` when none below 1000. */
  readonly detectable: number | null
  readonly sentence: string
}

/** What a release showed, as data and sentences. */
export interface Account {
  readonly requests: { readonly canary: number; readonly baseline: number }
  readonly metrics: readonly MetricAccount[]
}

/** Accounts for a verdict at any moment, usually its end. */
export function accountFor(state: VerdictState): Account {
  const metrics = state.rule.metrics.map((metric, index): MetricAccount => {
    const judged = state.metrics[index]?.judged ?? []
    const { canary, baseline, expected } = totals(judged)
    const ratio = ratioInterval(judged, 0.05)
    const rateBelow = sixDigits(rateBound({ requests: Math.max(state.ended.canary, canary), events: canary }, 0.05))
    const detectable = detectableFrom(state.rule, metric, judged)
    const facts = { metric: metric.name, canary, baseline, expected: sixDigits(expected), ratio, rateBelow, detectable }
    return { ...facts, sentence: accountSentence(facts, metric) }
  })
  return { requests: state.ended, metrics }
}

/** ln of what a harm verdict on one metric costs: its part of α, its part of the bets, and half kept in reserve. */
export function logHarmCost(rule: Rule, metric: MetricRule): number {
  return -Math.log(rule.alpha) - Math.log(metric.weight) + Math.log(rule.harmRatios.length) + Math.LN2
}

function detectableFrom(rule: Rule, metric: MetricRule, judged: readonly ArmCount[]): number | null {
  const cost = logHarmCost(rule, metric)
  const useful = judged.filter(({ share }) => share > 0 && share < 1)
  const information = (ratio: number): number =>
    useful.reduce((sum, { share, baseline }) => {
      // Events that would have been, had the canary been so much worse while the baseline stayed as it was.
      const events = (baseline / (1 - share)) * (1 - share + share * ratio)
      return sum + events * coinDivergence(coinBias(ratio, share), coinBias(metric.tolerated, share))
    }, 0)
  let low = metric.tolerated
  let high = 1000
  if (information(high) < cost) return null
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2
    if (information(middle) >= cost) high = middle
    else low = middle
  }
  return sixDigits(high)
}

function accountSentence(facts: Omit<MetricAccount, 'sentence'>, metric: MetricRule): string {
  const { canary, baseline, expected, ratio, rateBelow, detectable } = facts
  const seen =
    canary + baseline === 0
      ? 'none'
      : `${counted(canary + baseline, 'event')}, ${canary.toLocaleString('en-US')} on the canary where its share explains ${plain(expected)}`
  const range = ratio.events === 0 ? '' : `; ratio ${ratioText(ratio)}`
  const could =
    detectable === null
      ? 'too few events for any ratio to show'
      : `a ratio from ${plain(detectable)} upward would have shown${detectable > metric.refused ? `, ${plain(metric.refused)} not surely` : ''}`
  return `${metric.name}: ${seen}${range}; canary’s rate below ${percent(rateBelow)}; ${could}.`
}

function ratioText({ low, estimate, high }: RatioInterval): string {
  const middle = estimate === null ? 'not known' : plain(estimate)
  return `${middle} (95 % at every moment: ${plain(low)} to ${high === null ? 'any' : plain(high)})`
}
