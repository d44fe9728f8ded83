import type { CounterPage, CounterRow } from '@seaworthy/gateway'
import { Problem } from '@seaworthy/model'
import { addCounts, type Batch, type MetricEvents, unreadableBatch } from './batch.ts'
import type { ArmCount } from './coin.ts'
import { type CounterLayout, type RowCounts, rowCounts } from './counter-row.ts'
import type { Rule } from './rule.ts'

/** What was read last of each worker, so that cumulative counts become batches. Plain data, kept beside the verdict's state. */
export interface Reading {
  readonly kind: 'reading'
  readonly workers: Readonly<
    Record<string, { readonly epoch: string; readonly rows: Readonly<Record<string, RowCounts>> }>
  >
}

/** Events that others count (restarts, OOM kills), as differences since the last reading. */
export interface CounterEvents {
  /** As the rule's metric source names it. */
  readonly counter: string
  /** Share of the exposure (replica-seconds or requests) that the canary had. */
  readonly counts: readonly ArmCount[]
}

/** The pages of one poll; a worker that did not answer is missing, and comes with the next poll. */
export interface Poll {
  readonly pages: readonly CounterPage[]
  /** ms since the Unix epoch, and time since the last poll by a clock that does not jump. */
  readonly at: number
  readonly elapsedMs: number
  readonly counters?: readonly CounterEvents[]
}

/**
 * The reading before the first request: what the workers counted so far belongs to no release. Throws a Problem (SW7901) when
 * the rule asks for a latency bound that the gateway does not count.
 */
export function beginReading(rule: Rule, layout: CounterLayout, pages: readonly CounterPage[]): Reading {
  for (const { name, source } of rule.metrics) {
    if (source.kind !== 'slower' || layout.latencyBoundsMs.includes(source.boundMs)) continue
    throw new Problem({
      code: 'SW7901',
      message: `Metric "${name}" asks for ${source.boundMs} ms, which the gateway does not count.`,
      hint: `Use one of its bounds: ${layout.latencyBoundsMs.join(', ')} ms.`,
    })
  }
  return read(rule, layout, { kind: 'reading', workers: {} }, pages).reading
}

/** The batch between the last poll and this one, and the reading to keep. No page at all makes an unreadable batch. */
export function readPages(
  rule: Rule,
  layout: CounterLayout,
  reading: Reading,
  poll: Poll,
): { readonly reading: Reading; readonly batch: Batch } {
  if (poll.pages.length === 0) return { reading, batch: unreadableBatch(poll.at, poll.elapsedMs) }
  const { reading: next, fresh } = read(rule, layout, reading, poll.pages)
  return { reading: next, batch: batchOf(rule, fresh, poll) }
}

/** What one row counted since it was last read. */
interface Fresh {
  readonly share: number
  readonly isCanary: boolean
  readonly counts: RowCounts
}

function read(
  rule: Rule,
  layout: CounterLayout,
  reading: Reading,
  pages: readonly CounterPage[],
): { readonly reading: Reading; readonly fresh: readonly Fresh[] } {
  const workers: Record<string, Reading['workers'][string]> = { ...reading.workers }
  const fresh: Fresh[] = []
  for (const page of pages) {
    const last = workers[page.worker]
    // Another epoch means a new process that counts from zero; what the old one counted since the last poll is lost, of both versions alike.
    const rows: Record<string, RowCounts> = last !== undefined && last.epoch === page.epoch ? { ...last.rows } : {}
    for (const row of page.rows) {
      const share = shareOfCanary(rule, row)
      if (share === undefined) continue
      const key = `${row.route}\n${row.version}\n${row.share}`
      const { kept, grown } = advanceRow(rows[key], rowCounts(rule, layout, row))
      rows[key] = kept
      fresh.push({ share, isCanary: row.version === rule.canary, counts: grown })
    }
    workers[page.worker] = { epoch: page.epoch, rows }
  }
  return { reading: { kind: 'reading', workers }, fresh }
}

/** The canary's share when the row was drawn; `undefined` for rows that do not belong to the release (other versions, baseline alone). */
function shareOfCanary(rule: Rule, row: CounterRow): number | undefined {
  if (row.service !== rule.service) return undefined
  const share = row.version === rule.canary ? row.share : row.version === rule.baseline ? 1 - row.share : 0
  const rounded = Number(share.toFixed(9))
  return rounded > 0 && rounded <= 1 ? rounded : undefined
}

/** Counts never go back; where one seems to, the greater is kept and nothing is counted twice. */
function advanceRow(
  last: RowCounts | undefined,
  now: RowCounts,
): { readonly kept: RowCounts; readonly grown: RowCounts } {
  if (last === undefined) return { kept: now, grown: now }
  const kept: RowCounts = {
    draws: Math.max(last.draws, now.draws),
    ended: Math.max(last.ended, now.ended),
    events: now.events.map((count, index) => Math.max(count, last.events[index] ?? 0)),
  }
  const grown: RowCounts = {
    draws: kept.draws - last.draws,
    ended: kept.ended - last.ended,
    events: kept.events.map((count, index) => count - (last.events[index] ?? 0)),
  }
  return { kept, grown }
}

function batchOf(rule: Rule, fresh: readonly Fresh[], poll: Poll): Batch {
  const arm = (row: Fresh, count: number): ArmCount => ({
    share: row.share,
    canary: row.isCanary ? count : 0,
    baseline: row.isCanary ? 0 : count,
  })
  const countsOf = (count: (row: Fresh) => number): readonly ArmCount[] =>
    addCounts(
      [],
      fresh.filter((row) => count(row) > 0).map((row) => arm(row, count(row))),
    )
  const ended = (isCanary: boolean): number =>
    fresh.reduce((sum, row) => (row.isCanary === isCanary ? sum + row.counts.ended : sum), 0)
  const events = rule.metrics.map((metric, index): MetricEvents => {
    const { source } = metric
    const counts =
      source.kind === 'counter'
        ? (poll.counters ?? []).filter(({ counter }) => counter === source.counter).flatMap((events) => events.counts)
        : countsOf((row) => row.counts.events[index] ?? 0)
    return { metric: metric.name, counts }
  })
  return {
    at: poll.at,
    elapsedMs: poll.elapsedMs,
    source: 'read',
    draws: countsOf((row) => row.counts.draws),
    ended: { canary: ended(true), baseline: ended(false) },
    events: events.filter(({ counts }) => counts.length > 0),
  }
}
