import type { BlockedHistogram } from './blocked-histogram.ts'
import { clusteredInterval } from './design-effect.ts'
import type { Histogram, HistogramData } from './histogram.ts'
import { quantileInterval } from './quantile-interval.ts'

/** One quantile with how sure it is. */
export interface QuantileEstimate {
  /** 0..1. */
  readonly q: number
  /** Within 0.39 % of the sample's nearest-rank quantile. */
  readonly value: number
  /** The value is a lower bound: requests that were given up are among those above it. */
  readonly atLeast: boolean
  /** Confidence bounds; a missing one means that the sample is too small to give it. */
  readonly low: number | undefined
  readonly high: number | undefined
}

/** A measured distribution as plain data; values in ms. */
export interface Distribution {
  readonly n: number
  readonly min: number
  readonly mean: number
  readonly max: number
  /** Confidence (0..1) of each quantile's bounds. */
  readonly confidence: number
  /** `time clusters` allows for values that resemble their neighbours in time; `independent` supposes that they do not. */
  readonly interval: 'time clusters' | 'independent'
  readonly quantiles: readonly QuantileEstimate[]
  readonly histogram: HistogramData
}

/** The quantiles that are reported. */
export const reportedQuantiles: readonly number[] = Object.freeze([0.5, 0.9, 0.95, 0.99, 0.999])

/** Describes a histogram, taking its values for independent. */
export function distribution(histogram: Histogram, confidence: number): Distribution {
  const interval = (q: number): { low: number | undefined; high: number | undefined } =>
    quantileInterval(histogram, q, confidence)
  return describe(histogram, confidence, 'independent', interval, Number.POSITIVE_INFINITY)
}

/** Describes values that were recorded with their times. `smallestCensored` is the smallest value that is only a lower bound. */
export function distributionInTime(
  histogram: BlockedHistogram,
  confidence: number,
  smallestCensored: number,
): Distribution {
  const { blocks } = histogram.stretches()
  const interval = (q: number): { low: number | undefined; high: number | undefined } =>
    clusteredInterval(histogram.whole, blocks, q, confidence)
  return describe(histogram.whole, confidence, 'time clusters', interval, smallestCensored)
}

function describe(
  histogram: Histogram,
  confidence: number,
  interval: Distribution['interval'],
  bounds: (q: number) => { readonly low: number | undefined; readonly high: number | undefined },
  smallestCensored: number,
): Distribution {
  if (histogram.count === 0) {
    return { n: 0, min: 0, mean: 0, max: 0, confidence, interval, quantiles: [], histogram: histogram.toData() }
  }
  const quantiles = reportedQuantiles.map((q): QuantileEstimate => {
    const { low, high } = bounds(q)
    const found = histogram.quantile(q)
    const open = high === undefined || high >= smallestCensored
    // Beyond a request that was given up nobody knows how long it would have taken: there is no upper bound.
    return { q, value: found.value, atLeast: found.high >= smallestCensored, low, high: open ? undefined : high }
  })
  const { count: n, min, mean, max } = histogram
  return { n, min, mean, max, confidence, interval, quantiles, histogram: histogram.toData() }
}

/** The estimate of one quantile's value; NaN of an empty distribution. */
export function quantileOf(of: Distribution, q: number): number {
  return of.quantiles.find((estimate) => estimate.q === q)?.value ?? Number.NaN
}
