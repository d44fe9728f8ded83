import { describe, expect, it } from 'vitest'
import { BlockedHistogram } from './blocked-histogram.ts'
import { clusteredInterval } from './clustered-interval.ts'
import { proportion, proportionInTime } from './proportion.ts'
import { quantileInterval } from './quantile-interval.ts'
import { exponential, seededRandom } from './seeded-random.ts'
import { normalQuantile, studentQuantile } from './student.ts'

/** Waiting times of a queue with one server (Lindley 1952): each depends on the one before. */
function queue(random: () => number, n: number, utilisation: number): BlockedHistogram {
  const histogram = new BlockedHistogram()
  let wait = 0
  // The queue starts in its steady state: empty with probability 1 - utilisation, else exponential.
  if (random() < utilisation) wait = exponential(random) / (1 - utilisation)
  for (let k = 0; k < n; k += 1) {
    histogram.record(k, wait)
    wait = Math.max(0, wait + exponential(random) - exponential(random) / utilisation)
  }
  return histogram
}

describe('student and normal quantiles', () => {
  it('agree with published tables', () => {
    expect(studentQuantile(0.975, 1)).toBeCloseTo(12.7062, 4)
    expect(studentQuantile(0.975, 2)).toBeCloseTo(4.30265, 5)
    expect(studentQuantile(0.975, 9)).toBeCloseTo(2.26216, 5)
    expect(studentQuantile(0.975, 30)).toBeCloseTo(2.04227, 5)
    expect(studentQuantile(0.995, 31)).toBeCloseTo(2.74404, 5)
    expect(normalQuantile(0.975)).toBeCloseTo(1.959964, 6)
    expect(normalQuantile(0.9995)).toBeCloseTo(3.290527, 6)
  })
})

describe('blocked histogram', () => {
  it('keeps every value and at most 64 stretches, however long the run', () => {
    const histogram = new BlockedHistogram()
    for (let at = 0; at < 3_600_000; at += 100) histogram.record(at, at % 7)
    const { ms, blocks } = histogram.stretches()
    expect(blocks.reduce((sum, block) => sum + block.count, 0)).toBe(36_000)
    expect(blocks.length).toBeGreaterThanOrEqual(16)
    expect(blocks.length).toBeLessThanOrEqual(32)
    expect(ms * blocks.length).toBeGreaterThanOrEqual(3_600_000)
  })
})

describe('interval of dependent values', () => {
  it('finds about 1 for independent values', () => {
    const random = seededRandom(5)
    const histogram = new BlockedHistogram()
    for (let k = 0; k < 20_000; k += 1) histogram.record(k, exponential(random))
    expect(clusteredInterval(histogram.whole, histogram.stretches().blocks, 0.9, 0.95).designEffect).toBeLessThan(2)
  })

  it('gives no bound rather than a wrong one when all slowness was in one stretch', () => {
    const histogram = new BlockedHistogram()
    for (let k = 0; k < 10_000; k += 1) histogram.record(k, k >= 5000 && k < 5200 ? 1000 : 1)
    const { low, high, designEffect } = clusteredInterval(histogram.whole, histogram.stretches().blocks, 0.99, 0.95)
    expect(designEffect).toBeGreaterThan(50)
    // One stall was seen; whether the p99 of this system is 1 or 1,000 ms, one run with one stall cannot tell.
    expect(low ?? 0).toBeLessThanOrEqual(1)
    expect(high).toBeUndefined()
  })

  it('covers a queue about as often as it says (94 and 93 of 100 for 95), where the interval for independent values does not (33 and 19)', () => {
    const random = seededRandom(20_261_120)
    const utilisation = 0.8
    // Waiting time of M/M/1: P(W > w) = utilisation · exp(-(1 - utilisation) w), in units of the mean service.
    for (const q of [0.5, 0.95]) {
      const truth = Math.log(utilisation / (1 - q)) / (1 - utilisation)
      const runs = 300
      let [clustered, independent] = [0, 0]
      for (let run = 0; run < runs; run += 1) {
        const histogram = queue(random, 8000, utilisation)
        const one = clusteredInterval(histogram.whole, histogram.stretches().blocks, q, 0.95)
        if ((one.low ?? 0) <= truth && truth <= (one.high ?? Number.POSITIVE_INFINITY)) clustered += 1
        const other = quantileInterval(histogram.whole, q, 0.95)
        if ((other.low ?? 0) <= truth && truth <= (other.high ?? Number.POSITIVE_INFINITY)) independent += 1
      }
      // 0.95 less three standard errors of 300 runs is 0.912; some of that is lost to what still correlates between stretches.
      expect(clustered / runs).toBeGreaterThan(0.9)
      expect(independent / runs).toBeLessThan(0.75)
    }
  })
})

describe('interval of a share whose events come in clumps', () => {
  it('covers as often as it says, where the interval for independent events does not', () => {
    const random = seededRandom(7)
    const truth = 0.1
    const runs = 1000
    let [clustered, independent] = [0, 0]
    for (let run = 0; run < runs; run += 1) {
      // Each stretch has an error rate of its own, 0.1 on average.
      const blocks = Array.from({ length: 30 }, () => {
        const rate = 0.1 * exponential(random)
        return { n: 200, events: Array.from({ length: 200 }, random).filter((one) => one < rate).length }
      })
      const events = blocks.reduce((sum, block) => sum + block.events, 0)
      const [one, other] = [proportionInTime(blocks, 0.95), proportion(events, 6000, 0.95)]
      if (one.low <= truth && truth <= one.high) clustered += 1
      if (other.low <= truth && truth <= other.high) independent += 1
    }
    expect(clustered / runs).toBeGreaterThan(0.9)
    expect(independent / runs).toBeLessThan(0.65)
  })

  it('is the exact interval where events are spread evenly', () => {
    const blocks = Array.from({ length: 20 }, () => ({ n: 50, events: 5 }))
    expect(proportionInTime(blocks, 0.95)).toEqual(proportion(100, 1000, 0.95))
  })
})
