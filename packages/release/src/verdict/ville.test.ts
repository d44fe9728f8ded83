import { describe, expect, it } from 'vitest'
import type { ArmCount } from './coin.ts'
import { logSum } from './coin.ts'
import { ratioInterval } from './interval.ts'
import { logRateGrowths, ratesAbove } from './limit.ts'
import { logMismatch } from './sample-ratio.ts'
import { logGrowths, type Wager } from './wager.ts'

/**
 * P(a rule on counts ever fires within so many draws), exactly: all paths that have not fired yet are carried along by
 * their count, which is the whole of their past for a constant bias.
 */
function chanceEver(draws: number, bias: number, fires: (successes: number, failures: number) => boolean): number {
  let alive = new Map<number, number>([[0, 1]])
  let fired = 0
  for (let draw = 1; draw <= draws; draw++) {
    const next = new Map<number, number>()
    const arrive = (successes: number, probability: number): void => {
      if (fires(successes, draw - successes)) fired += probability
      else next.set(successes, (next.get(successes) ?? 0) + probability)
    }
    for (const [successes, probability] of alive) {
      arrive(successes + 1, probability * bias)
      arrive(successes, probability * (1 - bias))
    }
    alive = next
  }
  return fired
}

describe('Ville’s bound (1939), enumerated over every path', () => {
  const alternatives = [1.25, 1.5, 2, 3, 5, 10, 20]
  const wager: Wager = { nullRatio: 1, alternatives, count: 'each' }
  const worth = (share: number, canary: number, baseline: number): number =>
    logSum(logGrowths(wager, [{ share, canary, baseline }])) - Math.log(7)

  it.each([
    [0.01, 0.01],
    [0.1, 0.01],
    [0.1, 0.05],
    [0.5, 0.01],
    [0.9, 0.05],
    [0.999, 0.05],
  ])('holds for harm at share %d and α = %d, looked at after each of 600 events', (share, alpha) => {
    const chance = chanceEver(600, share, (canary, baseline) => worth(share, canary, baseline) >= -Math.log(alpha))
    expect(chance).toBeLessThanOrEqual(alpha)
  })

  it('is nearly used up at ordinary shares, so the rule is not idle', () => {
    const chance = chanceEver(2000, 0.5, (canary, baseline) => worth(0.5, canary, baseline) >= Math.log(20))
    expect(chance).toBeGreaterThan(0.02)
  })

  it('holds for safety: a canary exactly twice as bad passes with at most β', () => {
    const safe: Wager = { nullRatio: 2, alternatives: [1, 0.5, 0.1], count: 'each' }
    for (const share of [0.1, 0.5]) {
      const bias = (2 * share) / (1 + share)
      const chance = chanceEver(800, bias, (canary, baseline) => {
        const [one = 0, half = 0, tenth = 0] = logGrowths(safe, [{ share, canary, baseline }])
        return 0.7 * Math.exp(one) + 0.15 * Math.exp(half) + 0.15 * Math.exp(tenth) >= 20
      })
      expect(chance).toBeLessThanOrEqual(0.05)
      expect(chance).toBeGreaterThan(0.01)
    }
  })

  it('does not hold for a z-test looked at after each event: the negative control', () => {
    const chance = chanceEver(600, 0.5, (canary, baseline) => {
      const events = canary + baseline
      return events >= 10 && (canary - events / 2) / Math.sqrt(events / 4) > 2.326
    })
    expect(chance).toBeGreaterThan(0.05)
  })

  it('holds for the sample ratio, both ways at once', () => {
    for (const share of [0.1, 0.5]) {
      const chance = chanceEver(
        3000,
        share,
        (canary, baseline) => logMismatch([{ share, canary, baseline }]) >= Math.log(100),
      )
      expect(chance).toBeLessThanOrEqual(0.01)
      expect(chance).toBeGreaterThan(0.0005)
    }
  })

  it('holds for the absolute limit, whose draws are requests', () => {
    const rates = ratesAbove(0.02)
    const chance = chanceEver(2000, 0.02, (events, quiet) => {
      const growths = logRateGrowths(rates, 0.02, { requests: events + quiet, events })
      return logSum(growths) - Math.log(rates.length) >= Math.log(20)
    })
    expect(chance).toBeLessThanOrEqual(0.05)
    expect(chance).toBeGreaterThan(0.01)
  })

  it.each([
    [0.1, 1],
    [0.5, 1],
    [0.5, 3],
    [0.1, 0.5],
  ])(
    'holds for the confidence sequence: at share %d a true ratio of %d is ever outside with at most 5 %%',
    (share, ratio) => {
      const bias = (share * ratio) / (1 - share + share * ratio)
      const chance = chanceEver(120, bias, (canary, baseline) => {
        const { low, high } = ratioInterval([{ share, canary, baseline }], 0.05)
        return ratio < low || (high !== null && ratio > high)
      })
      expect(chance).toBeLessThanOrEqual(0.05)
      expect(chance).toBeGreaterThan(0.005)
    },
  )
})

/** An exact fraction; the independent implementation of the e-process needs nothing else. */
type Fraction = readonly [bigint, bigint]
const times = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * c, b * d]
const plus = ([a, b]: Fraction, [c, d]: Fraction): Fraction => [a * d + c * b, b * d]
const power = ([a, b]: Fraction, n: number): Fraction => [a ** BigInt(n), b ** BigInt(n)]

/** ln of an exact fraction of any size. */
function logFraction([numerator, denominator]: Fraction): number {
  const log = (value: bigint): number => {
    const digits = value.toString(2)
    const kept = Math.min(digits.length, 60)
    return Math.log(Number.parseInt(digits.slice(0, kept), 2)) + (digits.length - kept) * Math.LN2
  }
  return log(numerator) - log(denominator)
}

describe('the e-process in exact arithmetic', () => {
  // Ratios and shares as fractions: θ(r;ρ) = ρr/(1−ρ+ρr).
  const ratios: readonly Fraction[] = [
    [5n, 4n],
    [3n, 2n],
    [2n, 1n],
    [3n, 1n],
    [5n, 1n],
    [10n, 1n],
    [20n, 1n],
  ]
  const theta = ([a, b]: Fraction, [s, t]: Fraction): Fraction => [s * a, (t - s) * b + s * a]
  const exact = (share: Fraction, canary: number, baseline: number): number => {
    let sum: Fraction = [0n, 1n]
    for (const ratio of ratios) {
      const [hit, all] = theta(ratio, share)
      const [s, t] = share
      const onCanary: Fraction = [hit * t, all * s]
      const onBaseline: Fraction = [(all - hit) * t, all * (t - s)]
      sum = plus(sum, times(power(onCanary, canary), power(onBaseline, baseline)))
    }
    return logFraction(times(sum, [1n, 7n]))
  }

  it.each([
    [[1, 10], 0, 1],
    [[1, 10], 7, 12],
    [[1, 2], 180, 120],
    [[1, 1000], 3, 2500],
    [[999, 1000], 2500, 3],
    [[1, 100], 0, 3000],
    [[1, 4], 900, 100],
  ] as const)('agrees at share %j with %d canary and %d baseline events', (share, canary, baseline) => {
    const wager: Wager = { nullRatio: 1, alternatives: [1.25, 1.5, 2, 3, 5, 10, 20], count: 'each' }
    const counts: readonly ArmCount[] = [{ share: share[0] / share[1], canary, baseline }]
    const ours = logSum(logGrowths(wager, counts)) - Math.log(7)
    const expected = exact([BigInt(share[0]), BigInt(share[1])], canary, baseline)
    expect(Math.abs(ours - expected)).toBeLessThan(1e-10 * Math.max(1, Math.abs(expected)))
  })
})
