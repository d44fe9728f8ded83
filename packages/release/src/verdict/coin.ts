/** Events of one kind that were drawn at one share: whole numbers ≥ 0. */
export interface ArmCount {
  /** The canary's share of the draws of both versions, 0..1. */
  readonly share: number
  readonly canary: number
  readonly baseline: number
}

/** ln of what one event multiplies the evidence by, by the version it fell on. */
export interface LogFactors {
  readonly canary: number
  readonly baseline: number
}

/**
 * ln θ(r;ρ)/θ(r0;ρ) and ln (1−θ(r;ρ))/(1−θ(r0;ρ)) with θ(r;ρ) = ρr/(1−ρ+ρr): the likelihood ratio of one event
 * (Lindon & Malek 2022). Both are 0 at shares 0 and 1, where an event says nothing about the ratio.
 */
export function logFactors(ratio: number, nullRatio: number, share: number): LogFactors {
  if (share <= 0 || share >= 1) return { canary: 0, baseline: 0 }
  const baseline = Math.log1p(share * (nullRatio - 1)) - Math.log1p(share * (ratio - 1))
  return { canary: Math.log(ratio / nullRatio) + baseline, baseline }
}

/** ln Σ exp(x); −Infinity for nothing. */
export function logSum(terms: readonly number[]): number {
  let top = -Infinity
  for (const term of terms) if (term > top) top = term
  if (top === -Infinity) return -Infinity
  let sum = 0
  for (const term of terms) sum += Math.exp(term - top)
  return top + Math.log(sum)
}
