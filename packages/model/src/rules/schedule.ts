import type { PathStep } from '../catalog-path.ts'
import { readCron } from '../units/cron.ts'
import type { Context } from './context.ts'
import { about, percent, time } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Rules on what happens by the clock. */
export const scheduleRules: readonly Rule[] = [
  refusal({
    code: 'SW1720',
    title: 'Schedule that never strikes',
    meaning: 'There is no such moment in the next eight years, so what it is for never happens.',
    *check(context) {
      for (const { cron, path } of schedulesOf(context)) {
        if (context.calendar.strikes(cron)) continue
        const read = readCron(cron)
        yield {
          path,
          message: read.ok
            ? `expected a schedule that strikes, found \`${cron}\`, which does not until ${Number(context.today.slice(0, 4)) + 8}`
            : `expected ${read.expected}, found \`${cron}\``,
          hint: read.ok ? 'widen the day, month or weekday' : `write \`${read.nearest ?? '0 2 * * *'}\``,
        }
      }
    },
  }),
  warning({
    code: 'SW2720',
    title: 'Job that may outlast its schedule',
    meaning: 'The next run is due before the longest one is over: it is skipped, doubled or cut short.',
    *check({ jobs, calendar }) {
      for (const { name, schedule, timeout, concurrency } of jobs) {
        if (schedule === undefined) continue
        const gap = calendar.shortestGap(schedule)
        if (timeout <= gap) continue
        const effect = { forbid: 'is skipped', allow: 'runs beside it', replace: 'cuts it short' }[concurrency]
        yield {
          path: ['jobs', name, 'timeout'],
          message: `expected at most ${about(gap)} (the time between two runs), found ${time(timeout)}: a run that is due meanwhile ${effect}`,
          hint: `set timeout to ${about(gap)} or less, or run it less often`,
        }
      }
    },
  }),
  warning({
    code: 'SW2721',
    title: 'Maintenance longer than the error budget',
    meaning:
      'Disruption is allowed for longer than the strictest objective allows failure, so a window used in full breaks it.',
    *check({ fleet, having, calendar }) {
      let strictest: { readonly name: string; readonly availability: number } | undefined
      for (const { name, slo } of having.slo) {
        if (slo?.availability === undefined || slo.availability >= 1) continue
        if (!strictest || slo.availability > strictest.availability)
          strictest = { name, availability: slo.availability }
      }
      if (!strictest) return
      const allowed = 1 - strictest.availability
      for (const [name, window] of Object.entries(fleet.maintenance)) {
        if (window.schedule === undefined) continue
        const share = calendar.share([{ cron: window.schedule, for: window.for }])
        if (share <= allowed) continue
        yield {
          path: ['maintenance', name, 'for'],
          message: `expected at most ${percent(Number(allowed.toFixed(9)))} of the time (${strictest.name} promises ${percent(strictest.availability)}), found ${percent(Number(share.toFixed(4)))}`,
          hint: `shorten it to ${about((window.for * allowed) / share)}, or keep every service up in it (drain one machine at a time) and silence this`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1721',
    title: 'Maintenance without end',
    meaning: 'The next window begins before the last one is over, so disruption would always be allowed.',
    *check({ fleet, calendar }) {
      for (const [name, window] of Object.entries(fleet.maintenance)) {
        if (window.schedule === undefined) continue
        const gap = calendar.longestGap(window.schedule)
        if (window.for < gap) continue
        yield {
          path: ['maintenance', name, 'for'],
          message: `expected less than ${about(gap)} (the time between two windows), found ${time(window.for)}`,
          hint: 'shorten the window, or open it less often',
        }
      }
    },
  }),
]

function* schedulesOf({ fleet, having, jobs, environment }: Context): Iterable<{
  readonly cron: string
  readonly path: readonly PathStep[]
}> {
  for (const { name, schedule } of jobs)
    if (schedule !== undefined) yield { cron: schedule, path: ['jobs', name, 'schedule'] }
  for (const { name, scale } of having.scale) {
    for (const [index, { cron }] of (scale?.schedule ?? []).entries()) {
      yield { cron, path: ['services', name, 'scale', 'schedule', index, 'cron'] }
    }
  }
  for (const [key, parts] of [
    ['postgres', fleet.postgres],
    ['redis', fleet.redis],
    ['volumes', fleet.volumes],
  ] as const) {
    for (const [name, { backup }] of Object.entries(parts)) {
      for (const field of ['schedule', 'drill'] as const) {
        const cron = backup?.[field]
        if (cron !== undefined) yield { cron, path: [key, name, 'backup', field] }
      }
    }
  }
  for (const [name, { schedule }] of Object.entries(fleet.maintenance)) {
    if (schedule !== undefined) yield { cron: schedule, path: ['maintenance', name, 'schedule'] }
  }
  for (const [index, { cron }] of environment.freezes.entries()) {
    yield { cron, path: ['environments', environment.name, 'freezes', index, 'cron'] }
  }
}
