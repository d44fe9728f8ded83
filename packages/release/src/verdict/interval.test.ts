import { describe, expect, it } from 'vitest'
import { ratioInterval } from './interval.ts'

/** The same set by brute force: every ratio of a fine grid whose likelihood is above α times the prior's average. */
function bruteForce(share: number, canary: number, baseline: number, alpha: number): readonly [number, number] {
  const likelihood = (ratio: number): number => {
    const theta = (share * ratio) / (1 - share + share * ratio)
    return theta ** canary * (1 - theta) ** baseline
  }
  let mass = 0
  let average = 0
  for (let x = -4; x <= 4.0001; x += 0.05) {
    const weight = Math.exp((-x * x) / 2)
    mass += weight
    average += weight * likelihood(Math.exp(x))
  }
  average /= mass
  const kept: number[] = []
  for (let x = -8; x <= 8; x += 0.0005) if (likelihood(Math.exp(x)) > alpha * average) kept.push(Math.exp(x))
  return [kept[0] ?? 0, kept.at(-1) ?? 0]
}

describe('ratioInterval', () => {
  it.each([
    [0.5, 40, 20],
    [0.1, 12, 40],
    [0.9, 30, 6],
  ])('agrees with brute force at share %d with %d and %d events', (share, canary, baseline) => {
    const { low, estimate, high } = ratioInterval([{ share, canary, baseline }], 0.05)
    const [first, last] = bruteForce(share, canary, baseline, 0.05)
    expect(Math.abs(low / first - 1)).toBeLessThan(0.002)
    expect(Math.abs((high ?? 0) / last - 1)).toBeLessThan(0.002)
    expect(estimate).toBeCloseTo((canary * (1 - share)) / (baseline * share), 5)
  })

  it('puts together strata of different shares', () => {
    const { low, estimate, high } = ratioInterval(
      [
        { share: 0.1, canary: 10, baseline: 90 },
        { share: 0.5, canary: 100, baseline: 100 },
      ],
      0.05,
    )
    expect(estimate).toBeCloseTo(1, 6)
    expect(low).toBeLessThan(1)
    expect(high).toBeGreaterThan(1)
  })

  it('leaves a side open that nothing excludes', () => {
    expect(ratioInterval([], 0.05)).toEqual({ low: 0, estimate: null, high: null, events: 0 })
    const none = ratioInterval([{ share: 0.5, canary: 0, baseline: 60 }], 0.05)
    expect(none).toMatchObject({ low: 0, estimate: 0 })
    expect(none.high).toBeLessThan(0.3)
    const all = ratioInterval([{ share: 0.5, canary: 60, baseline: 0 }], 0.05)
    expect(all).toMatchObject({ estimate: null, high: null })
    expect(all.low).toBeGreaterThan(3)
  })

  it('narrows as events come', () => {
    const width = (times: number): number => {
      const { low, high } = ratioInterval([{ share: 0.5, canary: 30 * times, baseline: 30 * times }], 0.05)
      return Math.log((high ?? Infinity) / low)
    }
    expect(width(10)).toBeLessThan(width(1) / 2)
    expect(width(1e6)).toBeLessThan(0.01)
  })
})
