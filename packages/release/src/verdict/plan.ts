import { logHarmCost } from './account.ts'
import { type EventFlow, growthPerSecond } from './growth.ts'
import { logRateGrowths, ratesBelow } from './limit.ts'
import { harmWager, safetyWager } from './metric-evidence.ts'
import type { MetricRule, Rule, StepRule } from './rule.ts'
import type { Wager } from './wager.ts'

/** What traffic is expected while the release runs. */
export interface ExpectedTraffic {
  /** Requests per second to both versions. */
  readonly requestsPerSecond: number
  /** Events per request in the baseline by metric, 0..1; a metric without a rate is not planned for. */
  readonly rates: Readonly<Record<string, number>>
}

/** How long one regression takes to be found in one step; seconds, `null` when never. */
export interface PlannedDetection {
  readonly ratio: number
  readonly seconds: number | null
  readonly isInTime: boolean
}

/** What one metric can show in one step. */
export interface PlannedMetric {
  readonly metric: string
  readonly rate: number
  readonly detections: readonly PlannedDetection[]
  /** Time in which a canary that is no different is shown to be safe, s; `null` when safety is not asked or never shown. */
  readonly safeSeconds: number | null
}

/** One step of a plan. */
export interface PlannedStep {
  readonly step: StepRule
  readonly metrics: readonly PlannedMetric[]
  /** Time in which a good release passes, s: the slowest metric, the settling time, and the requests asked; `null` when it cannot. */
  readonly passSeconds: number | null
  readonly passesInTime: boolean
}

/** Everything that can be said before the first request. */
export interface Plan {
  readonly rule: Rule
  readonly traffic: ExpectedTraffic
  readonly steps: readonly PlannedStep[]
}

/** Plans a release: what could be found when, and when a good release passes. Times are expectations, near the median. */
export function planRelease(rule: Rule, traffic: ExpectedTraffic, ratios: readonly number[] = [2, 4, 10]): Plan {
  const steps = rule.steps.map((step): PlannedStep => {
    const metrics = rule.metrics
      .filter(({ name }) => (traffic.rates[name] ?? 0) > 0)
      .map((metric) => planMetric(rule, metric, step, traffic, ratios))
    return { step, metrics, ...passing(rule, step, traffic, metrics) }
  })
  return { rule, traffic, steps }
}

/** Expected time until a canary `ratio` times worse is called harmful, s; Infinity when never. */
export function secondsToHarm(
  rule: Rule,
  metric: MetricRule,
  share: number,
  ratio: number,
  eventsPerSecond: number,
  rate: number,
): number {
  const visible = Math.min(ratio, 1 / rate)
  const flow = flowOf(rule, share, visible, eventsPerSecond)
  return logHarmCost(rule, metric) / fastest(harmWager(rule, metric), flow)
}

/** Expected time until a canary that is no different is called safe, s, without the settling time; Infinity when never. */
export function secondsToSafety(rule: Rule, metric: MetricRule, share: number, traffic: ExpectedTraffic): number {
  const rate = traffic.rates[metric.name] ?? 0
  const flow = flowOf(rule, share, 1, traffic.requestsPerSecond * rate)
  const wager = safetyWager(rule, metric)
  const split = metric.floor === undefined ? 0 : Math.LN2
  const needed = -Math.log(rule.beta) + split
  const relative = Math.min(
    ...rule.safeRatios.map(({ ratio, weight }) =>
      ratioOrNever(needed - Math.log(weight), growthPerSecond(wager, ratio, flow)),
    ),
  )
  return Math.min(relative, secondsBelowFloor(metric, needed, rate, traffic.requestsPerSecond * share))
}

function secondsBelowFloor({ floor }: MetricRule, needed: number, rate: number, canaryPerSecond: number): number {
  if (floor === undefined || rate >= floor) return Infinity
  const rates = ratesBelow(floor)
  const growth = Math.max(...logRateGrowths(rates, floor, { requests: 1, events: rate }))
  return ratioOrNever(needed + Math.log(rates.length), growth * canaryPerSecond)
}

function planMetric(
  rule: Rule,
  metric: MetricRule,
  { share, deadlineMs }: StepRule,
  traffic: ExpectedTraffic,
  ratios: readonly number[],
): PlannedMetric {
  const rate = traffic.rates[metric.name] ?? 0
  const detections = ratios.map((ratio): PlannedDetection => {
    const seconds = secondsToHarm(rule, metric, share, ratio, traffic.requestsPerSecond * rate, rate)
    return { ratio, seconds: finite(seconds), isInTime: seconds * 1000 <= deadlineMs }
  })
  const safeSeconds = metric.safety ? finite(secondsToSafety(rule, metric, share, traffic)) : null
  return { metric: metric.name, rate, detections, safeSeconds }
}

function passing(
  rule: Rule,
  { share, deadlineMs, minRequests }: StepRule,
  { requestsPerSecond }: ExpectedTraffic,
  metrics: readonly PlannedMetric[],
): { readonly passSeconds: number | null; readonly passesInTime: boolean } {
  const asked = metrics.filter(({ metric }) => rule.metrics.some(({ name, safety }) => name === metric && safety))
  const slowest = Math.max(0, ...asked.map(({ safeSeconds }) => safeSeconds ?? Infinity))
  const seconds = Math.max(rule.settleMs / 1000 + slowest, minRequests / (requestsPerSecond * share))
  return { passSeconds: finite(seconds), passesInTime: seconds * 1000 <= deadlineMs }
}

function flowOf(rule: Rule, share: number, ratio: number, baselineEventsPerSecond: number): EventFlow {
  const eventsPerSecond = baselineEventsPerSecond * (1 - share + share * ratio)
  return { eventsPerSecond, ratio, share, windowSeconds: rule.windowMs / 1000 }
}

function fastest(wager: Wager, flow: EventFlow): number {
  return Math.max(0, ...wager.alternatives.map((alternative) => growthPerSecond(wager, alternative, flow)))
}

function ratioOrNever(needed: number, growth: number): number {
  return growth > 0 ? needed / growth : Infinity
}

function finite(seconds: number): number | null {
  return Number.isFinite(seconds) ? seconds : null
}
