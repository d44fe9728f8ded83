import { describe, expect, it } from 'vitest'
import { diceOf } from './dice.ts'
import { proportion } from './proportion.ts'

/** Mean and variance of many draws. */
function moments(draw: () => number, n = 40_000): { readonly mean: number; readonly variance: number } {
  let [sum, squares] = [0, 0]
  for (let index = 0; index < n; index++) {
    const value = draw()
    sum += value
    squares += value * value
  }
  return { mean: sum / n, variance: squares / n - (sum / n) ** 2 }
}

describe('the dice', () => {
  it.each([0.02, 3, 39, 41, 900])('draw Poisson counts of mean and variance %d', (mean) => {
    const dice = diceOf(8)
    const found = moments(() => dice.poisson(mean))
    expect(Math.abs(found.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / 40_000))
    expect(Math.abs(found.variance / mean - 1)).toBeLessThan(mean < 1 ? 0.15 : 0.05)
  })

  it.each([
    [10, 0.3],
    [1000, 0.01],
    [500, 0.4],
    [20, 0.9],
  ])('draw binomial counts of %d tries at %d', (n, p) => {
    const dice = diceOf(9)
    const found = moments(() => dice.binomial(n, p))
    expect(Math.abs(found.mean - n * p)).toBeLessThan(5 * Math.sqrt((n * p * (1 - p)) / 40_000) + 0.01)
    expect(Math.abs(found.variance / (n * p * (1 - p)) - 1)).toBeLessThan(0.06)
  })

  it('draw the same again from the same seed', () => {
    const [one, two] = [diceOf(5), diceOf(5)]
    expect(Array.from({ length: 5 }, one.uniform)).toEqual(Array.from({ length: 5 }, two.uniform))
    expect(diceOf(6).uniform()).not.toBe(diceOf(5).uniform())
  })
})

describe('proportion', () => {
  // R: binom.test(k, n)$conf.int
  it.each([
    [0, 10, 0, 0.3084971],
    [1, 20, 0.001265089, 0.2487328],
    [5, 10, 0.187086, 0.812914],
    [10, 10, 0.6915029, 1],
  ])('of %d in %d lies between %d and %d (Clopper–Pearson)', (hits, n, low, high) => {
    const found = proportion(hits, n)
    expect(found.low).toBeCloseTo(low, 5)
    expect(found.high).toBeCloseTo(high, 5)
  })
})
