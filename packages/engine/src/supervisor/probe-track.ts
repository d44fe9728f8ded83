/** How a question is put to a replica. */
export type Question =
  | { readonly kind: 'http'; readonly path: string }
  /** Any answer at all, whatever its status, shows that the program is not stuck. */
  | { readonly kind: 'answers' }
  /** `port` 0 is the replica's own. */
  | { readonly kind: 'tcp'; readonly port: number }
  /** Whether PostgreSQL lets anyone in, asked in its own protocol. */
  | { readonly kind: 'postgres' }
  /** Whether Redis has loaded its data, asked in its own protocol. */
  | { readonly kind: 'redis' }
  | { readonly kind: 'exec'; readonly command: readonly string[] }

/** One question and its timing; times in ms, the field's (Kubernetes') semantics. */
export interface ProbePlan {
  readonly question: Question
  readonly every: number
  readonly timeout: number
  /** Failures in a row that turn the answer to no, from 1. */
  readonly failures: number
  /** Successes in a row that turn the answer to yes, from 1. */
  readonly successes: number
  readonly delay: number
}

/** What came of one question. `silent`: nothing was answered at all. */
export type ProbeResult =
  | { readonly ok: true }
  /** We were too busy ourselves to know: it counts neither way. */
  | { readonly ok: 'unknown' }
  | { readonly ok: false; readonly detail: string; readonly silent: boolean }

/** The answers to one question so far. */
export interface ProbeTrack {
  readonly nextAt: number
  readonly sent?: { readonly id: number; readonly at: number }
  /** In a row, up to now. */
  readonly failures: number
  readonly successes: number
  /** What the last failure said. */
  readonly detail?: string
  /** Whether every failure in the row was silence. */
  readonly silent: boolean
  /** ms until the next question while the first success is awaited; absent after it. */
  readonly eager?: number
}

/** ms that an answer may be later than its time-out before it is given up: the prober itself ends it on time. */
const slack = 250

/** A question first put at `at`. */
export function startTrack(at: number, eager: number | undefined): ProbeTrack {
  return { nextAt: at, failures: 0, successes: 0, silent: true, ...(eager !== undefined && { eager }) }
}

/** When to ask next, or to give up the question on its way. */
export function dueAt(track: ProbeTrack, plan: ProbePlan): number {
  return track.sent ? track.sent.at + plan.timeout + slack : track.nextAt
}

/** The question is on its way. */
export function send(track: ProbeTrack, id: number, now: number): ProbeTrack {
  return { ...track, sent: { id, at: now } }
}

/** Takes in an answer. */
export function record(track: ProbeTrack, plan: ProbePlan, result: ProbeResult, now: number): ProbeTrack {
  const sentAt = track.sent?.at ?? now
  if (result.ok === 'unknown') {
    const { sent: _, ...rest } = track
    return { ...rest, nextAt: now + Math.min(plan.every, 1000) }
  }
  if (result.ok) {
    const successes = track.successes + 1
    const settled = successes >= plan.successes
    const nextAt = settled || track.eager === undefined ? Math.max(now, sentAt + plan.every) : now + track.eager
    return {
      nextAt,
      failures: 0,
      successes,
      silent: true,
      ...(!settled && track.eager !== undefined && { eager: track.eager }),
    }
  }
  const pause = track.eager === undefined ? plan.every : Math.min(track.eager, plan.every)
  return {
    nextAt: track.eager === undefined ? Math.max(now, sentAt + pause) : now + pause,
    failures: track.failures + 1,
    successes: 0,
    detail: result.detail,
    silent: (track.failures === 0 || track.silent) && result.silent,
    ...(track.eager !== undefined && { eager: Math.min(track.eager * 1.5, 1000) }),
  }
}
