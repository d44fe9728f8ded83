import { describe, expect, it } from 'vitest'
import { counted, duration, evidenceOf, percent, plain, sixDigits } from './numbers.ts'

describe('numbers in sentences', () => {
  it('keep the digits that matter', () => {
    expect([0, 0.0314, 1.26, 12.34, 123.4, 12_345, 5e12].map(plain)).toEqual([
      '0',
      '0.031',
      '1.3',
      '12.3',
      '123',
      '12,345',
      'over a billion',
    ])
    expect([0.5, 0.005, 0.12345, 1].map(percent)).toEqual(['50 %', '0.5 %', '12.3 %', '100 %'])
    expect([1, 2, 1200].map((count) => counted(count, 'request'))).toEqual([
      '1 request',
      '2 requests',
      '1,200 requests',
    ])
  })

  it('tell times in at most two units', () => {
    expect([400, 59_499, 60_000, 200_000, 3_600_000, 7_500_000].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '3 min 20 s',
      '1 h',
      '2 h 5 min',
    ])
  })

  it('are stored with six digits and never as infinity, which JSON does not know', () => {
    expect(sixDigits(1.23456789)).toBe(1.23457)
    expect(evidenceOf(0)).toBe(1)
    expect(Number.isFinite(evidenceOf(1e6))).toBe(true)
    expect(evidenceOf(-1e6)).toBe(0)
  })
})
