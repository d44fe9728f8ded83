import { bucketBounds, bucketCount, bucketIndex, representative } from './histogram-buckets.ts'

/** An interval that is known to hold a value, and the value reported for it. */
export interface Bounds {
  readonly low: number
  readonly high: number
  readonly value: number
}

/** A histogram as plain data: sparse `[bucket, count]` pairs in rising order, and what is kept exactly. */
export interface HistogramData {
  readonly kind: 'histogram'
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
  readonly buckets: readonly (readonly [number, number])[]
}

/**
 * Counts of non-negative values in buckets whose width grows with the value, so that a quantile is known to within
 * 0.39 % of itself (`maxRelativeError`) whatever the distribution, in 32 KiB whatever the number of values. Any two can
 * be added. Smallest, largest, sum and count are exact. Values below 2^-10 share one bucket; values of 2^22 and above
 * (70 minutes, in ms) share another whose bound is the largest value seen.
 */
export class Histogram {
  readonly #counts: Float64Array = new Float64Array(bucketCount)
  #count = 0
  #sum = 0
  #min = Number.POSITIVE_INFINITY
  #max = Number.NEGATIVE_INFINITY

  /** Adds a value that was seen `times` times. A negative value counts as 0; NaN throws a `RangeError`. */
  record(value: number, times = 1): void {
    const kept = Math.max(value, 0)
    if (Number.isNaN(value)) throw new RangeError('a histogram takes numbers, not NaN')
    const index = bucketIndex(kept)
    this.#counts[index] = (this.#counts[index] ?? 0) + times
    this.#count += times
    this.#sum += kept * times
    if (kept < this.#min) this.#min = kept
    if (kept > this.#max) this.#max = kept
  }

  /** How many values were recorded. */
  get count(): number {
    return this.#count
  }

  /** The arithmetic mean, exact up to rounding; NaN of none. */
  get mean(): number {
    return this.#sum / this.#count
  }

  /** The smallest value; Infinity of none. */
  get min(): number {
    return this.#min
  }

  /** The largest value; -Infinity of none. */
  get max(): number {
    return this.#max
  }

  /** Adds all values of another histogram: the same as if each had been recorded here. */
  add(other: Histogram): void {
    for (let index = 0; index < bucketCount; index += 1) {
      const more = other.#counts[index] ?? 0
      if (more > 0) this.#counts[index] = (this.#counts[index] ?? 0) + more
    }
    this.#count += other.#count
    this.#sum += other.#sum
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
  }

  /**
   * The value of the given rank (1 = smallest) as bounds that hold it and a value within 0.39 % of it.
   * Throws a `RangeError` for a rank outside 1..count.
   */
  atRank(rank: number): Bounds {
    if (!(rank >= 1 && rank <= this.#count)) throw new RangeError(`rank ${rank} of ${this.#count} values`)
    let below = 0
    for (let index = 0; index < bucketCount; index += 1) {
      below += this.#counts[index] ?? 0
      if (below >= rank) return this.#within(index)
    }
    throw new RangeError(`rank ${rank} of ${this.#count} values`)
  }

  /** The smallest value that at least the share `q` (0..1) of all values does not exceed (nearest rank); throws of none. */
  quantile(q: number): Bounds {
    return this.atRank(quantileRank(this.#count, q))
  }

  /** How many values are in buckets that lie wholly at or below the one of `value`: exact up to that bucket's width. */
  countUpTo(value: number): number {
    const last = bucketIndex(value)
    let below = 0
    for (let index = 0; index <= last; index += 1) below += this.#counts[index] ?? 0
    return below
  }

  /** How many values are in buckets below the one of `value`. */
  countBelowBucketOf(value: number): number {
    const first = bucketIndex(value)
    let below = 0
    for (let index = 0; index < first; index += 1) below += this.#counts[index] ?? 0
    return below
  }

  #within(index: number): Bounds {
    const [from, to] = bucketBounds(index)
    const low = Math.max(from, this.#min)
    const high = Math.min(to, this.#max)
    return { low, high, value: Math.min(high, Math.max(low, representative(from, to))) }
  }

  /** The histogram as plain data. */
  toData(): HistogramData {
    const buckets: [number, number][] = []
    for (let index = 0; index < bucketCount; index += 1) {
      const count = this.#counts[index] ?? 0
      if (count > 0) buckets.push([index, count])
    }
    const [min, max] = this.#count === 0 ? [0, 0] : [this.#min, this.#max]
    return { kind: 'histogram', count: this.#count, sum: this.#sum, min, max, buckets }
  }

  /** The histogram that `toData` wrote. */
  static from(data: HistogramData): Histogram {
    const histogram = new Histogram()
    if (data.count === 0) return histogram
    for (const [index, count] of data.buckets) histogram.#counts[index] = count
    histogram.#count = data.count
    histogram.#sum = data.sum
    histogram.#min = data.min
    histogram.#max = data.max
    return histogram
  }
}

/** The rank (1..n) of the nearest-rank quantile `q`: the smallest k with k/n ≥ q. Rounding of `q·n` is forgiven. */
export function quantileRank(n: number, q: number): number {
  return Math.min(n, Math.max(1, Math.ceil(q * n * (1 - 4 * Number.EPSILON))))
}
