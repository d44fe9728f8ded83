import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Histogram, quantileRank } from './histogram.ts'
import {
  bucketBounds,
  bucketCount,
  bucketIndex,
  highestDistinguished,
  lowestDistinguished,
  maxRelativeError,
} from './histogram-buckets.ts'

const value = fc.double({ min: lowestDistinguished, max: highestDistinguished * 0.999, noNaN: true })
const anyValue = fc.oneof(value, fc.double({ min: 0, max: 1e9, noNaN: true }), fc.constantFrom(0, 1, 2, 0.5, 1024))
const values = fc.array(anyValue, { minLength: 1, maxLength: 300 })
const filled = (list: readonly number[]): Histogram => {
  const histogram = new Histogram()
  for (const one of list) histogram.record(one)
  return histogram
}

describe('histogram', () => {
  it('puts every value into the bucket whose bounds hold it', () => {
    fc.assert(
      fc.property(anyValue, (one) => {
        const [from, to] = bucketBounds(bucketIndex(one))
        expect(from <= one && one < to).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('has buckets that follow each other without gap or overlap', () => {
    for (let index = 0; index < bucketCount - 1; index += 1) {
      const [, to] = bucketBounds(index)
      expect(bucketBounds(index + 1)[0]).toBe(to)
      expect(bucketIndex(to)).toBe(index + 1)
    }
  })

  it('reports every quantile within the documented relative error of the true one', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (list, q) => {
          const exact = list.toSorted((a, b) => a - b)[quantileRank(list.length, q) - 1] ?? Number.NaN
          const bounds = filled(list).quantile(q)
          expect(Math.abs(bounds.value - exact)).toBeLessThanOrEqual(exact * maxRelativeError * (1 + 1e-12))
          expect(bounds.low <= exact && exact <= bounds.high).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('reaches the documented error at a bucket edge, so that the bound is not a loose one', () => {
    const histogram = filled([1, 1 + 1 / 128 - 1e-9])
    expect(Math.abs(histogram.quantile(0.5).value - 1)).toBeCloseTo(maxRelativeError, 6)
  })

  it('keeps count, mean, smallest and largest exactly, out of range too', () => {
    fc.assert(
      fc.property(values, (list) => {
        const histogram = filled(list)
        expect(histogram.count).toBe(list.length)
        expect(histogram.min).toBe(Math.min(...list))
        expect(histogram.max).toBe(Math.max(...list))
        const mean = list.reduce((sum, one) => sum + one, 0) / list.length
        expect(Math.abs(histogram.mean - mean)).toBeLessThanOrEqual(1e-9 * Math.max(1, mean))
        expect(histogram.quantile(1).high).toBe(Math.max(...list))
      }),
    )
  })

  it('gives the same when parts are added as when all is recorded in one, in any order', () => {
    fc.assert(
      fc.property(values, values, (left, right) => {
        const [one, other] = [filled(left), filled(right)]
        one.add(other)
        const [{ sum: added, ...rest }, { sum: whole, ...expected }] = [
          one.toData(),
          filled([...right, ...left]).toData(),
        ]
        expect(rest).toEqual(expected)
        expect(Math.abs(added - whole)).toBeLessThanOrEqual(1e-9 * Math.max(1, whole))
      }),
    )
  })

  it('survives the way through JSON', () => {
    fc.assert(
      fc.property(fc.oneof(values, fc.constant([])), (list) => {
        const data = filled(list).toData()
        expect(Histogram.from(JSON.parse(JSON.stringify(data))).toData()).toEqual(data)
      }),
    )
  })

  it('refuses NaN and ranks that do not exist', () => {
    expect(() => new Histogram().record(Number.NaN)).toThrow(RangeError)
    expect(() => new Histogram().quantile(0.5)).toThrow(RangeError)
  })

  it('takes the nearest rank: p99 of 100 values is the 99th, of 101 the 100th', () => {
    expect(quantileRank(100, 0.99)).toBe(99)
    expect(quantileRank(101, 0.99)).toBe(100)
    expect(quantileRank(1000, 0.999)).toBe(999)
    expect(quantileRank(10, 0.7)).toBe(7)
    expect(quantileRank(5, 0)).toBe(1)
  })
})
