import { type ArmCount, logSum } from './coin.ts'

/** Where a ratio of rates lies, at every moment at once with the stated confidence. */
export interface RatioInterval {
  /** 0 when no positive ratio is excluded from below. */
  readonly low: number
  /** The ratio of greatest likelihood; `null` without an event on the baseline. */
  readonly estimate: number | null
  /** `null` when no ratio is excluded from above. */
  readonly high: number | null
  /** Events in both arms. */
  readonly events: number
}

const widest = 30
const priorWidth = 1
const priorPoints = 161

/**
 * A confidence sequence for the ratio of the rates of two versions: all r with lik(r) > α · Σ_j π_j lik(r_j), where π is a
 * normal prior on ln r (Robbins 1970; Lindon & Malek 2022 use a beta prior, which needs one constant share). P(the true
 * ratio is ever outside) ≤ α, whenever and however often one looks; shares may change between strata.
 */
export function ratioInterval(strata: readonly ArmCount[], alpha: number): RatioInterval {
  const useful = strata.filter(({ share }) => share > 0 && share < 1)
  const events = useful.reduce((sum, { canary, baseline }) => sum + canary + baseline, 0)
  if (events === 0) return { low: 0, estimate: null, high: null, events }
  const threshold = Math.log(alpha) + logMarginal(useful)
  const peak = mostLikely(useful)
  const excluded = (logRatio: number): boolean => logLikelihood(useful, logRatio) <= threshold
  return {
    low: excluded(-widest) ? Math.exp(edge(peak, -widest, excluded)) : 0,
    estimate: peak === -widest ? 0 : peak === widest ? null : Math.exp(peak),
    high: excluded(widest) ? Math.exp(edge(peak, widest, excluded)) : null,
    events,
  }
}

/** ln of the probability of the arms that the events fell on, given ln r. Concave in ln r. */
function logLikelihood(strata: readonly ArmCount[], logRatio: number): number {
  let sum = 0
  for (const { share, canary, baseline } of strata) {
    const logOdds = logRatio + Math.log(share) - Math.log1p(-share)
    sum -= canary * softplus(-logOdds) + baseline * softplus(logOdds)
  }
  return sum
}

/** ln(1 + exp(x)) without overflow. */
function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x))
}

function logMarginal(strata: readonly ArmCount[]): number {
  const weights: number[] = []
  const terms: number[] = []
  for (let point = 0; point < priorPoints; point++) {
    const logRatio = ((point / (priorPoints - 1)) * 8 - 4) * priorWidth
    const weight = (-logRatio * logRatio) / (2 * priorWidth * priorWidth)
    weights.push(weight)
    terms.push(weight + logLikelihood(strata, logRatio))
  }
  return logSum(terms) - logSum(weights)
}

/** ln of the ratio of greatest likelihood, by golden-section search; ±`widest` when one arm has no events. */
function mostLikely(strata: readonly ArmCount[]): number {
  if (strata.every(({ canary }) => canary === 0)) return -widest
  if (strata.every(({ baseline }) => baseline === 0)) return widest
  const golden = (Math.sqrt(5) - 1) / 2
  let low = -widest
  let high = widest
  while (high - low > 1e-10) {
    const left = high - golden * (high - low)
    const right = low + golden * (high - low)
    if (logLikelihood(strata, left) < logLikelihood(strata, right)) low = left
    else high = right
  }
  return (low + high) / 2
}

/** The last ratio towards `inside` that is excluded, seen from `outside`. */
function edge(inside: number, outside: number, excluded: (logRatio: number) => boolean): number {
  let kept = inside
  let out = outside
  for (let step = 0; step < 80; step++) {
    const middle = (kept + out) / 2
    if (excluded(middle)) out = middle
    else kept = middle
  }
  return out
}
