import { binomial } from './binomial.ts'
import type { Histogram } from './histogram.ts'

/** Ranks between which a quantile of the population lies with at least the wanted confidence. */
export interface RankInterval {
  /** 1..n, or undefined when the sample is too small for a lower bound. */
  readonly lower: number | undefined
  /** 1..n, or undefined when the sample is too small for an upper bound. */
  readonly upper: number | undefined
  /** The probability, at least `confidence`, that the interval holds the quantile. */
  readonly coverage: number
}

/**
 * The distribution-free interval for the `q`-quantile from order statistics: with K ~ Binomial(n, q) observations at or below the
 * quantile, P(X(l) ≤ quantile ≤ X(u)) ≥ P(l ≤ K ≤ u-1). Each side may miss with at most (1 - confidence)/2. Thompson 1936; David &
 * Nagaraja, Order Statistics (2003), eq. 7.1.2. It supposes independent observations. `q` and `confidence` in 0..1, exclusive.
 */
export function rankInterval(n: number, q: number, confidence: number): RankInterval {
  const miss = (1 - confidence) / 2
  const distribution = binomial(n, q)
  // l is the largest rank with P(K ≤ l-1) ≤ miss; u the smallest with P(K ≤ u-1) ≥ 1 - miss.
  const atLeast = distribution.quantile(miss)
  const l = distribution.cumulative(atLeast) <= miss ? atLeast + 1 : atLeast
  const u = distribution.quantile(1 - miss) + 1
  const lower = l >= 1 ? l : undefined
  const upper = u <= n ? u : undefined
  const coverage =
    (upper === undefined ? 1 : distribution.cumulative(u - 1)) -
    (lower === undefined ? 0 : distribution.cumulative(l - 1))
  return { lower, upper, coverage }
}

/** A confidence interval of a quantile; a missing bound means that the sample is too small to give one. */
export interface QuantileInterval {
  readonly low: number | undefined
  readonly high: number | undefined
}

/** The interval of `rankInterval` in values. Buckets are opened outwards, so the histogram's own error only widens it. */
export function quantileInterval(histogram: Histogram, q: number, confidence: number): QuantileInterval {
  if (histogram.count === 0) return { low: undefined, high: undefined }
  const { lower, upper } = rankInterval(histogram.count, q, confidence)
  return {
    low: lower === undefined ? undefined : histogram.atRank(lower).low,
    high: upper === undefined ? undefined : histogram.atRank(upper).high,
  }
}
