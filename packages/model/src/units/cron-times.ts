import type { Cron } from './cron.ts'

const day = 86_400_000

/** The moments at which a schedule strikes, in ms since 1970 UTC, after `from` and in order; ends after `horizon` ms. */
export function* cronTimes(cron: Cron, from: number, horizon: number = 8 * 366 * day): Generator<number, void, void> {
  for (let midnight = Math.floor(from / day) * day; midnight <= from + horizon; midnight += day) {
    if (!strikesOn(cron, new Date(midnight))) continue
    for (const hour of cron.hours) {
      for (const minute of cron.minutes) {
        const at = midnight + hour * 3_600_000 + minute * 60_000
        if (at > from + horizon) return
        if (at > from) yield at
      }
    }
  }
}

function strikesOn(cron: Cron, date: Date): boolean {
  if (!cron.months.includes(date.getUTCMonth() + 1)) return false
  const weekday = date.getUTCDay()
  const week = Math.ceil(date.getUTCDate() / 7)
  const dayMatches = cron.days.includes(date.getUTCDate())
  const weekdayMatches =
    cron.weekdays.includes(weekday) || cron.nth.some((entry) => entry.weekday === weekday && entry.week === week)
  if (cron.everyDay) return cron.everyWeekday || weekdayMatches
  return cron.everyWeekday ? dayMatches : dayMatches || weekdayMatches
}

/** Longest time between two strikes, in ms, looked for over 400 days from `from`; Infinity when it strikes less than twice. */
export function longestGap(cron: Cron, from: number = Date.UTC(2024, 0, 1)): number {
  let longest = 0
  let last: number | undefined
  for (const at of cronTimes(cron, from - 1, 400 * day)) {
    if (last !== undefined) longest = Math.max(longest, at - last)
    last = at
  }
  return longest === 0 ? Number.POSITIVE_INFINITY : longest
}
