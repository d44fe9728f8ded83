import type { BlockedHistogram } from './blocked-histogram.ts'
import { clusteredInterval } from './clustered-interval.ts'
import type { HistogramData } from './histogram.ts'

/** One quantile with how sure it is. */
export interface QuantileEstimate {
  /** 0..1. */
  readonly q: number
  /** Within 0.39 % of the sample's nearest-rank quantile. */
  readonly value: number
  /** The value is a lower bound: requests that were given up are among those above it. */
  readonly atLeast: boolean
  /** Confidence bounds, which allow for values that resemble their neighbours in time; null: the sample is too small for one. */
  readonly low: number | null
  readonly high: number | null
  /** How many times the variance among independent values it is; at least 1. */
  readonly designEffect: number
}

/** A measured distribution as plain data; values in ms. */
export interface Distribution {
  readonly n: number
  readonly min: number
  readonly mean: number
  readonly max: number
  /** Confidence (0..1) of each quantile's bounds. */
  readonly confidence: number
  /** The quantiles of `reportedQuantiles`; none when n is 0. */
  readonly quantiles: readonly QuantileEstimate[]
  readonly histogram: HistogramData
}

/** The quantiles that are reported. */
export const reportedQuantiles: readonly number[] = Object.freeze([0.5, 0.9, 0.95, 0.99, 0.999])

/** Describes values that were recorded with their times. `smallestCensored` is the smallest value that is only a lower bound. */
export function distribution(
  histogram: BlockedHistogram,
  confidence: number,
  smallestCensored: number = Number.POSITIVE_INFINITY,
): Distribution {
  const { whole } = histogram
  if (whole.count === 0) {
    return { n: 0, min: 0, mean: 0, max: 0, confidence, quantiles: [], histogram: whole.toData() }
  }
  const { blocks } = histogram.stretches()
  const quantiles = reportedQuantiles.map((q): QuantileEstimate => {
    const { low = null, high = null, designEffect } = clusteredInterval(whole, blocks, q, confidence)
    const found = whole.quantile(q)
    // Beyond a request that was given up nobody knows how long it would have taken: there is no upper bound.
    const open = high === null || high >= smallestCensored
    return {
      q,
      value: found.value,
      atLeast: found.high >= smallestCensored,
      low,
      high: open ? null : high,
      designEffect,
    }
  })
  const { count: n, min, mean, max } = whole
  return { n, min, mean, max, confidence, quantiles, histogram: whole.toData() }
}

/** The estimate of one quantile's value; NaN of an empty distribution or a quantile that is not reported. */
export function quantileOf(of: Distribution, q: number): number {
  return of.quantiles.find((estimate) => estimate.q === q)?.value ?? Number.NaN
}
