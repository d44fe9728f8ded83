/** What a canary would have to show, and how sure one wants to be, before it is called harmful. */
export interface DetectionTask {
  /** Error (or slow-request) rate of the canary divided by the baseline's, > `tolerated`. */
  readonly ratio: number
  /** The canary's share of traffic, 0..1 exclusive. */
  readonly share: number
  /** Events per request in the baseline, 0..1 exclusive. */
  readonly baseRate: number
  /** Greatest tolerated probability of rolling back a release that is not worse, 0..1 exclusive. */
  readonly alpha: number
  /** Number of equally weighted bets the evidence is spread over: alternatives × metrics × starts, ≥ 1. */
  readonly bets: number
  /** The ratio that still counts as not worse, ≥ 1; default 1. */
  readonly tolerated?: number
}

/** Probability that an event fell on the canary, given that it happened: ρr/(1−ρ+ρr) (Bayes; Lindon & Malek 2022). */
export function coinBias(ratio: number, share: number): number {
  return (share * ratio) / (1 - share + share * ratio)
}

/** Kullback–Leibler divergence in nats of a coin with bias `truth` from one with bias `assumed`, both 0..1 exclusive. */
export function coinDivergence(truth: number, assumed: number): number {
  return truth * Math.log(truth / assumed) + (1 - truth) * Math.log((1 - truth) / (1 - assumed))
}

/**
 * Expected number of requests to both versions until the harm test has seen enough:
 * (ln(1/α) + ln bets) / (KL(θ(r;ρ) ‖ θ(r0;ρ)) · p̄), p̄ = (1−ρ)p + ρ·min(1, r·p) events per request (Wald 1945, expected sample size).
 * `Infinity` when nothing can be told apart (ratio at or below the tolerated one, share 0 or 1, rate 0).
 */
export function requestsToDetect(task: DetectionTask): number {
  const { ratio, share, baseRate, alpha, bets, tolerated = 1 } = task
  if (ratio <= tolerated || share <= 0 || share >= 1 || baseRate <= 0) return Infinity
  const canaryRate = Math.min(1, ratio * baseRate)
  const visible = canaryRate / baseRate
  if (visible <= tolerated) return Infinity
  const information = coinDivergence(coinBias(visible, share), coinBias(tolerated, share))
  const eventsPerRequest = (1 - share) * baseRate + share * canaryRate
  return (Math.log(1 / alpha) + Math.log(bets)) / (information * eventsPerRequest)
}

/** The smallest ratio that this many requests are expected to reveal, up to `ceiling`; `undefined` when not even that. */
export function detectableRatio(
  task: Omit<DetectionTask, 'ratio'> & { readonly requests: number; readonly ceiling?: number },
): number | undefined {
  const { requests, ceiling = 1000, ...rest } = task
  let low = rest.tolerated ?? 1
  let high = Math.min(ceiling, 1 / rest.baseRate)
  if (!(requestsToDetect({ ...rest, ratio: high }) <= requests)) return undefined
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (requestsToDetect({ ...rest, ratio: middle }) <= requests) high = middle
    else low = middle
  }
  return high
}
