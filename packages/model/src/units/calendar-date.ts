import type { CalendarDate } from '../unit-types.ts'
import { type Parsed, parsed, refused } from './parsed.ts'

const expected = 'a date such as 2026-11-20'

/** Regular expression of a written date. */
export const datePattern: string = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
const strict = /^(\d{4})-(\d{2})-(\d{2})$/

/** An ISO 8601 calendar date that exists: `2026-02-30` does not. */
export function readDate(value: unknown): Parsed<CalendarDate> {
  if (typeof value !== 'string') return refused(expected)
  const match = strict.exec(value)
  if (match) {
    const [, year, month, day] = match.map(Number)
    if (exists(year ?? 0, month ?? 0, day ?? 0)) return parsed(value as CalendarDate)
    return refused(`${expected}; there is no such day in the calendar`)
  }
  return refused(expected, nearest(value.trim()))
}

function nearest(text: string): string | undefined {
  const yearFirst = /^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:T.*)?$/.exec(text)
  const dayFirst = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text)
  const [year, month, day] = yearFirst?.slice(1) ?? dayFirst?.slice(1).reverse() ?? []
  if (!year || !month || !day || !exists(Number(year), Number(month), Number(day))) return undefined
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}

function exists(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return month >= 1 && month <= 12 && day >= 1 && day <= length
}

/** Milliseconds since 1970 at which the day begins (UTC). */
export function startOfDay(date: CalendarDate | string): number {
  return Date.parse(`${date}T00:00:00Z`)
}

/** The day (UTC) in which a moment lies; `at` in ms since 1970. */
export function printDate(at: number): CalendarDate {
  return new Date(at).toISOString().slice(0, 10) as CalendarDate
}
