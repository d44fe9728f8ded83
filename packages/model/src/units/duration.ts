import type { Duration } from '../unit-types.ts'
import { decimalPattern, scaled } from './decimal.ts'
import { type Parsed, parsed, refused } from './parsed.ts'

const factors = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const strict = new RegExp(`^(${decimalPattern})(ms|s|m|h|d|w)$`)
const expected = 'a duration such as 250ms, 20s, 5m, 1h, 1d or 2w'

/** Regular expression of a written duration. */
export const durationPattern: string = `^${decimalPattern}(ms|s|m|h|d|w)$`

/** `5m` → 300000 ms. Only a decimal and one of ms, s, m, h, d, w; a whole number of milliseconds. */
export function readDuration(value: unknown): Parsed<number> {
  if (typeof value !== 'string') {
    return refused(expected, typeof value === 'number' && value >= 0 ? `${value}s` : undefined)
  }
  const match = strict.exec(value)
  if (match) {
    const milliseconds = scaled(match[1] ?? '', factors[match[2] as keyof typeof factors])
    if (milliseconds !== undefined) return parsed(milliseconds)
    return refused(`${expected}, a whole number of milliseconds`)
  }
  return refused(expected, nearest(value))
}

const words: readonly (readonly [RegExp, keyof typeof factors])[] = [
  [/^(ms|msecs?|millis|milliseconds?)$/, 'ms'],
  [/^(s|secs?|seconds?)$/, 's'],
  [/^(m|mins?|minutes?)$/, 'm'],
  [/^(h|hrs?|hours?)$/, 'h'],
  [/^(d|days?)$/, 'd'],
  [/^(w|wks?|weeks?)$/, 'w'],
]

function nearest(text: string): string | undefined {
  const compact = text
    .toLowerCase()
    .replace(/[\s_,]+/g, '')
    .replace(/^p(?=.*\d)/, '')
    .replace(/t(?=\d)/, '')
  if (/^\d+(\.\d+)?$/.test(compact)) return `${Number(compact)}s`
  const parts = [...compact.matchAll(/(\d+(?:\.\d+)?)([a-z]+)/g)]
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== compact) return undefined
  let sum = 0
  let only: keyof typeof factors | undefined
  for (const [, amount, word] of parts) {
    const unit = words.find(([pattern]) => pattern.test(word ?? ''))?.[1]
    if (!unit) return undefined
    only = parts.length === 1 ? unit : undefined
    sum += Number(amount) * factors[unit]
  }
  if (!Number.isSafeInteger(Math.round(sum))) return undefined
  const same = only && `${Number(parts[0]?.[1])}${only}`
  return same && strict.test(same) ? same : printDuration(Math.round(sum))
}

/** 300000 → `5m`: the largest unit up to days that divides it; `milliseconds` is a whole number from 0. */
export function printDuration(milliseconds: number): Duration {
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (milliseconds !== 0 && milliseconds % factors[unit] === 0) return `${milliseconds / factors[unit]}${unit}`
  }
  return milliseconds === 0 ? '0s' : `${milliseconds}ms`
}
