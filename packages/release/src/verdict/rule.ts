/** Where a metric's events are found in the counters. */
export type MetricSource =
  /** Requests that failed: server errors, timeouts, and no replica to answer; `route` narrows it to one. */
  | { readonly kind: 'failures'; readonly route?: string }
  /** Requests slower than `boundMs`, those still in flight beyond it included. */
  | { readonly kind: 'slower'; readonly boundMs: number; readonly route?: string }
  /** Requests whose first attempt failed and that another replica had to answer: what a retry would otherwise hide. */
  | { readonly kind: 'rescued'; readonly route?: string }
  /** Anything else that is counted by version: restarts, OOM kills, failed jobs. */
  | { readonly kind: 'counter'; readonly counter: string }

/** One thing that is compared, fixed before the first request. */
export interface MetricRule {
  /** As it stands in sentences: `errors`, `slower than 500 ms`. */
  readonly name: string
  readonly source: MetricSource
  /** Part of α (and of a false hold) that this metric may spend; the weights of a rule sum to 1. */
  readonly weight: number
  /** Ratio of rates (canary to baseline) that still counts as no worse, ≥ 1. */
  readonly tolerated: number
  /** Ratio that must not slip through, > 1 and ≥ `tolerated`. */
  readonly refused: number
  /** `each`: every event is a draw of the coin. `vote`: all events of one window share one draw, which survives bursts. */
  readonly count: 'each' | 'vote'
  /** `drawn`: the gateway's coin drew the version. `counted`: shares come from elsewhere; only what was counted is used. */
  readonly shares: 'drawn' | 'counted'
  /** Whether a step needs evidence of safety from this metric. */
  readonly safety: boolean
  /** Rate per request below which nobody minds, 0..1: a canary shown to be below it is safe on this metric. */
  readonly floor?: number
  /** Rate per request over both versions, 0..1, beyond which the release holds and blames nobody. */
  readonly limit?: number
  /** Time from the first request in which this metric is not judged, ms. */
  readonly burnInMs: number
}

/** One step of a release: a share, and what it takes to leave it. */
export interface StepRule {
  /** The canary's share of traffic, 0..1. */
  readonly share: number
  /** Longest time in this step, ms. */
  readonly deadlineMs: number
  /** Requests that the canary must have ended in this step. */
  readonly minRequests: number
}

/** What happens when the deadline passes without evidence. */
export type UnderpoweredPolicy = 'hold' | 'promote' | 'rollback'

/** A whole decision rule. It is written down before the first request is routed and does not change. */
export interface Rule {
  readonly kind: 'verdict-rule'
  readonly version: 1
  readonly service: string
  readonly baseline: string
  readonly canary: string
  /** Greatest probability of rolling back a release that is no worse, however often it is looked at; 0..1. */
  readonly alpha: number
  /** Greatest probability of passing a step while some metric is at least `refused` times worse; 0..1. */
  readonly beta: number
  /** Greatest probability of calling a correct routing broken; 0..1. */
  readonly routingAlpha: number
  /** `maximum`: a metric must convince by its own part of α (holds under any dependence, delays included). `average`: the weighted mean must. */
  readonly combine: 'maximum' | 'average'
  /** Whose draws are independent: each request's, or each client's (sticky); then episodes are counted. */
  readonly unit: 'request' | 'client'
  /** Ratios that harm may take, as multiples of `tolerated`, > 1; equal weights. */
  readonly harmRatios: readonly number[]
  /** Ratios that a good canary may have, < `refused`, with weights that sum to 1. */
  readonly safeRatios: readonly { readonly ratio: number; readonly weight: number }[]
  /** Evidence of harm (to 1) on any metric from which a step does not pass, whatever speaks for safety; > 1. */
  readonly doubt: number
  /** Length of a voting window, ms: longer than a burst. */
  readonly windowMs: number
  /** Time between fresh starts of the harm test, ms: how quickly a good past is forgotten. */
  readonly restartMs: number
  /** Time at the start of each step that safety does not count, ms: at least the request timeout, so that slow failures have arrived. */
  readonly settleMs: number
  /** Time without a canary request after which there is no data, ms. */
  readonly idleMs: number
  /** Time without readable counters after which the source is down, ms. */
  readonly sourceMs: number
  readonly underpowered: UnderpoweredPolicy
  readonly steps: readonly StepRule[]
  readonly metrics: readonly MetricRule[]
}

/** ln of the evidence that makes this metric alone a harmful verdict under `combine: 'maximum'`. */
export function harmThreshold(rule: Rule, metric: MetricRule): number {
  return -Math.log(rule.alpha) - (rule.combine === 'maximum' ? Math.log(metric.weight) : 0)
}
