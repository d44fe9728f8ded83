import type { CounterPage, CounterRow } from '@seaworthy/gateway'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CounterLayout, countableBound } from './counter-row.ts'
import { ruleOf } from './defaults.ts'
import { beginReading, readPages } from './reading.ts'

const rule = ruleOf({
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1, 0.5],
  sticky: false,
  latency: [{ boundMs: 500 }],
  counters: [{ name: 'restarts' }],
  requestTimeoutMs: 10_000,
})
const layout: CounterLayout = { outcomes: ['ok', 'server-error', 'client-abort'], latencyBoundsMs: [100, 500] }

function row(version: string, share: number, counts: readonly number[], more: Partial<CounterRow> = {}): CounterRow {
  const assigned = counts.reduce((sum, count) => sum + count, 0)
  const base = { service: 'api', route: '/', version, share, assigned, episodes: assigned, counts, failedEpisodes: 0 }
  return { ...base, inFlight: 0, overdue: [0, 0], ...more }
}

const page = (worker: string, epoch: string, rows: readonly CounterRow[]): CounterPage => ({
  worker,
  epoch,
  snapshotVersion: 1,
  at: 0,
  rows,
})

/** Reads polls one after the other; each poll is a list of pages. */
function readAll(polls: readonly (readonly CounterPage[])[], before: readonly CounterPage[] = []) {
  let reading = beginReading(rule, layout, before)
  return polls.map((pages) => {
    const read = readPages(rule, layout, reading, { pages, at: 7, elapsedMs: 1000 })
    reading = read.reading
    return read.batch
  })
}

// ok ≤100, ok ≤500, ok >500, server-error ×3, client-abort ×3
const counts = (ok: number, slow: number, failed: number, gaveUp = 0): readonly number[] => [
  ok,
  0,
  slow,
  failed,
  0,
  0,
  0,
  0,
  gaveUp,
]

describe('readPages', () => {
  it('turns cumulative counts into what happened since the last poll', () => {
    const [first, second] = readAll([
      [page('a', '1', [row('v2', 0.1, counts(8, 1, 1)), row('v1', 0.9, counts(85, 3, 2))])],
      [page('a', '1', [row('v2', 0.1, counts(18, 1, 3)), row('v1', 0.9, counts(170, 7, 3))])],
    ])
    expect(first).toMatchObject({
      ended: { canary: 10, baseline: 90 },
      draws: [{ share: 0.1, canary: 10, baseline: 90 }],
    })
    expect(second?.events).toEqual([
      { metric: 'errors', counts: [{ share: 0.1, canary: 2, baseline: 1 }] },
      { metric: 'slower than 500 ms', counts: [{ share: 0.1, canary: 0, baseline: 4 }] },
    ])
  })

  it('does not count what workers had counted before the release', () => {
    const before = [page('a', '1', [row('v2', 0.1, counts(0, 0, 50)), row('v1', 0.9, counts(500, 0, 5))])]
    const [batch] = readAll([before], before)
    expect(batch).toMatchObject({ source: 'read', draws: [], events: [], ended: { canary: 0, baseline: 0 } })
  })

  it('starts from zero when a worker restarted, so nothing is lost or counted twice', () => {
    const [, second] = readAll([
      [page('a', '1', [row('v2', 0.1, counts(8, 0, 2))])],
      [page('a', '2', [row('v2', 0.1, counts(3, 0, 1))])],
    ])
    expect(second?.ended.canary).toBe(4)
    expect(second?.events[0]?.counts).toEqual([{ share: 0.1, canary: 1, baseline: 0 }])
  })

  it('makes good a page that was missing with the next poll', () => {
    const polls = readAll([
      [page('a', '1', [row('v2', 0.1, counts(1, 0, 0))]), page('b', '1', [row('v2', 0.1, counts(1, 0, 0))])],
      [page('a', '1', [row('v2', 0.1, counts(2, 0, 0))])],
      [page('a', '1', [row('v2', 0.1, counts(3, 0, 0))]), page('b', '1', [row('v2', 0.1, counts(5, 0, 1))])],
    ])
    expect(polls.map(({ ended }) => ended.canary)).toEqual([2, 1, 6])
  })

  it('says so when no page came at all, and keeps what it knew', () => {
    const [, gap, after] = readAll([
      [page('a', '1', [row('v2', 0.1, counts(4, 0, 0))])],
      [],
      [page('a', '1', [row('v2', 0.1, counts(9, 0, 0))])],
    ])
    expect(gap).toMatchObject({ source: 'unreadable', elapsedMs: 1000 })
    expect(after?.ended.canary).toBe(5)
  })

  it('keeps counts apart by the share they were drawn at, late outcomes included', () => {
    const [, late] = readAll([
      [page('a', '1', [row('v2', 0.1, counts(4, 0, 0)), row('v1', 0.9, counts(40, 0, 0))])],
      [
        page('a', '1', [
          row('v2', 0.1, counts(4, 0, 2)),
          row('v1', 0.9, counts(40, 0, 0)),
          row('v2', 0.5, counts(10, 0, 1)),
          row('v1', 0.5, counts(10, 0, 3)),
        ]),
      ],
    ])
    expect(late?.events[0]?.counts).toEqual([
      { share: 0.1, canary: 2, baseline: 0 },
      { share: 0.5, canary: 1, baseline: 3 },
    ])
  })

  it('puts workers together and leaves other services, versions and the time before the release out', () => {
    const [batch] = readAll([
      [
        page('a', '1', [
          row('v2', 0.1, counts(3, 0, 0)),
          row('v0', 0.9, counts(70, 0, 9)),
          row('v1', 1, counts(30, 0, 9)),
        ]),
        page('b', '1', [row('v2', 0.1, counts(2, 0, 0)), { ...row('v2', 0.1, counts(5, 0, 5)), service: 'web' }]),
      ],
    ])
    expect(batch?.draws).toEqual([{ share: 0.1, canary: 5, baseline: 0 }])
    expect(batch?.ended).toEqual({ canary: 5, baseline: 0 })
  })

  it('counts a client that gave up waiting as slow but not as failed', () => {
    const [batch] = readAll([[page('a', '1', [row('v2', 0.1, counts(5, 0, 0, 2))])]])
    expect(batch?.events).toEqual([{ metric: 'slower than 500 ms', counts: [{ share: 0.1, canary: 2, baseline: 0 }] }])
  })

  it('counts everything once, whichever pages are missing and whenever workers restart', () => {
    // Each event: a worker answers some requests, and perhaps restarts; each poll sees some of the workers, the last one all.
    const event = fc.record({
      worker: fc.constantFrom('a', 'b', 'c'),
      ok: fc.nat(5),
      failed: fc.nat(3),
      seen: fc.subarray(['a', 'b', 'c']),
      restarts: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(event, { maxLength: 25 }), (events) => {
        const held: Record<string, { epoch: number; ok: number; failed: number }> = {}
        const pageOf = (worker: string): CounterPage => {
          const { epoch = 0, ok = 0, failed = 0 } = held[worker] ?? {}
          return page(worker, String(epoch), [row('v2', 0.1, counts(ok, 0, failed))])
        }
        const polls: CounterPage[][] = []
        let [ok, failed] = [0, 0]
        for (const next of events) {
          const before = held[next.worker] ?? { epoch: 0, ok: 0, failed: 0 }
          held[next.worker] = { ...before, ok: before.ok + next.ok, failed: before.failed + next.failed }
          ok += next.ok
          failed += next.failed
          polls.push(next.seen.map(pageOf))
          if (!next.restarts) continue
          // What a worker counted is read before it ends, or lost with it; here it is read.
          polls.push([pageOf(next.worker)])
          held[next.worker] = { epoch: before.epoch + 1, ok: 0, failed: 0 }
        }
        polls.push(['a', 'b', 'c'].map(pageOf))
        const batches = readAll(polls)
        expect(batches.reduce((sum, { ended }) => sum + ended.canary, 0)).toBe(ok + failed)
        const errors = batches.flatMap((batch) => batch.events.filter(({ metric }) => metric === 'errors'))
        expect(errors.flatMap((each) => each.counts).reduce((sum, { canary }) => sum + canary, 0)).toBe(failed)
      }),
      { numRuns: 200 },
    )
  })

  it('never counts backwards', () => {
    const [, back, forth] = readAll([
      [page('a', '1', [row('v2', 0.1, counts(5, 0, 3))])],
      [page('a', '1', [row('v2', 0.1, counts(5, 0, 1))])],
      [page('a', '1', [row('v2', 0.1, counts(5, 0, 4))])],
    ])
    expect(back?.events).toEqual([])
    expect(forth?.events[0]?.counts).toEqual([{ share: 0.1, canary: 1, baseline: 0 }])
  })

  it('takes counters of others as they are', () => {
    const reading = beginReading(rule, layout, [])
    const { batch } = readPages(rule, layout, reading, {
      pages: [page('a', '1', [])],
      at: 0,
      elapsedMs: 1000,
      counters: [{ counter: 'restarts', counts: [{ share: 0.25, canary: 1, baseline: 0 }] }],
    })
    expect(batch.events).toEqual([{ metric: 'restarts', counts: [{ share: 0.25, canary: 1, baseline: 0 }] }])
  })

  it('refuses a latency bound that the gateway does not count', () => {
    expect(() => beginReading(rule, { ...layout, latencyBoundsMs: [100, 400] }, [])).toThrow(/asks for 500 ms/)
    expect(countableBound({ latencyBoundsMs: [100, 400] }, 150)).toBe(400)
    expect(countableBound({ latencyBoundsMs: [100, 400] }, 900)).toBe(400)
  })
})
