import type { CounterRow } from '@seaworthy/gateway'
import type { MetricRule, Rule } from './rule.ts'

/** How the gateway lays out a row's counts; `outcomes` and `latencyBoundsMs` of the gateway. */
export interface CounterLayout {
  readonly outcomes: readonly string[]
  readonly latencyBoundsMs: readonly number[]
}

/** What the verdict takes from a row, cumulative: draws, requests ended, and the events of each metric of the rule. */
export interface RowCounts {
  readonly draws: number
  readonly ended: number
  readonly events: readonly number[]
}

/** Outcomes that a version answers for; a client that goes away is nobody's failure. */
const failures: readonly string[] = ['server-error', 'timeout', 'unavailable']

/** Reads a row as the rule counts: by request, or by episode where clients stick to their version. */
export function rowCounts(rule: Rule, layout: CounterLayout, row: CounterRow): RowCounts {
  return {
    draws: rule.unit === 'client' ? row.episodes : row.assigned,
    ended: row.counts.reduce((sum, count) => sum + count, 0),
    events: rule.metrics.map((metric) => eventsOf(rule, metric, layout, row)),
  }
}

function eventsOf(rule: Rule, { source }: MetricRule, layout: CounterLayout, row: CounterRow): number {
  switch (source.kind) {
    case 'failures':
      if (source.route !== undefined && source.route !== row.route) return 0
      return rule.unit === 'client' ? row.failedEpisodes : failed(layout, row)
    case 'slower':
      if (source.route !== undefined && source.route !== row.route) return 0
      return slower(layout, row, source.boundMs)
    case 'rescued':
      return source.route !== undefined && source.route !== row.route ? 0 : (row.rescued ?? 0)
    case 'counter':
      return 0
    default:
      return source satisfies never
  }
}

function failed({ outcomes, latencyBoundsMs }: CounterLayout, row: CounterRow): number {
  const width = latencyBoundsMs.length + 1
  let sum = 0
  outcomes.forEach((outcome, index) => {
    if (!failures.includes(outcome)) return
    for (let bucket = 0; bucket < width; bucket++) sum += row.counts[index * width + bucket] ?? 0
  })
  return sum
}

/**
 * Requests beyond the bound, whatever became of them: ended ones (a client that gave up waiting too) and those still in flight. A
 * request counts once it is late, so one that hangs is not idle, and its later end changes nothing.
 */
function slower({ outcomes, latencyBoundsMs }: CounterLayout, row: CounterRow, boundMs: number): number {
  const bound = latencyBoundsMs.indexOf(boundMs)
  const width = latencyBoundsMs.length + 1
  let sum = row.overdue[bound] ?? 0
  for (let outcome = 0; outcome < outcomes.length; outcome++) {
    for (let bucket = bound + 1; bucket < width; bucket++) sum += row.counts[outcome * width + bucket] ?? 0
  }
  return sum
}

/** The gateway's bound nearest above `ms`, or its greatest: only its own bounds can be counted. */
export function countableBound({ latencyBoundsMs }: Pick<CounterLayout, 'latencyBoundsMs'>, ms: number): number {
  return latencyBoundsMs.find((bound) => bound >= ms) ?? latencyBoundsMs.at(-1) ?? ms
}
