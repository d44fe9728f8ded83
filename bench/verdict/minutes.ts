import { type ArmLog, latencyBounds, type RequestLog, slowerThan, sumOf } from './log.ts'

/** What a rule with one-minute windows sees of one version; `null` where its query finds nothing. */
export interface MinutePoint {
  readonly requests: number
  readonly events: number
  /** Events per request in the window. */
  readonly rate: number | null
  /** 99th percentile latency in ms, as Prometheus' histogram_quantile reads it from buckets. */
  readonly p99: number | null
}

/** One minute of a release. */
export interface Minute {
  /** Second at which the minute ended. */
  readonly at: number
  readonly canary: MinutePoint
  readonly baseline: MinutePoint
  /** Counts since the start. */
  readonly total: { readonly canary: Totals; readonly baseline: Totals }
}

interface Totals {
  readonly requests: number
  readonly events: number
}

/** What is compared: errors, or answers slower than 300 ms. */
export type Signal = 'errors' | 'latency'

/** Cuts a log into minutes. In an unreadable minute queries find nothing; running totals catch up afterwards. */
export function minutesOf(log: RequestLog, signal: Signal): readonly Minute[] {
  const minutes: Minute[] = []
  let held = { canary: { requests: 0, events: 0 }, baseline: { requests: 0, events: 0 } }
  let read = 0
  for (let to = 60; to <= log.seconds; to += 60) {
    const isBlind = (log.unreadable[to - 1] ?? 0) > 0
    const canary = pointOf(log.canary, signal, to - 60, to, isBlind)
    const baseline = pointOf(log.baseline, signal, to - 60, to, isBlind)
    if (!isBlind) {
      held = {
        canary: grown(held.canary, log.canary, signal, read, to),
        baseline: grown(held.baseline, log.baseline, signal, read, to),
      }
      read = to
    }
    minutes.push({ at: to, canary, baseline, total: held })
  }
  return minutes
}

function eventsIn(arm: ArmLog, signal: Signal, from: number, to: number): number {
  return signal === 'errors' ? sumOf(arm.errors, from, to) : slowerThan(arm, 300, from, to)
}

function grown(held: Totals, arm: ArmLog, signal: Signal, from: number, to: number): Totals {
  return {
    requests: held.requests + sumOf(arm.requests, from, to),
    events: held.events + eventsIn(arm, signal, from, to),
  }
}

function pointOf(arm: ArmLog, signal: Signal, from: number, to: number, isBlind: boolean): MinutePoint {
  if (isBlind) return { requests: 0, events: 0, rate: null, p99: null }
  const requests = sumOf(arm.requests, from, to)
  const events = eventsIn(arm, signal, from, to)
  return {
    requests,
    events,
    rate: requests === 0 ? null : events / requests,
    p99: signal === 'latency' ? p99(arm, from, to) : null,
  }
}

/** Linear interpolation within the bucket that holds the quantile; the last finite bound in the unbounded bucket. */
function p99(arm: ArmLog, from: number, to: number): number | null {
  const width = latencyBounds.length + 1
  const counts = new Array<number>(width).fill(0)
  for (let second = from; second < to; second++) {
    for (let bucket = 0; bucket < width; bucket++)
      counts[bucket] = (counts[bucket] ?? 0) + (arm.latency[second * width + bucket] ?? 0)
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return null
  let left = 0.99 * total
  for (let bucket = 0; bucket < width - 1; bucket++) {
    const count = counts[bucket] ?? 0
    if (left <= count) {
      const low = latencyBounds[bucket - 1] ?? 0
      return low + (((latencyBounds[bucket] ?? 0) - low) * left) / count
    }
    left -= count
  }
  return latencyBounds.at(-1) ?? null
}
