import { type Parsed, parsed, refused } from './parsed.ts'

/** A five-field schedule in UTC, each field as the sorted numbers that it stands for. */
export interface Cron {
  /** 0..59 */
  readonly minutes: readonly number[]
  /** 0..23 */
  readonly hours: readonly number[]
  /** 1..31 */
  readonly days: readonly number[]
  /** 1..12 */
  readonly months: readonly number[]
  /** 0..6, Sunday is 0 */
  readonly weekdays: readonly number[]
  /** `6#1`: the first Saturday of a month. */
  readonly nth: readonly { readonly weekday: number; readonly week: number }[]
  /** Whether the field was `*`: when day and weekday are both narrowed, either may match (POSIX cron). */
  readonly everyDay: boolean
  readonly everyWeekday: boolean
}

const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'] as const
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const
const macros: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}
const expected = 'a cron schedule in UTC of five fields (minute hour day month weekday), such as `0 2 * * 0`'

/** Reads a five-field cron expression: `*`, numbers, names, ranges, lists, steps and `6#1` (the first Saturday). */
export function readCron(value: unknown): Parsed<Cron> {
  if (typeof value !== 'string') return refused(expected)
  const fields = value.trim().split(/\s+/)
  if (fields.length !== 5) return refused(expected, nearest(value.trim(), fields))
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = fields
  const nth: { weekday: number; week: number }[] = []
  const plainWeekdays: string[] = []
  for (const part of weekday.split(',')) {
    const match = /^([0-7]|[A-Za-z]{3})#([1-5])$/.exec(part)
    const index = match ? named(match[1] ?? '', dayNames, 0) : undefined
    if (match && index !== undefined) nth.push({ weekday: index % 7, week: Number(match[2]) })
    else plainWeekdays.push(part)
  }
  const minutes = range(minute, 0, 59)
  const hours = range(hour, 0, 23)
  const days = range(day, 1, 31)
  const months = range(month, 1, 12, monthNames, 1)
  const weekdays = plainWeekdays.length === 0 ? [] : range(plainWeekdays.join(','), 0, 7, dayNames, 0)
  const wrong = [
    !minutes && `the minute \`${minute}\` (0-59)`,
    !hours && `the hour \`${hour}\` (0-23)`,
    !days && `the day \`${day}\` (1-31)`,
    !months && `the month \`${month}\` (1-12 or JAN-DEC)`,
    !weekdays && `the weekday \`${weekday}\` (0-7 or SUN-SAT)`,
  ].filter((part) => part !== false)
  if (!minutes || !hours || !days || !months || !weekdays) return refused(`${expected}; wrong is ${wrong.join(', ')}`)
  const cron: Cron = {
    minutes,
    hours,
    days,
    months,
    weekdays: [...new Set(weekdays.map((number) => number % 7))].sort((a, b) => a - b),
    nth: nth.sort((a, b) => a.weekday - b.weekday || a.week - b.week),
    everyDay: day === '*',
    everyWeekday: weekday === '*',
  }
  if (!cron.everyDay && cron.everyWeekday && !months.some((number) => (days[0] ?? 32) <= longestMonth(number))) {
    return refused(`${expected}; there is no such day in that month`)
  }
  return parsed(cron)
}

function longestMonth(month: number): number {
  return month === 2 ? 29 : [4, 6, 9, 11].includes(month) ? 30 : 31
}

function nearest(text: string, fields: readonly string[]): string | undefined {
  const macro = macros[text.toLowerCase()]
  if (macro) return macro
  const five = fields.length === 6 ? fields.slice(1).join(' ').replaceAll('?', '*') : undefined
  return five !== undefined && readCron(five).ok ? five : undefined
}

function named(text: string, names: readonly string[], first: number): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text)
  const index = names.indexOf(text.toUpperCase())
  return index === -1 ? undefined : index + first
}

function range(
  text: string,
  low: number,
  high: number,
  names: readonly string[] = [],
  first = 0,
): number[] | undefined {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [span = '', stepText, ...rest] = part.split('/')
    if (rest.length > 0 || (stepText !== undefined && !/^[1-9]\d?$/.test(stepText))) return undefined
    const [fromText = '', toText, ...more] = span.split('-')
    if (more.length > 0) return undefined
    const from = span === '*' ? low : named(fromText, names, first)
    const to =
      span === '*' ? high : toText !== undefined ? named(toText, names, first) : stepText === undefined ? from : high
    if (from === undefined || to === undefined || from < low || to > high || from > to) return undefined
    for (let number = from; number <= to; number += Number(stepText ?? 1)) found.add(number)
  }
  return [...found].sort((a, b) => a - b)
}

/** The schedule in one normal form: `*` for all, otherwise numbers and runs in ascending order. */
export function printCron(cron: Cron): string {
  const weekdays = cron.everyWeekday
    ? '*'
    : [runs(cron.weekdays), ...cron.nth.map(({ weekday, week }) => `${weekday}#${week}`)].filter(Boolean).join(',')
  return [
    cron.minutes.length === 60 ? '*' : runs(cron.minutes),
    cron.hours.length === 24 ? '*' : runs(cron.hours),
    cron.everyDay ? '*' : runs(cron.days),
    cron.months.length === 12 ? '*' : runs(cron.months),
    weekdays,
  ].join(' ')
}

function runs(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let start = 0; start < numbers.length; ) {
    let end = start
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1
    parts.push(end > start ? `${numbers[start]}-${numbers[end]}` : `${numbers[start]}`)
    start = end + 1
  }
  return parts.join(',')
}
