import { describe, expect, it } from 'vitest'
import { logOddsEvidence, type Table } from './fisher.ts'

function choose(n: number, k: number): bigint {
  let value = 1n
  for (let i = 0; i < k; i++) value = (value * BigInt(n - i)) / BigInt(i + 1)
  return value
}

/** The evidence for a whole-number odds ratio against 1, in exact arithmetic (Fisher 1935; Wikipedia's univariate form). */
function exactEvidence(
  oddsRatio: bigint,
  { canaryRequests: m, baselineRequests: n, canaryEvents: k, baselineEvents }: Table,
): number {
  const events = k + baselineEvents
  let sum = 0n
  for (let j = Math.max(0, events - n); j <= Math.min(m, events); j++) {
    sum += choose(m, j) * choose(n, events - j) * oddsRatio ** BigInt(j)
  }
  const numerator = oddsRatio ** BigInt(k) * choose(m + n, events)
  return Number((numerator * 10n ** 18n) / sum) / 1e18
}

describe('logOddsEvidence', () => {
  it.each([
    { canaryRequests: 10, baselineRequests: 90, canaryEvents: 3, baselineEvents: 2 },
    { canaryRequests: 100, baselineRequests: 900, canaryEvents: 8, baselineEvents: 20 },
    { canaryRequests: 5, baselineRequests: 5, canaryEvents: 5, baselineEvents: 5 },
    { canaryRequests: 3, baselineRequests: 200, canaryEvents: 0, baselineEvents: 7 },
  ])('agrees with exact whole-number arithmetic: %o', (table) => {
    for (const oddsRatio of [2n, 5n, 20n]) {
      const expected = exactEvidence(oddsRatio, table)
      expect(Math.exp(logOddsEvidence(Number(oddsRatio), 1, table))).toBeCloseTo(expected, 9)
    }
  })

  it('has mean exactly one when the events fell without regard to the version, whatever the split of requests', () => {
    for (const [canaryRequests, baselineRequests, events] of [
      [20, 80, 9],
      [3, 97, 12],
      [50, 50, 60],
    ] as const) {
      let mean = 0
      for (let k = Math.max(0, events - baselineRequests); k <= Math.min(canaryRequests, events); k++) {
        const ways = choose(canaryRequests, k) * choose(baselineRequests, events - k)
        const chance = Number((ways * 10n ** 60n) / choose(canaryRequests + baselineRequests, events)) / 1e60
        const table = { canaryRequests, baselineRequests, canaryEvents: k, baselineEvents: events - k }
        mean += chance * Math.exp(logOddsEvidence(5, 1, table))
      }
      expect(mean).toBeCloseTo(1, 9)
    }
  })

  it('tends to the coin’s likelihood ratio when events are rare', () => {
    const table = { canaryRequests: 1e7, baselineRequests: 9e7, canaryEvents: 12, baselineEvents: 20 }
    const theta = 0.2 / 1.1
    const coin = 12 * Math.log(theta / 0.1) + 20 * Math.log((1 - theta) / 0.9)
    expect(logOddsEvidence(2, 1, table)).toBeCloseTo(coin, 5)
  })

  it('is silent without events and when everything failed', () => {
    expect(
      logOddsEvidence(3, 1, { canaryRequests: 10, baselineRequests: 90, canaryEvents: 0, baselineEvents: 0 }),
    ).toBe(0)
    expect(
      logOddsEvidence(3, 1, { canaryRequests: 10, baselineRequests: 90, canaryEvents: 10, baselineEvents: 90 }),
    ).toBeCloseTo(0, 9)
  })
})
