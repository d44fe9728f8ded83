import { describe, expect, it } from 'vitest'
import { logFactors, logSum } from './coin.ts'

/** θ(r;ρ) written out as in the source, without care for rounding. */
const theta = (ratio: number, share: number): number => (share * ratio) / (1 - share + share * ratio)

describe('logFactors', () => {
  it.each([
    [2, 1, 0.1],
    [1.25, 1, 0.5],
    [20, 1.1, 0.01],
    [0.5, 2, 0.9],
    [1, 2, 0.25],
  ])(
    'at ratio %d against %d and share %d is the likelihood ratio of one event (Lindon & Malek 2022)',
    (ratio, none, share) => {
      const { canary, baseline } = logFactors(ratio, none, share)
      expect(canary).toBeCloseTo(Math.log(theta(ratio, share) / theta(none, share)), 12)
      expect(baseline).toBeCloseTo(Math.log((1 - theta(ratio, share)) / (1 - theta(none, share))), 12)
    },
  )

  it('keeps its digits at shares near 0 and 1, where 1 − θ would cancel', () => {
    // First-order expansions: near 0, ln((1−θ)/(1−θ0)) = −ρ(r − r0); near 1, ln(θ/θ0) = ε(1/r0 − 1/r) with ε = 1 − ρ.
    const low = logFactors(2, 1, 1e-12)
    expect(low.baseline / -1e-12).toBeCloseTo(1, 9)
    expect(low.canary).toBeCloseTo(Math.log(2), 11)
    const gap = 2 ** -40
    const high = logFactors(2, 1, 1 - gap)
    expect(high.canary / (gap * 0.5)).toBeCloseTo(1, 3)
    expect(high.baseline).toBeCloseTo(-Math.log(2), 11)
  })

  it('says nothing where all or none of the traffic is the canary’s', () => {
    expect(logFactors(5, 1, 0)).toEqual({ canary: 0, baseline: 0 })
    expect(logFactors(5, 1, 1)).toEqual({ canary: 0, baseline: 0 })
  })

  it('has mean exactly one under the null and below one under every smaller ratio', () => {
    for (const share of [0.01, 0.1, 0.5, 0.99]) {
      const { canary, baseline } = logFactors(3, 1, share)
      const mean = (ratio: number): number =>
        theta(ratio, share) * Math.exp(canary) + (1 - theta(ratio, share)) * Math.exp(baseline)
      expect(mean(1)).toBeCloseTo(1, 12)
      expect(mean(0.7)).toBeLessThan(1)
      expect(mean(1.5)).toBeGreaterThan(1)
    }
  })
})

describe('logSum', () => {
  it('neither overflows nor underflows', () => {
    expect(logSum([1e6, 1e6])).toBeCloseTo(1e6 + Math.LN2, 6)
    expect(logSum([-1e6, -1e6])).toBeCloseTo(-1e6 + Math.LN2, 6)
    expect(logSum([-Infinity, 0])).toBe(0)
    expect(logSum([])).toBe(-Infinity)
  })
})
