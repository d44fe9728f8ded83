import { describe, expect, it } from 'vitest'
import { emptyPurse, grow, logWorth, type Purse, stake, stakeAll, stakeOfStart } from './purse.ts'
import { logGrowths, type Wager } from './wager.ts'

const wager: Wager = { nullRatio: 1, alternatives: [1.25, 1.5, 2, 3, 5, 10, 20], count: 'each' }
const weights = wager.alternatives.map(() => 1 / 7)

function after(purse: Purse, share: number, isCanary: boolean): Purse {
  return grow(purse, logGrowths(wager, [{ share, canary: isCanary ? 1 : 0, baseline: isCanary ? 0 : 1 }]))
}

/** Walks every sequence of `events` arms; starts afresh every `every` events; reports mean worth at the end and P(ever ≥ bar). */
function walk(
  events: number,
  share: number,
  bias: number,
  every: number,
  bar: number,
): { mean: number; crossed: number } {
  let mean = 0
  let crossed = 0
  const visit = (purse: Purse, depth: number, probability: number, hasCrossed: boolean): void => {
    const started = depth % every === 0 ? stake(purse, 7) : purse
    const worth = Math.exp(logWorth(started, weights))
    const isOver = hasCrossed || worth >= bar
    if (depth === events) {
      mean += probability * worth
      if (isOver) crossed += probability
      return
    }
    visit(after(started, share, true), depth + 1, probability * bias, isOver)
    visit(after(started, share, false), depth + 1, probability * (1 - bias), isOver)
  }
  visit(emptyPurse, 0, 1, false)
  return { mean, crossed }
}

describe('a purse', () => {
  it.each([
    [0.1, 4],
    [0.5, 3],
    [0.9, 100],
    [0.01, 5],
  ])(
    'is a martingale over every sequence of 14 events at share %d, fresh starts every %d events included',
    (share, every) => {
      expect(walk(14, share, share, every, 20).mean).toBeCloseTo(1, 10)
    },
  )

  it('loses on average when the canary is better', () => {
    expect(walk(12, 0.5, 0.4, 4, 20).mean).toBeLessThan(1)
  })

  it('is ever worth 1/α with probability at most α (Ville 1939), counted over every sequence', () => {
    for (const share of [0.1, 0.3, 0.5]) {
      for (const alpha of [0.5, 0.2, 0.05]) {
        const { crossed } = walk(16, share, share, 4, 1 / alpha)
        expect(crossed).toBeLessThanOrEqual(alpha)
        expect(crossed).toBeGreaterThan(0)
      }
    }
  })

  it('keeps a reserve, so that a long good past costs little when harm begins late', () => {
    let kept = stake(emptyPurse, 7)
    let spent = stakeAll(7)
    for (let event = 0; event < 2000; event++) {
      if (event % 200 === 0 && event > 0) kept = stake(kept, 7)
      kept = after(kept, 0.1, event % 10 === 0)
      spent = after(spent, 0.1, event % 10 === 0)
    }
    kept = stake(kept, 7)
    for (let event = 0; event < 40; event++) {
      kept = after(kept, 0.1, event % 2 === 0)
      spent = after(spent, 0.1, event % 2 === 0)
    }
    expect(logWorth(kept, weights)).toBeGreaterThan(Math.log(100))
    expect(logWorth(spent, weights)).toBeLessThan(0)
  })

  it('never stakes more than it has', () => {
    let sum = 0
    for (let start = 1; start <= 10_000; start++) sum += stakeOfStart(start)
    expect(sum).toBeLessThan(1)
    expect(sum).toBeGreaterThan(0.9999)
    let purse = emptyPurse
    for (let start = 0; start < 50; start++) purse = stake(purse, 7)
    expect(logWorth(purse, weights)).toBeCloseTo(0, 12)
  })

  it('survives JSON to the last bit', () => {
    const purse = after(after(stake(emptyPurse, 7), 0.1, true), 0.1, false)
    expect(JSON.parse(JSON.stringify(purse))).toEqual(purse)
  })
})
