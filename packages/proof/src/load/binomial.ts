/** A binomial distribution's cumulative probabilities over the values that matter. */
export interface Binomial {
  /** P(X ≤ k) for X ~ Binomial(n, p); any whole k. */
  readonly cumulative: (k: number) => number
  /** The smallest k with P(X ≤ k) ≥ probability (0..1). */
  readonly quantile: (probability: number) => number
}

const negligible = 1e-25

/**
 * Binomial(n, p) with absolute errors below 1e-11 for n up to 10^9. The probabilities are built outwards from the mode by the exact
 * ratio P(k+1)/P(k) = (n-k)/(k+1) · p/(1-p) until they are negligible, then divided by their sum: no gamma function, no
 * normal approximation, about 20 standard deviations of steps. `n` is a whole number ≥ 0, `p` in 0..1.
 */
export function binomial(n: number, p: number): Binomial {
  if (p <= 0) return pointMass(0)
  if (p >= 1) return pointMass(n)
  const mode = Math.min(n, Math.floor((n + 1) * p))
  const odds = p / (1 - p)
  const below: number[] = []
  for (let k = mode, term = 1; k > 0; k -= 1) {
    term *= k / ((n - k + 1) * odds)
    if (term < negligible) break
    below.push(term)
  }
  const above: number[] = []
  for (let k = mode, term = 1; k < n; k += 1) {
    term *= ((n - k) / (k + 1)) * odds
    if (term < negligible) break
    above.push(term)
  }
  const first = mode - below.length
  const sums = new Float64Array(below.length + 1 + above.length)
  let sum = 0
  for (let index = 0; index < sums.length; index += 1) {
    const fromMode = index - below.length
    sum += fromMode === 0 ? 1 : ((fromMode < 0 ? below[-fromMode - 1] : above[fromMode - 1]) ?? 0)
    sums[index] = sum
  }
  const cumulative = (k: number): number => {
    const index = Math.floor(k) - first
    return index < 0 ? 0 : index >= sums.length - 1 ? 1 : (sums[index] ?? 0) / sum
  }
  return { cumulative, quantile: (probability) => first + firstAtLeast(sums, probability * sum) }
}

function firstAtLeast(sums: Float64Array, wanted: number): number {
  let [low, high] = [0, sums.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sums[middle] ?? 0) >= wanted) high = middle
    else low = middle + 1
  }
  return low
}

function pointMass(at: number): Binomial {
  return { cumulative: (k) => (k >= at ? 1 : 0), quantile: () => at }
}
