import { describe, expect, it } from 'vitest'
import { logBeta, logChoose, logFactorial } from './factorial.ts'

/** ln of a positive whole number of any size. */
function logBig(value: bigint): number {
  const digits = value.toString(2)
  const kept = Math.min(digits.length, 60)
  return Math.log(Number.parseInt(digits.slice(0, kept), 2)) + (digits.length - kept) * Math.LN2
}

describe('logFactorial', () => {
  it('agrees with exact whole-number arithmetic up to 2000', () => {
    let exact = 1n
    for (let n = 1n; n <= 2000n; n++) {
      exact *= n
      const expected = logBig(exact)
      expect(Math.abs(logFactorial(Number(n)) - expected)).toBeLessThan(1e-12 * Math.max(1, expected))
    }
    expect(logFactorial(0)).toBeCloseTo(0, 13)
  })

  it('agrees with Γ(½) = √π between whole numbers', () => {
    expect(logFactorial(-0.5 + 1)).toBeCloseTo(Math.log(Math.sqrt(Math.PI) / 2), 12)
    expect(logBeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 12)
    expect(logBeta(3, 4)).toBeCloseTo(Math.log(1 / 60), 12)
  })
})

describe('logChoose', () => {
  it('agrees with Pascal’s triangle', () => {
    let row = [1n]
    for (let n = 1; n <= 60; n++) {
      row = [1n, ...row.slice(1).map((value, index) => value + (row[index] ?? 0n)), 1n]
      row.forEach((exact, k) => {
        expect(logChoose(n, k)).toBeCloseTo(logBig(exact), 10)
      })
    }
  })

  it('is impossible outside the triangle', () => {
    expect(logChoose(3, 4)).toBe(-Infinity)
    expect(logChoose(3, -1)).toBe(-Infinity)
  })
})
