import { describe, expect, it } from 'vitest'
import type { ArmCount } from './coin.ts'
import { logGrowths, type Wager } from './wager.ts'

const harm = (count: Wager['count']): Wager => ({ nullRatio: 1, alternatives: [1.25, 2, 20], count })

/** Mean of exp(growth) over every way in which bursts of these sizes can fall on arms, each burst with one toss of the coin. */
function meanOverBursts(wager: Wager, bursts: readonly number[], share: number, bias: number): readonly number[] {
  const means = wager.alternatives.map(() => 0)
  for (let ways = 0; ways < 2 ** bursts.length; ways++) {
    let canary = 0
    let baseline = 0
    let probability = 1
    bursts.forEach((size, index) => {
      const isCanary = (ways >> index) % 2 === 1
      if (isCanary) canary += size
      else baseline += size
      probability *= isCanary ? bias : 1 - bias
    })
    logGrowths(wager, [{ share, canary, baseline }]).forEach((growth, index) => {
      means[index] = (means[index] ?? 0) + probability * Math.exp(growth)
    })
  }
  return means
}

describe('a vote', () => {
  it.each([[[1]], [[3, 3]], [[50]], [[1, 20, 4, 4, 1]]])(
    'has mean exactly one under the null, however its events hang together: bursts of %j',
    (bursts) => {
      for (const share of [0.01, 0.1, 0.5, 0.9]) {
        for (const mean of meanOverBursts(harm('vote'), bursts, share, share)) expect(mean).toBeCloseTo(1, 10)
      }
    },
  )

  it('is what counting each event is not: the same bursts make that one profitable for nothing', () => {
    const [, , mean = 0] = meanOverBursts(harm('each'), [5, 5], 0.1, 0.1)
    expect(mean).toBeGreaterThan(100)
  })

  it('is the same as counting each event when there is only one', () => {
    const event: readonly ArmCount[] = [{ share: 0.1, canary: 1, baseline: 0 }]
    logGrowths(harm('vote'), event).forEach((growth, index) => {
      expect(growth).toBeCloseTo(logGrowths(harm('each'), event)[index] ?? 0, 12)
    })
  })

  it('of a window without events changes nothing', () => {
    expect(logGrowths(harm('vote'), [])).toEqual([0, 0, 0])
  })
})

describe('counting each event', () => {
  it('does not care about the order or the grouping of events, nor about changing shares', () => {
    const apart = [
      { share: 0.1, canary: 3, baseline: 10 },
      { share: 0.5, canary: 2, baseline: 2 },
    ]
    const together = logGrowths(harm('each'), apart)
    const first = logGrowths(harm('each'), apart.slice(1))
    const second = logGrowths(harm('each'), apart.slice(0, 1))
    together.forEach((growth, index) => {
      expect(growth).toBeCloseTo((first[index] ?? 0) + (second[index] ?? 0), 12)
    })
  })

  it('stays finite at a hundred million events', () => {
    for (const growth of logGrowths(harm('each'), [{ share: 0.1, canary: 1e7, baseline: 9e7 }])) {
      expect(Number.isFinite(growth)).toBe(true)
      expect(growth).toBeLessThan(0)
    }
  })
})
