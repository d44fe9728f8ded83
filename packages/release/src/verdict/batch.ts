import type { ArmCount } from './coin.ts'

/** What happened in one stretch of time, as counts; everything a decision is made from. */
export interface Batch {
  /** When the stretch ended, ms since the Unix epoch; for people only, no decision depends on it. */
  readonly at: number
  /** How long the stretch was by a clock that does not jump, ms. */
  readonly elapsedMs: number
  /** Whether counters could be read at all. */
  readonly source: 'read' | 'unreadable'
  /** Draws of the coin by share: requests, or first requests of a client where clients stick. */
  readonly draws: readonly ArmCount[]
  /** Requests that ended; the denominators of absolute rates. */
  readonly ended: { readonly canary: number; readonly baseline: number }
  /** Events by metric and share. */
  readonly events: readonly MetricEvents[]
}

/** The events of one metric in a batch. */
export interface MetricEvents {
  /** Name of a metric of the rule. */
  readonly metric: string
  readonly counts: readonly ArmCount[]
}

/** A stretch in which nothing could be read. */
export function unreadableBatch(at: number, elapsedMs: number): Batch {
  return { at, elapsedMs, source: 'unreadable', draws: [], ended: { canary: 0, baseline: 0 }, events: [] }
}

/** Adds counts share by share, in order of first appearance. */
export function addCounts(total: readonly ArmCount[], more: readonly ArmCount[]): readonly ArmCount[] {
  if (more.length === 0) return total
  const sum = [...total]
  for (const { share, canary, baseline } of more) {
    const at = sum.findIndex((count) => count.share === share)
    const held = sum[at]
    if (held === undefined) sum.push({ share, canary, baseline })
    else sum[at] = { share, canary: held.canary + canary, baseline: held.baseline + baseline }
  }
  return sum
}

/** Events on both arms, over all shares. */
export function totals(counts: readonly ArmCount[]): { canary: number; baseline: number; expected: number } {
  let canary = 0
  let baseline = 0
  let expected = 0
  for (const count of counts) {
    canary += count.canary
    baseline += count.baseline
    expected += count.share * (count.canary + count.baseline)
  }
  return { canary, baseline, expected }
}
