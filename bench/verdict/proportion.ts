/** A proportion with its exact interval. */
export interface Proportion {
  readonly rate: number
  readonly low: number
  readonly high: number
  readonly n: number
}

/** Clopper & Pearson (1934), two-sided 95 %. */
export function proportion(hits: number, n: number): Proportion {
  const low = hits === 0 ? 0 : root((p) => 1 - below(hits - 1, n, p) - 0.025)
  const high = hits === n ? 1 : root((p) => 0.025 - below(hits, n, p))
  return { rate: n === 0 ? 0 : hits / n, low, high, n }
}

/** P(Binomial(n, p) ≤ k). */
function below(k: number, n: number, p: number): number {
  if (p <= 0) return 1
  if (p >= 1) return k >= n ? 1 : 0
  let term = n * Math.log1p(-p)
  let sum = Math.exp(term)
  for (let i = 1; i <= k; i++) {
    term += Math.log((n - i + 1) / i) + Math.log(p) - Math.log1p(-p)
    sum += Math.exp(term)
  }
  return Math.min(1, sum)
}

/** Zero of an increasing function on 0..1. */
function root(f: (p: number) => number): number {
  let [low, high] = [0, 1]
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2
    if (f(middle) < 0) low = middle
    else high = middle
  }
  return (low + high) / 2
}
