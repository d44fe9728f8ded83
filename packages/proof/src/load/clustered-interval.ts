import { effectiveSize } from './effective-size.ts'
import type { Histogram } from './histogram.ts'
import { type QuantileInterval, rankInterval } from './quantile-interval.ts'

/**
 * A quantile's interval that holds when values close in time resemble each other, as latencies that queue behind each other do: the
 * order-statistic interval of the effective sample size, scaled back to the sample's ranks (Woodruff 1952). `blocks` are the values by
 * stretches of time; `q` and `confidence` in 0..1. The design effect says how many times the variance of independent values it is.
 */
export function clusteredInterval(
  whole: Histogram,
  blocks: readonly Histogram[],
  q: number,
  confidence: number,
): QuantileInterval & { readonly designEffect: number } {
  const n = whole.count
  if (n === 0) return { low: undefined, high: undefined, designEffect: 1 }
  const { size, designEffect } = effectiveSize({
    n,
    share: q,
    squares: squaresAround(whole, blocks, q),
    blocks: blocks.length,
    confidence,
  })
  const { lower, upper } = rankInterval(size, q, confidence)
  // One value of the effective sample stands for n/size of the sample: outwards, the first of those below and the last of those above.
  const from = lower === undefined || size === n ? lower : Math.floor(((lower - 1) / size) * n)
  return {
    low: from === undefined || from < 1 ? undefined : whole.atRank(from).low,
    high: upper === undefined ? undefined : whole.atRank(Math.min(n, Math.ceil((upper / size) * n))).high,
    designEffect,
  }
}

/** Σ over blocks of (values up to the q-quantile - q · values)². Values in the quantile's own bucket count in part, such that all count q·n. */
function squaresAround(whole: Histogram, blocks: readonly Histogram[], q: number): number {
  const { low } = whole.quantile(q)
  const below = whole.countBelowBucketOf(low)
  const inside = whole.countUpTo(low) - below
  const part = inside === 0 ? 0 : Math.min(1, Math.max(0, (q * whole.count - below) / inside))
  return blocks.reduce((sum, block) => {
    const lower = block.countBelowBucketOf(low)
    const counted = lower + part * (block.countUpTo(low) - lower)
    return sum + (counted - q * block.count) ** 2
  }, 0)
}
