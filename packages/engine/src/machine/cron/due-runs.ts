import { cronTimes, type Job, readCron } from '@seaworthy/model'

/** Most missed runs that are made up for at once. */
const mostMissed = 100
/** ms within which a moment is still met, not missed: the controller was only slow. */
const slack = 60_000

/** What is to be done for one scheduled job now. */
export interface DueRuns {
  /** Moments to run for, oldest first, ms since the Unix epoch. */
  readonly due: readonly number[]
  /** The last moment that is dealt with. */
  readonly last: number
  /** The next moment, if there is one. */
  readonly next: number | undefined
}

/**
 * The runs of a scheduled job that are due at `now`, when everything up to `last` has been dealt with. Moments that
 * passed while nothing ran are made up for as the job says: not at all, once, or each.
 */
export function dueRuns(job: Pick<Job, 'schedule' | 'missed'>, last: number, now: number): DueRuns {
  const cron = readCron(job.schedule ?? '')
  if (!cron.ok) return { due: [], last: now, next: undefined }
  const passed: number[] = []
  let next: number | undefined
  for (const at of cronTimes(cron.value, last)) {
    if (at > now) {
      next = at
      break
    }
    passed.push(at)
    if (passed.length > mostMissed) passed.shift()
  }
  const onTime = passed.filter((at) => at > now - slack).slice(-1)
  const missed = passed.filter((at) => !onTime.includes(at))
  return { due: [...madeUp(job.missed, missed, onTime), ...onTime], last: passed.at(-1) ?? last, next }
}

function madeUp(policy: Job['missed'], missed: readonly number[], onTime: readonly number[]): readonly number[] {
  switch (policy) {
    case 'skip':
      return []
    case 'once':
      // The one that is due now stands for those before it.
      return onTime.length > 0 ? [] : missed.slice(-1)
    case 'all':
      return missed
    default:
      return policy satisfies never
  }
}
