import { BlockedHistogram } from './blocked-histogram.ts'
import type { FailureKind, Outcome } from './outcome.ts'
import type { Counts } from './proportion.ts'
import { TimeBlocks } from './time-blocks.ts'

/** Counts of one second of a run. Second k covers [k, k+1) s from the start. */
export interface Second {
  /** Requests that were due in this second. */
  due: number
  /** Whole answers that came in this second. */
  answered: number
  /** Of these, with a status of 500 or more. */
  serverErrors: number
  /** Requests whose failure became known in this second. */
  failed: number
}

/** What is kept for each label, such as each version. */
export interface LabelCounts {
  answered: number
  /** Answers with a status of 500 or more, by stretches of time. */
  readonly serverErrors: TimeBlocks<Counts>
  readonly latency: BlockedHistogram
}

/** Labels beyond this many are counted together, so that a header with an id in it does not eat the memory. */
export const mostLabels = 16
/** The name under which further labels are counted. */
export const otherLabels = '(other)'

/** Counts what became of each request while a run goes on; memory does not grow with the number of requests. */
export class Recorder {
  /** From the intended start to the end of the answer, ms; timeouts count with the time until they were given up. */
  readonly latency: BlockedHistogram = new BlockedHistogram()
  /** From the hand-over to a connected socket to the end of the answer, ms: what a closed-model tool would report. */
  readonly service: BlockedHistogram = new BlockedHistogram()
  /** From the intended start to the generator's own dealing with it, ms: the client's lateness, its own fault. */
  readonly lag: BlockedHistogram = new BlockedHistogram()
  /** From there to the hand-over to a connected socket, ms: connecting, or waiting for a free connection. */
  readonly wait: BlockedHistogram = new BlockedHistogram()
  /** Failures and answers with a status of 500 or more among all that was due, by stretches of time. */
  readonly errors: TimeBlocks<Counts> = countBlocks()
  readonly statuses: Map<number, number> = new Map()
  readonly failures: Map<FailureKind, number> = new Map()
  readonly labels: Map<string, LabelCounts> = new Map()
  readonly seconds: Second[] = []
  /** Timeouts and cancellations: their latency is at least what was recorded. */
  censored = 0
  /** The smallest latency so recorded; quantiles above it are lower bounds. */
  smallestCensored: number = Number.POSITIVE_INFINITY
  answered = 0
  /** ms from the start; 0 before the first. */
  lastAnswerAt = 0
  failed = 0
  /** Failures of which the server cannot have seen a byte. */
  neverSent = 0
  bytes = 0

  /** Notes an arrival: due at `intended`, begun at `begun` (ms from the start). */
  begin(intended: number, begun: number): void {
    this.lag.record(intended, begun - intended)
    this.errors.at(intended).n += 1
    this.#second(intended).due += 1
  }

  /** Notes what became of it, at `now`; `startAt` translates the outcome's clock to ms from the start. */
  end(intended: number, begun: number, now: number, startAt: number, outcome: Outcome): void {
    const latency = now - intended
    if (outcome.kind === 'failed') {
      this.#fail(intended, now, latency, outcome.failure, outcome.sentAt === undefined)
      return
    }
    const sent = outcome.sentAt - startAt
    this.answered += 1
    this.lastAnswerAt = now
    this.bytes += outcome.bytes
    this.latency.record(intended, latency)
    this.service.record(intended, now - sent)
    this.wait.record(intended, sent - begun)
    this.statuses.set(outcome.status, (this.statuses.get(outcome.status) ?? 0) + 1)
    const second = this.#second(now)
    second.answered += 1
    const wrong = outcome.status >= 500
    if (wrong) {
      second.serverErrors += 1
      this.errors.at(intended).events += 1
    }
    if (outcome.label !== undefined) {
      const label = this.#label(outcome.label)
      label.answered += 1
      const counts = label.serverErrors.at(intended)
      counts.n += 1
      if (wrong) counts.events += 1
      label.latency.record(intended, latency)
    }
  }

  #fail(intended: number, now: number, latency: number, failure: FailureKind, neverSent: boolean): void {
    this.failed += 1
    this.errors.at(intended).events += 1
    if (neverSent) this.neverSent += 1
    this.failures.set(failure, (this.failures.get(failure) ?? 0) + 1)
    this.#second(now).failed += 1
    // A refused or reset request has no latency. One that was given up has: at least the time until then.
    if (failure !== 'timeout' && failure !== 'cancelled') return
    this.censored += 1
    this.smallestCensored = Math.min(this.smallestCensored, latency)
    this.latency.record(intended, latency)
  }

  #label(name: string): LabelCounts {
    const kept = this.labels.has(name) || this.labels.size < mostLabels ? name : otherLabels
    let label = this.labels.get(kept)
    if (!label) {
      label = { answered: 0, serverErrors: countBlocks(), latency: new BlockedHistogram() }
      this.labels.set(kept, label)
    }
    return label
  }

  #second(at: number): Second {
    const index = Math.max(0, Math.floor(at / 1000))
    while (this.seconds.length <= index) this.seconds.push({ due: 0, answered: 0, serverErrors: 0, failed: 0 })
    return this.seconds[index] as Second
  }
}

function countBlocks(): TimeBlocks<Counts> {
  return new TimeBlocks<Counts>(
    () => ({ n: 0, events: 0 }),
    (into, other) => {
      into.n += other.n
      into.events += other.events
    },
  )
}
