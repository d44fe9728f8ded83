/** Upper bounds in ms of the latency buckets that the simulator counts; the last bucket is unbounded. */
export const latencyBounds: readonly number[] = [50, 100, 200, 300, 500, 1000, 2000, 5000]

/** What one version did, second by second. */
export interface ArmLog {
  readonly requests: Float64Array
  readonly errors: Float64Array
  /** Errors counted once per client, as the gateway does for sticky clients. */
  readonly episodes: Float64Array
  /** Seconds × (latencyBounds.length + 1), row by row; empty where a scenario is not about latency. */
  readonly latency: Float64Array
}

/** One release as it happened: the same log is replayed to every rule. */
export interface RequestLog {
  readonly seconds: number
  /** The canary's share, 0..1. */
  readonly share: Float64Array
  readonly canary: ArmLog
  readonly baseline: ArmLog
  /** Requests that failed (or were slow) only because of the canary: expected values, cumulative. */
  readonly harmed: Float64Array
  /** Seconds in which no counters could be read. */
  readonly unreadable: Uint8Array
}

/** Length of a release, s, and when the second step begins. */
export const releaseSeconds = 1200
export const secondStepAt = 600
export const shares: readonly [number, number] = [0.1, 0.5]

/** An empty log over the fixed schedule that every rule is replayed: ten minutes at 10 %, ten at 50 %. */
export function emptyLog(withLatency: boolean, schedule: readonly [number, number] = shares): RequestLog {
  const seconds = releaseSeconds
  const share = new Float64Array(seconds)
  share.fill(schedule[0], 0, secondStepAt)
  share.fill(schedule[1], secondStepAt)
  const arm = (): ArmLog => ({
    requests: new Float64Array(seconds),
    errors: new Float64Array(seconds),
    episodes: new Float64Array(seconds),
    latency: new Float64Array(withLatency ? seconds * (latencyBounds.length + 1) : 0),
  })
  return {
    seconds,
    share,
    canary: arm(),
    baseline: arm(),
    harmed: new Float64Array(seconds + 1),
    unreadable: new Uint8Array(seconds),
  }
}

/** Requests of one arm in `from`..`to` (seconds, exclusive) that took longer than the bound. */
export function slowerThan(arm: ArmLog, boundMs: number, from: number, to: number): number {
  const width = latencyBounds.length + 1
  const first = latencyBounds.indexOf(boundMs) + 1
  let sum = 0
  if (arm.latency.length === 0) return 0
  for (let second = from; second < to; second++) {
    for (let bucket = first; bucket < width; bucket++) sum += arm.latency[second * width + bucket] ?? 0
  }
  return sum
}

/** Sum of a series over `from`..`to` (exclusive). */
export function sumOf(series: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let second = from; second < to; second++) sum += series[second] ?? 0
  return sum
}
