import { describe, expect, it } from 'vitest'
import { rateBound } from './rate-bound.ts'

describe('rateBound', () => {
  it('is ever below the true rate with probability at most α, over every path of 1000 requests', () => {
    for (const rate of [0.01, 0.1, 0.5]) {
      let alive = new Map([[0, 1]])
      let missed = 0
      for (let requests = 1; requests <= 1000; requests++) {
        const next = new Map<number, number>()
        const arrive = (events: number, chance: number): void => {
          // Far below or above, the answer is plain; asking only near the edge keeps this quick.
          const isNear = events < rate * requests
          if (isNear && rateBound({ requests, events }, 0.05) < rate) missed += chance
          else next.set(events, (next.get(events) ?? 0) + chance)
        }
        for (const [events, chance] of alive) {
          if (chance < 1e-12) continue
          arrive(events + 1, chance * rate)
          arrive(events, chance * (1 - rate))
        }
        alive = next
      }
      expect(missed).toBeLessThanOrEqual(0.05)
      expect(missed).toBeGreaterThan(0.001)
    }
  })

  it('tightens with requests, and says nothing without', () => {
    expect(rateBound({ requests: 0, events: 0 }, 0.05)).toBe(1)
    expect(rateBound({ requests: 1000, events: 0 }, 0.05)).toBeCloseTo(0.0067, 3)
    expect(rateBound({ requests: 1e8, events: 1e6 }, 0.05)).toBeCloseTo(0.01, 3)
  })
})
