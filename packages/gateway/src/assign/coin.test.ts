import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CoinSide, drawSide, sideKey, sideOfClient } from './coin.ts'

const sides = (...shares: number[]): CoinSide[] =>
  shares.map((share, i) => ({ share, coinKey: sideKey('release-1', `v${i}`) }))

/** |k − n·p| within five standard deviations of a binomial. */
const near = (k: number, n: number, p: number): boolean => Math.abs(k - n * p) <= 5 * Math.sqrt(n * p * (1 - p))

describe('the coin', () => {
  test('a random draw lands on each side with its share', () => {
    let seed = 1
    const random = (): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
      return seed / 2 ** 32
    }
    const n = 20_000
    const hits = [0, 0, 0]
    for (let i = 0; i < n; i++) {
      const side = drawSide(sides(0.6, 0.3, 0.1), random)
      hits[side] = (hits[side] ?? 0) + 1
    }
    expect([0.6, 0.3, 0.1].map((p, i) => near(hits[i] ?? 0, n, p))).toEqual([true, true, true])
  })

  test('a side without a share is never drawn', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (u) => {
        expect(drawSide(sides(0, 1, 0), () => u)).toBe(1)
      }),
    )
  })

  test('clients spread over the sides with their shares', () => {
    const n = 20_000
    let canary = 0
    for (let i = 0; i < n; i++) if (sideOfClient(sides(0.9, 0.1), `client-${i}`) === 1) canary++
    expect(near(canary, n, 0.1)).toBe(true)
  })

  test('a client leaves a side only when another grew', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.double({ min: 0.01, max: 0.98, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (id, share, grow) => {
          const larger = share + (0.99 - share) * grow
          if (sideOfClient(sides(1 - share, share), id) === 1)
            expect(sideOfClient(sides(1 - larger, larger), id)).toBe(1)
        },
      ),
    )
  })

  test('another coin key deals anew', () => {
    const other = [0.5, 0.5].map((share, i) => ({ share, coinKey: sideKey('release-2', `v${i}`) }))
    const moved = Array.from({ length: 200 }, (_, i) => `c${i}`).filter(
      (id) => sideOfClient(sides(0.5, 0.5), id) !== sideOfClient(other, id),
    )
    expect(moved.length).toBeGreaterThan(50)
  })

  test('no versions means no side', () => {
    expect(drawSide([], Math.random)).toBe(-1)
    expect(sideOfClient([], 'a')).toBe(-1)
  })
})
