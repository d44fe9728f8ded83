import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binomial } from './binomial.ts'
import { Histogram } from './histogram.ts'
import { proportion } from './proportion.ts'
import { quantileInterval, rankInterval } from './quantile-interval.ts'
import { exponential, seededRandom } from './seeded-random.ts'

/** P(X ≤ k) with whole-number binomial coefficients and p = a/b: exact. */
function exactCumulative(n: number, k: number, a: bigint, b: bigint): number {
  let [coefficient, sum] = [1n, 0n]
  for (let j = 0n; j <= BigInt(k); j += 1n) {
    sum += coefficient * a ** j * (b - a) ** (BigInt(n) - j)
    coefficient = (coefficient * (BigInt(n) - j)) / (j + 1n)
  }
  return Number((sum * 10n ** 17n) / b ** BigInt(n)) / 1e17
}

describe('binomial', () => {
  it('agrees with exact arithmetic on whole numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 1, max: 999 }),
        fc.nat(200),
        (n, thousandths, k) => {
          const kept = Math.min(k, n)
          const exact = exactCumulative(n, kept, BigInt(thousandths), 1000n)
          expect(Math.abs(binomial(n, thousandths / 1000).cumulative(kept) - exact)).toBeLessThan(1e-13)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('is right for large n', () => {
    // P(X ≤ n/2) for p = 1/2 is 1/2 + 1/2·C(n, n/2)/2^n by symmetry, and C(n, n/2)/2^n = √(2/πn)·(1 - O(1/n)).
    expect(binomial(1_000_000, 0.5).cumulative(500_000)).toBeCloseTo(0.5 + 0.5 * Math.sqrt(2 / (Math.PI * 1e6)), 9)
    const wide = binomial(10_000_000, 0.01)
    expect(wide.cumulative(wide.quantile(0.975))).toBeGreaterThanOrEqual(0.975)
    expect(wide.cumulative(wide.quantile(0.975) - 1)).toBeLessThan(0.975)
  })
})

describe('rank interval', () => {
  it('is the textbook interval for the median of ten: the 2nd to the 9th, 97.9 %', () => {
    const interval = rankInterval(10, 0.5, 0.95)
    expect([interval.lower, interval.upper]).toEqual([2, 9])
    expect(interval.coverage).toBeCloseTo(0.978516, 6)
  })

  it('never promises less than was asked, and would if either side were narrower', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5000 }),
        fc.constantFrom(0.5, 0.9, 0.95, 0.99, 0.999),
        fc.constantFrom(0.9, 0.95, 0.99),
        (n, q, c) => {
          const { lower, upper, coverage } = rankInterval(n, q, c)
          const { cumulative } = binomial(n, q)
          expect(coverage).toBeGreaterThanOrEqual(c - 1e-12)
          if (lower !== undefined) expect(cumulative(lower - 1)).toBeLessThanOrEqual((1 - c) / 2 + 1e-12)
          if (lower !== undefined && lower < n) expect(cumulative(lower)).toBeGreaterThan((1 - c) / 2 - 1e-12)
          if (upper !== undefined) expect(1 - cumulative(upper - 1)).toBeLessThanOrEqual((1 - c) / 2 + 1e-12)
          if (upper !== undefined && upper > 1) expect(1 - cumulative(upper - 2)).toBeGreaterThan((1 - c) / 2 - 1e-12)
        },
      ),
    )
  })

  it('gives no upper bound for a p99.9 of 1,000 requests: nobody can', () => {
    expect(rankInterval(1000, 0.999, 0.95).upper).toBeUndefined()
    expect(rankInterval(10_000, 0.999, 0.95).upper).toBeDefined()
  })

  it('covers the true quantile as often as it says, through the histogram, by simulation', () => {
    const random = seededRandom(20_261_120)
    for (const q of [0.5, 0.9, 0.99]) {
      const truth = -Math.log(1 - q)
      let [covered, below, above] = [0, 0, 0]
      const runs = 2000
      for (let run = 0; run < runs; run += 1) {
        const histogram = new Histogram()
        for (let k = 0; k < 500; k += 1) histogram.record(exponential(random))
        const { low = 0, high = Number.POSITIVE_INFINITY } = quantileInterval(histogram, q, 0.95)
        if (low > truth) above += 1
        else if (high < truth) below += 1
        else covered += 1
      }
      // 0.95 - 3 standard errors of 2,000 runs is 0.935; each side may miss 0.025 (+ 3 standard errors = 0.0355).
      expect(covered / runs).toBeGreaterThan(0.935)
      expect(below / runs).toBeLessThan(0.0355)
      expect(above / runs).toBeLessThan(0.0355)
      // It is not wide for nothing either: the interval's own promise is below 98 %, plus the buckets' outward opening.
      expect(covered / runs).toBeLessThan(0.99)
    }
  })
})

describe('proportion', () => {
  it('agrees with published Clopper-Pearson bounds', () => {
    const few = proportion(1, 10, 0.95)
    expect(few.low).toBeCloseTo(0.0025286, 6)
    expect(few.high).toBeCloseTo(0.4450161, 6)
    const half = proportion(50, 100, 0.95)
    expect(half.low).toBeCloseTo(0.3983211, 6)
    expect(half.high).toBeCloseTo(0.6016789, 6)
  })

  it('says how little no errors prove: 0 of 1,000 is at most 0.37 %', () => {
    const none = proportion(0, 1000, 0.95)
    expect(none.low).toBe(0)
    expect(none.high).toBeCloseTo(1 - 0.025 ** (1 / 1000), 9)
  })

  it('mirrors when events and non-events change places, and never covers less than it says', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(400), (n, k) => {
        const events = Math.min(n, k)
        const [one, other] = [proportion(events, n, 0.95), proportion(n - events, n, 0.95)]
        expect(one.low).toBeCloseTo(1 - other.high, 6)
        if (events > 0) expect(1 - binomial(n, one.low).cumulative(events - 1)).toBeLessThanOrEqual(0.025 + 1e-6)
        if (events < n) expect(binomial(n, one.high).cumulative(events)).toBeLessThanOrEqual(0.025 + 1e-6)
      }),
      { numRuns: 100 },
    )
  })
})
