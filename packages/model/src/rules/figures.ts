import { plainDecimal } from '../units/decimal.ts'
import { printDuration } from '../units/duration.ts'
import { printPercent } from '../units/percent.ts'
import { printSize } from '../units/size.ts'

/** A number with three significant figures and no exponent. */
export function rounded(value: number): string {
  if (!Number.isFinite(value)) return 'any'
  return plainDecimal(Number(value.toPrecision(3)))
}

/** A duration in ms as it would be written, exactly. */
export function time(milliseconds: number): string {
  return Number.isFinite(milliseconds) ? printDuration(Math.round(milliseconds)) : 'never'
}

/** A duration in ms exactly where that is short, otherwise with three significant figures. */
export function about(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'never'
  if (Number.isInteger(milliseconds) && time(milliseconds).length <= 4) return time(milliseconds)
  for (const [unit, factor] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1000],
  ] as const) {
    if (milliseconds >= 2 * factor) return `${rounded(milliseconds / factor)}${unit}`
  }
  return `${rounded(milliseconds)}ms`
}

/** Requests per second in the period in which they read best, with three significant figures. */
export function rateText(perSecond: number): string {
  if (perSecond >= 1 || perSecond === 0) return `${rounded(perSecond)}/s`
  if (perSecond * 60 >= 1) return `${rounded(perSecond * 60)}/min`
  if (perSecond * 3600 >= 1) return `${rounded(perSecond * 3600)}/h`
  return `${rounded(perSecond * 86_400)}/d`
}

/** The smallest rate that can be written and is not below the given one. */
export function rateAtLeast(perSecond: number): string {
  const [factor, period] = perSecond >= 1 ? [1, 's'] : perSecond * 60 >= 1 ? [60, 'min'] : [3600, 'h']
  return `${plainDecimal(Math.ceil(perSecond * factor * 100 - 1e-9) / 100)}/${period}`
}

/** A fraction as a percentage with as many figures as it takes to tell it from 100 %. */
export function percent(fraction: number): string {
  const distance = Math.min(fraction, Math.abs(1 - fraction))
  const places = distance > 0 && distance < 1 ? Math.max(0, 1 - Math.floor(Math.log10(distance))) + 1 : 6
  return printPercent(Number(fraction.toFixed(Math.min(12, places))))
}

/** A size in bytes: exactly as it would be written where that is short, otherwise with three figures. */
export function bytes(amount: number): string {
  const exact = printSize(Math.round(amount))
  if (exact.length <= 8) return exact
  for (const [unit, factor] of [
    ['Ti', 2 ** 40],
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
  ] as const) {
    if (amount >= factor) return `${rounded(amount / factor)}${unit}`
  }
  return exact
}

/** `1 replica`, `2 replicas`: a count with its noun. */
export function count(amount: number, noun: string, plural: string = `${noun}s`): string {
  return `${rounded(amount)} ${amount === 1 ? noun : plural}`
}

/** `a`, `a and b`, `a, b and 3 more`: names in a sentence, at most `most` of them. */
export function names(list: readonly string[], most = 4): string {
  const shown = list.length > most ? list.slice(0, most - 1) : list
  const rest = list.length - shown.length
  const parts = rest > 0 ? [...shown, `${rest} more`] : shown
  return parts.length < 2 ? (parts[0] ?? '') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
