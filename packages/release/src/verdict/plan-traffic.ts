import { type ExpectedTraffic, secondsToHarm } from './plan.ts'
import type { Rule } from './rule.ts'

/** Traffic that a release would need, and what has to be added to today's. */
export interface TrafficNeed {
  /** Requests per second at which the ratio is found by the deadline of the step; `null` when more traffic would not help. */
  readonly requestsPerSecond: number | null
  /** Requests per second to add to today's, ≥ 0; `null` as above. */
  readonly inject: number | null
}

/** The traffic at which `ratio` on this metric is expected to be found by the deadline of step `step` (index). */
export function trafficToDetect(
  rule: Rule,
  traffic: ExpectedTraffic,
  metricName: string,
  ratio: number,
  step: number,
): TrafficNeed {
  const metric = rule.metrics.find(({ name }) => name === metricName)
  const at = rule.steps[step]
  const rate = traffic.rates[metricName] ?? 0
  if (metric === undefined || at === undefined || rate <= 0) return { requestsPerSecond: null, inject: null }
  const isInTime = (perSecond: number): boolean =>
    secondsToHarm(rule, metric, at.share, ratio, perSecond * rate, rate) * 1000 <= at.deadlineMs
  let low = 0
  let high = 1e7
  if (!isInTime(high)) return { requestsPerSecond: null, inject: null }
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (isInTime(middle)) high = middle
    else low = middle
  }
  return { requestsPerSecond: high, inject: Math.max(0, high - traffic.requestsPerSecond) }
}

/** Shares that a first step may have. */
const firstShares: readonly number[] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5]

/**
 * Shares for a canary when the catalog names none: the smallest first step in which `ratio` on `metricName` is found within the
 * deadline (so that as few users as possible carry the risk), then half; the last step, all traffic, is the promotion.
 */
export function proposeShares(
  rule: Rule,
  traffic: ExpectedTraffic,
  metricName: string,
  ratio: number,
): readonly number[] {
  const metric = rule.metrics.find(({ name }) => name === metricName)
  const rate = traffic.rates[metricName] ?? 0
  const deadlineMs = rule.steps[0]?.deadlineMs ?? 0
  if (metric === undefined || rate <= 0) return [0.1, 0.5]
  const first = firstShares.find(
    (share) => secondsToHarm(rule, metric, share, ratio, traffic.requestsPerSecond * rate, rate) * 1000 <= deadlineMs,
  )
  return first === undefined || first >= 0.3 ? [0.5] : [first, 0.5]
}
