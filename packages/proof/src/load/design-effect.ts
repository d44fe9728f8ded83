import type { Histogram } from './histogram.ts'
import { type QuantileInterval, rankInterval } from './quantile-interval.ts'
import { normalQuantile, studentQuantile } from './student.ts'

/**
 * How many times the variance of "share of values up to the `q`-quantile" is greater than among independent values, judged from
 * blocks of time as clusters (ratio estimator of Cochran 1977, eq. 11.30; Kish 1965 for the name). At least 1; latencies that
 * queue behind each other easily have 10. Fewer than 2 blocks give 1.
 */
export function designEffect(whole: Histogram, blocks: readonly Histogram[], q: number): number {
  if (blocks.length < 2 || whole.count === 0) return 1
  const n = whole.count
  const { low } = whole.quantile(q)
  const below = whole.countBelowBucketOf(low)
  const inside = whole.countUpTo(low) - below
  // Values that share the quantile's bucket are counted in part, such that the counted share is q exactly.
  const part = inside === 0 ? 0 : Math.min(1, Math.max(0, (q * n - below) / inside))
  let squares = 0
  for (const block of blocks) {
    const lower = block.countBelowBucketOf(low)
    const counted = lower + part * (block.countUpTo(low) - lower)
    squares += (counted - q * block.count) ** 2
  }
  const clustered = ((blocks.length / (blocks.length - 1)) * squares) / n ** 2
  return Math.max(1, clustered / ((q * (1 - q)) / n))
}

/**
 * A quantile's interval that holds when values close in time resemble each other: the order-statistic interval of the effective
 * sample size n/deff · (z/t)² (Woodruff 1952 for the inversion; Korn & Graubard 1998, eq. 2, for the size and its degrees of freedom).
 */
export function clusteredInterval(
  whole: Histogram,
  blocks: readonly Histogram[],
  q: number,
  confidence: number,
): QuantileInterval & { readonly designEffect: number } {
  const n = whole.count
  if (n === 0) return { low: undefined, high: undefined, designEffect: 1 }
  const effect = designEffect(whole, blocks, q)
  const tail = (1 + confidence) / 2
  const shrink = blocks.length < 2 ? 1 : (normalQuantile(tail) / studentQuantile(tail, blocks.length - 1)) ** 2
  const size = effect === 1 ? n : Math.max(1, Math.floor((n / effect) * shrink))
  const { lower, upper } = rankInterval(size, q, confidence)
  return {
    low: lower === undefined ? undefined : whole.atRank(Math.max(1, Math.floor((lower / size) * n))).low,
    high: upper === undefined ? undefined : whole.atRank(Math.min(n, Math.ceil((upper / size) * n))).high,
    designEffect: effect,
  }
}
