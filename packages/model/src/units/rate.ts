import type { Rate } from '../unit-types.ts'
import { plainDecimal } from './decimal.ts'
import { type Parsed, parsed, refused } from './parsed.ts'

const seconds = { s: 1, min: 60, h: 3600, d: 86_400 } as const
type Period = keyof typeof seconds
const periods = Object.keys(seconds) as readonly Period[]
const strict = /^((?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,3})?)\/(s|min|h|d)$/
const expected = 'a rate such as 5/s, 60/min, 100/h or 1000/d'

/** Regular expression of a written rate. */
export const ratePattern: string = strict.source

/** `60/min` → 1 per second. */
export function readRate(value: unknown): Parsed<number> {
  const written = writtenRate(value)
  if (written) return parsed(written.count / seconds[written.period])
  if (typeof value === 'number' && value >= 0) return refused(expected, `${value}/s`)
  return refused(expected, typeof value === 'string' ? nearest(value) : undefined)
}

/** The count and the period of a rate as it is written (`60/min` → 60 and `min`); undefined when it is none. */
export function writtenRate(value: unknown): { readonly count: number; readonly period: Period } | undefined {
  const match = typeof value === 'string' ? strict.exec(value) : null
  return match ? { count: Number(match[1]), period: match[2] as Period } : undefined
}

function nearest(text: string): string | undefined {
  const compact = text.toLowerCase().replace(/[\s_,]+/g, '')
  const short = /^(\d+(?:\.\d+)?)(?:r|q|req)p([smhd])$/.exec(compact)
  const long = /^(\d+(?:\.\d+)?)[a-z]*?(?:\/|per)(?:1)?([a-z]+)$/.exec(compact)
  const amount = short?.[1] ?? long?.[1]
  const word = short?.[2] ?? long?.[2] ?? ''
  const period = /^s(ec|econd)?s?$/.test(word)
    ? 's'
    : /^m(in|inute)?s?$/.test(word)
      ? 'min'
      : /^h(r|our)?s?$/.test(word)
        ? 'h'
        : /^d(ay)?s?$/.test(word)
          ? 'd'
          : undefined
  return amount !== undefined && period ? `${Number(amount)}/${period}` : undefined
}

/** 1 → `1/s`, 1/60 → `1/min`: the first period in which three decimals are exact; `perSecond` is finite, from 0. */
export function printRate(perSecond: number): Rate {
  for (const period of periods) {
    const count = Number((perSecond * seconds[period]).toFixed(3))
    if (count > 0 && count / seconds[period] === perSecond) return `${plainDecimal(count)}/${period}` as Rate
  }
  return `${plainDecimal(perSecond)}/s` as Rate
}
