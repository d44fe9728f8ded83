import { type CounterRow, latencyBoundsMs, type Outcome, outcomes } from '../counter-page.ts'
import { Episodes } from './episodes.ts'

const buckets = latencyBoundsMs.length + 1

/** Index of the latency bucket that holds `ms`: the first whose upper bound is at least `ms`. */
export function latencyBucket(ms: number): number {
  let i = 0
  while (i < latencyBoundsMs.length && ms > (latencyBoundsMs[i] as number)) i++
  return i
}

const outcomeIndex: Readonly<Record<Outcome, number>> = {
  ok: 0,
  'client-error': 1,
  'server-error': 2,
  timeout: 3,
  unavailable: 4,
  'client-abort': 5,
}

/** Whose counts these are. */
export interface CounterKey {
  readonly service: string
  readonly route: string
  readonly version: string
  readonly share: number
}

/** The running counts of one service × route × version × share, in one typed array. */
export class CounterRowState {
  readonly key: CounterKey
  readonly counts: Float64Array = new Float64Array(outcomes.length * buckets)
  assigned = 0
  episodes = 0
  failedEpisodes = 0
  rescued = 0
  latencySumMs = 0
  inFlight = 0
  #dealtBy: string
  #episodeMs: number
  #seen: Episodes
  #failed: Episodes

  constructor(key: CounterKey, episodeMs: number, dealtBy = '') {
    this.key = key
    this.#dealtBy = dealtBy
    this.#episodeMs = episodeMs
    this.#seen = new Episodes(episodeMs)
    this.#failed = new Episodes(episodeMs)
  }

  /** Clients seen by another coin or within another window are forgotten: each release counts every client anew; counts go on. */
  remember(dealtBy: string, episodeMs: number): void {
    if (this.#dealtBy === dealtBy && this.#episodeMs === episodeMs) return
    this.#dealtBy = dealtBy
    this.#episodeMs = episodeMs
    this.#seen = new Episodes(episodeMs)
    this.#failed = new Episodes(episodeMs)
  }

  /** A request was assigned; `client` is a hash of who sent it. */
  assign(client: number, now: number): void {
    this.assigned++
    this.inFlight++
    if (this.#seen.first(client, now)) this.episodes++
  }

  end(outcome: Outcome, ms: number, client: number, now: number): void {
    this.inFlight--
    const at = outcomeIndex[outcome] * buckets + latencyBucket(ms)
    this.counts[at] = (this.counts[at] as number) + 1
    if (outcome !== 'client-abort') this.latencySumMs += ms
    if ((outcome === 'server-error' || outcome === 'timeout') && this.#failed.first(client, now)) this.failedEpisodes++
  }

  /** The row as data; `ages` are the ages in ms of its requests in flight. */
  snapshot(ages: readonly number[]): CounterRow {
    const overdue = latencyBoundsMs.map((bound) => ages.reduce((count, age) => (age > bound ? count + 1 : count), 0))
    return {
      ...this.key,
      assigned: this.assigned,
      episodes: this.episodes,
      counts: [...this.counts],
      latencySumMs: this.latencySumMs,
      failedEpisodes: this.failedEpisodes,
      rescued: this.rescued,
      inFlight: this.inFlight,
      overdue,
    }
  }
}
