import type { Percent } from '../unit-types.ts'
import { plainDecimal } from './decimal.ts'
import { type Parsed, parsed, refused } from './parsed.ts'

const strict = /^((?:0|[1-9][0-9]{0,3})(?:\.[0-9]{1,9})?)%$/
const expected = 'a percentage such as 50% or 99.9%'

/** Regular expression of a written percentage. */
export const percentPattern: string = strict.source

/** `99.9%` → 0.999: the decimal point is moved in the text, so nothing is lost to binary division. */
export function readPercent(value: unknown): Parsed<number> {
  if (typeof value === 'number' && value >= 0) {
    return refused(expected, value > 0 && value < 1 ? `${plainDecimal(shifted(value, 2))}%` : `${value}%`)
  }
  if (typeof value !== 'string') return refused(expected)
  const match = strict.exec(value)
  if (match) return parsed(Number(`${match[1]}e-2`))
  const loose = /^(\d+(?:\.\d+)?)(%|percent|pct|)$/.exec(value.toLowerCase().replace(/\s+/g, '').replace(',', '.'))
  return refused(expected, loose ? `${Number(loose[1])}%` : undefined)
}

/** 0.999 → `99.9%`; `fraction` is finite and from 0. */
export function printPercent(fraction: number): Percent {
  return `${plainDecimal(shifted(fraction, 2))}%` as Percent
}

function shifted(value: number, places: number): number {
  return Number(`${plainDecimal(value)}e${places}`)
}
