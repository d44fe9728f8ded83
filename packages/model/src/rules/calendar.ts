import { startOfDay } from '../units/calendar-date.ts'
import { type Cron, readCron } from '../units/cron.ts'
import { cronTimes, longestGap } from '../units/cron-times.ts'

const day = 86_400_000

/** A span of time that comes again and again. */
export interface Recurrence {
  /** Five-field cron expression in UTC: when it begins. */
  readonly cron: string
  /** How long, ms. */
  readonly for: number
}

/** What schedules come to, each worked out once. */
export interface Calendar {
  /** Longest time between two strikes, ms; Infinity when there are not two in 400 days or it is no schedule. */
  longestGap(cron: string): number
  /** Shortest time between two strikes, ms; Infinity as above. */
  shortestGap(cron: string): number
  /** Whether it strikes at all in the next eight years. */
  strikes(cron: string): boolean
  /** Share of the next 364 days that lies in at least one of the spans, 0..1. */
  share(recurrences: readonly Recurrence[]): number
}

/** A calendar that begins on a day (ISO 8601). */
export function openCalendar(today: string): Calendar {
  const from = startOfDay(today)
  const crons = memo((text: string): Cron | undefined => {
    const read = readCron(text)
    return read.ok ? read.value : undefined
  })
  return {
    longestGap: memo((text) => {
      const cron = crons(text)
      return cron ? longestGap(cron, from) : Number.POSITIVE_INFINITY
    }),
    shortestGap: memo((text) => {
      const cron = crons(text)
      return cron ? shortestGap(cron, from) : Number.POSITIVE_INFINITY
    }),
    strikes: memo((text) => {
      const cron = crons(text)
      return cron !== undefined && !cronTimes(cron, from).next().done
    }),
    share: (recurrences) => coveredShare(recurrences, crons, from),
  }
}

/** Remembers answers by text. */
function memo<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    if (known.has(text)) return known.get(text) as T
    const value = answer(text)
    known.set(text, value)
    return value
  }
}

function shortestGap(cron: Cron, from: number): number {
  let shortest = Number.POSITIVE_INFINITY
  let last: number | undefined
  for (const at of cronTimes(cron, from - 1, 400 * day)) {
    if (last !== undefined) shortest = Math.min(shortest, at - last)
    if (shortest <= 60_000) break
    last = at
  }
  return shortest
}

function coveredShare(
  recurrences: readonly Recurrence[],
  crons: (text: string) => Cron | undefined,
  from: number,
): number {
  const horizon = 364 * day
  const spans: (readonly [number, number])[] = []
  for (const recurrence of recurrences) {
    const cron = crons(recurrence.cron)
    if (!cron) continue
    const early = Math.min(recurrence.for, horizon)
    for (const at of cronTimes(cron, from - early - 1, horizon + early)) spans.push([at, at + recurrence.for])
  }
  spans.sort((a, b) => a[0] - b[0])
  let covered = 0
  let end = from
  for (const [start, stop] of spans) {
    const begin = Math.max(start, end)
    const finish = Math.min(stop, from + horizon)
    if (finish > begin) {
      covered += finish - begin
      end = finish
    }
  }
  return covered / horizon
}
