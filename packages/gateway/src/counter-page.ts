/** How a request ended, as its client saw it; `client-abort` never counts against a version. */
export const outcomes = ['ok', 'client-error', 'server-error', 'timeout', 'unavailable', 'client-abort'] as const
export type Outcome = (typeof outcomes)[number]

/** Upper bounds of the latency buckets in ms; the last bucket is unbounded. */
export const latencyBoundsMs: readonly number[] = [
  1, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10000,
  30000,
]

/** Cumulative counts of one service × route × version since the worker started. */
export interface CounterRow {
  readonly service: string
  readonly route: string
  /** The version the coin *assigned*, whoever answered after a retry. */
  readonly version: string
  /** The share in force for this version when these were counted, 0..1; another share opens another row. */
  readonly share: number
  /** Requests assigned (drawn by the coin), ended or not. */
  readonly assigned: number
  /** Of those, first requests of a client within the episode window. */
  readonly episodes: number
  /** outcomes × (latencyBoundsMs.length + 1), row by row. */
  readonly counts: readonly number[]
  /** Sum of the latencies of all counted requests but client aborts, ms. */
  readonly latencySumMs?: number
  /** Server errors and timeouts, counted once per client and episode window. */
  readonly failedEpisodes: number
  /** Of `assigned`, those that another replica had to answer because the first attempt failed or no replica of this version was ready. */
  readonly rescued?: number
  /** In flight now, and how many of them are older than each latency bound. */
  readonly inFlight: number
  readonly overdue: readonly number[]
}

/** What one gateway worker has counted; `epoch` changes when the worker restarted and its counts began at zero. */
export interface CounterPage {
  readonly worker: string
  readonly epoch: string
  readonly snapshotVersion: number
  /** ms since the Unix epoch. */
  readonly at: number
  readonly rows: readonly CounterRow[]
}
