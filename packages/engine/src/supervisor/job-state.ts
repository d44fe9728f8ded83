import { backoff, defaultRestartPolicy } from './backoff.ts'
import { describeExit } from './describe.ts'
import type { Moment } from './replica-event.ts'
import type { Exit, ProcessIdentity } from './replica-state.ts'
import type { JobRun } from './unit.ts'

/** Where a run of a job stands. Times are ms of the monotonic clock. */
export type JobRunState =
  | { readonly phase: 'waiting' }
  /** The intent to start this attempt is on disk. */
  | { readonly phase: 'launching' }
  | { readonly phase: 'running'; readonly process: ProcessIdentity; readonly until: number }
  /** Its time is over or it was cancelled: SIGTERM, then SIGKILL until it is gone. */
  | { readonly phase: 'killing'; readonly process: ProcessIdentity; readonly until: number }
  | { readonly phase: 'backoff'; readonly until: number; readonly why: string }
  | { readonly phase: 'succeeded' }
  | { readonly phase: 'failed'; readonly why: string; readonly exit?: Exit }
  /** It ran, and nobody can say how it ended; a person must decide. */
  | { readonly phase: 'unknown' }

/** A run and how far it is. */
export interface JobProgress {
  readonly run: JobRun
  /** Attempts begun. */
  readonly attempt: number
  readonly state: JobRunState
}

export type JobEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'launched'; readonly process: ProcessIdentity }
  | { readonly kind: 'launch-failed'; readonly why: string }
  /** `exit` absent: it ended and left no word of how. */
  | { readonly kind: 'ended'; readonly exit?: Exit }
  | { readonly kind: 'cancel'; readonly why: string }
  | { readonly kind: 'resolve'; readonly as: 'succeeded' | 'retry' }
  | { readonly kind: 'tick' }

export type JobEffect =
  | { readonly kind: 'launch-job'; readonly key: string; readonly attempt: number }
  | {
      readonly kind: 'signal-job'
      readonly key: string
      readonly process: ProcessIdentity
      readonly signal: 'SIGTERM' | 'SIGKILL'
    }

type Advanced = { readonly job: JobProgress; readonly effects: readonly JobEffect[] }

/** ms that a run has to end on SIGTERM. */
const askedGrace = 5000

/** The next state of a run. Pure, like `advance` for replicas. */
export function advanceJob(job: JobProgress, event: JobEvent, moment: Moment): Advanced {
  const { state } = job
  const to = (next: JobRunState, effects: readonly JobEffect[] = [], attempt = job.attempt): Advanced => ({
    job: { ...job, attempt, state: next },
    effects,
  })
  const same: Advanced = { job, effects: [] }
  const launch = (): Advanced =>
    to({ phase: 'launching' }, [{ kind: 'launch-job', key: job.run.key, attempt: job.attempt + 1 }], job.attempt + 1)
  const signal = (process: ProcessIdentity, name: 'SIGTERM' | 'SIGKILL'): Advanced =>
    to({ phase: 'killing', process, until: moment.now + (name === 'SIGTERM' ? askedGrace : 500) }, [
      { kind: 'signal-job', key: job.run.key, process, signal: name },
    ])
  const missed = (why: string, exit?: Exit): Advanced => {
    if (job.attempt >= job.run.attempts) return to({ phase: 'failed', why, ...(exit && { exit }) })
    return to({
      phase: 'backoff',
      until: moment.now + backoff(defaultRestartPolicy, job.attempt, moment.random()),
      why,
    })
  }
  switch (state.phase) {
    case 'waiting':
      if (event.kind === 'start') return launch()
      return event.kind === 'cancel' ? to({ phase: 'failed', why: event.why }) : same
    case 'launching':
      if (event.kind === 'launched') {
        return to({ phase: 'running', process: event.process, until: moment.now + job.run.timeout })
      }
      if (event.kind === 'launch-failed') return missed(event.why)
      return event.kind === 'ended' ? to({ phase: 'unknown' }) : same
    case 'running':
      if (event.kind === 'ended') return ended(event.exit)
      if (event.kind === 'cancel' || (event.kind === 'tick' && moment.now >= state.until))
        return signal(state.process, 'SIGTERM')
      return same
    case 'killing':
      if (event.kind === 'ended') {
        return event.exit?.code === 0
          ? to({ phase: 'succeeded' })
          : missed(`did not end within ${job.run.timeout / 1000} s`, event.exit)
      }
      return event.kind === 'tick' && moment.now >= state.until ? signal(state.process, 'SIGKILL') : same
    case 'backoff':
      if (event.kind === 'tick' && moment.now >= state.until) return to({ phase: 'waiting' })
      return event.kind === 'cancel' ? to({ phase: 'failed', why: event.why }) : same
    case 'unknown':
      if (event.kind !== 'resolve') return same
      return event.as === 'retry' ? to({ phase: 'waiting' }) : to({ phase: 'succeeded' })
    case 'succeeded':
    case 'failed':
      return same
    default:
      return state satisfies never
  }

  function ended(exit: Exit | undefined): Advanced {
    if (exit === undefined || (exit.code === undefined && exit.signal === undefined)) return to({ phase: 'unknown' })
    return exit.code === 0 ? to({ phase: 'succeeded' }) : missed(describeExit(exit), exit)
  }
}

/** When a run wants its next `tick`. */
export function jobWakeAt(job: JobProgress): number {
  const { state } = job
  return state.phase === 'running' || state.phase === 'killing' || state.phase === 'backoff'
    ? state.until
    : Number.POSITIVE_INFINITY
}
