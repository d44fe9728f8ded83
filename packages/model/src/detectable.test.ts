import { describe, expect, it } from 'vitest'
import { coinBias, coinDivergence, detectableRatio, requestsToDetect } from './detectable.ts'

describe('requestsToDetect', () => {
  it.each([
    // Pilot table in the research notes: α = 0.05, 7 alternatives (total requests, three significant figures).
    [0.001, 4, 0.05, 42_400],
    [0.001, 4, 0.5, 10_300],
    [0.005, 2, 0.1, 29_300],
    [0.005, 4, 0.25, 2_430],
    [0.005, 10, 0.1, 913],
    [0.02, 2, 0.5, 2_910],
  ])('at a base rate of %d a ratio of %d with share %d takes about %d requests', (baseRate, ratio, share, requests) => {
    const found = requestsToDetect({ ratio, share, baseRate, alpha: 0.05, bets: 7 })
    expect(Math.abs(found / requests - 1)).toBeLessThan(0.02)
  })

  it('needs an infinite number where nothing can be told apart', () => {
    const task = { ratio: 2, share: 0.1, baseRate: 0.01, alpha: 0.01, bets: 7 }
    for (const change of [{ ratio: 1 }, { share: 0 }, { share: 1 }, { baseRate: 0 }, { tolerated: 2 }]) {
      expect(requestsToDetect({ ...task, ...change })).toBe(Infinity)
    }
  })

  it('does not promise a canary rate above one', () => {
    const task = { share: 0.1, baseRate: 0.5, alpha: 0.01, bets: 7 }
    expect(requestsToDetect({ ...task, ratio: 10 })).toBe(requestsToDetect({ ...task, ratio: 2 }))
  })

  it('asks for more when more bets share the evidence', () => {
    const task = { ratio: 2, share: 0.1, baseRate: 0.01, alpha: 0.01 }
    expect(requestsToDetect({ ...task, bets: 28 })).toBeGreaterThan(requestsToDetect({ ...task, bets: 7 }))
  })
})

describe('detectableRatio', () => {
  it('is the inverse of requestsToDetect', () => {
    const task = { share: 0.1, baseRate: 0.005, alpha: 0.01, bets: 14 }
    for (const ratio of [1.3, 2, 4, 17]) {
      const requests = requestsToDetect({ ...task, ratio })
      expect(detectableRatio({ ...task, requests })).toBeCloseTo(ratio, 6)
    }
  })

  it('says so when not even the greatest ratio would show', () => {
    expect(
      detectableRatio({ share: 0.1, baseRate: 0.0001, alpha: 0.01, bets: 7, requests: 10, ceiling: 100 }),
    ).toBeUndefined()
  })
})

describe('coinBias', () => {
  it('is the share when the versions are alike and tends to one as the canary worsens', () => {
    expect(coinBias(1, 0.1)).toBeCloseTo(0.1, 15)
    expect(coinBias(1e12, 0.1)).toBeCloseTo(1, 10)
  })

  it('agrees with counting: 10 % of 1000 requests at 4 % against 90 % at 1 %', () => {
    expect(coinBias(4, 0.1)).toBeCloseTo((100 * 0.04) / (100 * 0.04 + 900 * 0.01), 15)
    expect(coinDivergence(0.3, 0.3)).toBe(0)
  })
})
