import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { latencyBoundsMs, outcomes } from '../counter-page.ts'
import type { GatewayStatus } from '../process/status.ts'
import { latencyBucket } from './counter-row.ts'
import { Counters } from './counters.ts'
import { Episodes } from './episodes.ts'
import { openMetrics } from './open-metrics.ts'

const key = { service: 'api', route: 'all', version: 'v1', share: 1 }
const buckets = latencyBoundsMs.length + 1

describe('counting', () => {
  test('a latency falls into the first bucket whose bound it does not exceed', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 60_000, noNaN: true }), (ms) => {
        const bucket = latencyBucket(ms)
        expect(ms).toBeLessThanOrEqual(latencyBoundsMs[bucket] ?? Number.POSITIVE_INFINITY)
        if (bucket > 0) expect(ms).toBeGreaterThan(latencyBoundsMs[bucket - 1] ?? 0)
      }),
    )
  })

  test('what was assigned is what ended plus what is in flight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ outcome: fc.constantFrom(...outcomes), ms: fc.nat(50_000), client: fc.nat() })),
        fc.nat(9),
        (ends, open) => {
          const counters = new Counters()
          const row = counters.row(key, 10_000, 'coin')
          for (let i = 0; i < ends.length + open; i++) row.assign(i, 0)
          for (const { outcome, ms, client } of ends) row.end(outcome, ms, client, ms)
          const page = counters.rows(() => [])[0]
          const counted = page?.counts.reduce((sum, count) => sum + count, 0) ?? 0
          expect([page?.assigned ?? 0, page?.inFlight ?? 0]).toEqual([ends.length + open, open])
          expect(counted + open).toBe(ends.length + open)
        },
      ),
    )
  })

  test('outcomes and latencies stand where the contract says', () => {
    const counters = new Counters()
    const row = counters.row(key, 10_000, 'coin')
    row.assign(1, 0)
    row.end('timeout', 31_000, 1, 0)
    const counts = counters.rows(() => [])[0]?.counts ?? []
    expect(counts.length).toBe(outcomes.length * buckets)
    expect(counts.indexOf(1)).toBe(outcomes.indexOf('timeout') * buckets + buckets - 1)
  })

  test('another share opens another row, the same one comes back', () => {
    const counters = new Counters()
    expect(counters.row(key, 1, 'coin')).toBe(counters.row({ ...key }, 1, 'coin'))
    expect(counters.row({ ...key, share: 0.5 }, 1, 'coin')).not.toBe(counters.row(key, 1, 'coin'))
  })

  test('requests in flight are overdue at every bound that they have passed', () => {
    const counters = new Counters()
    counters.row(key, 1, 'coin').assign(1, 0)
    const overdue = counters.rows(() => [0.5, 600, 40_000])[0]?.overdue ?? []
    expect(overdue[0]).toBe(2)
    expect(overdue[latencyBoundsMs.indexOf(500)]).toBe(2)
    expect(overdue.at(-1)).toBe(1)
  })
})

describe('episodes', () => {
  test('many failures of one client in one window are one episode', () => {
    const row = new Counters().row(key, 10_000, 'coin')
    for (let i = 0; i < 50; i++) {
      row.assign(7, i)
      row.end('server-error', 1, 7, i)
    }
    row.assign(8, 60)
    row.end('server-error', 1, 8, 60)
    expect([row.episodes, row.failedEpisodes]).toEqual([2, 2])
    row.assign(7, 10_001)
    row.end('timeout', 1, 7, 10_001)
    expect([row.episodes, row.failedEpisodes]).toEqual([3, 3])
  })

  test('never fewer than there were, whoever shares a slot', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2 ** 31)), (clients) => {
        const episodes = new Episodes(1_000)
        const counted = clients.filter((client) => episodes.first(client, 5)).length
        expect(counted).toBeGreaterThanOrEqual(new Set(clients).size)
      }),
    )
  })
})

describe('OpenMetrics', () => {
  const counters = new Counters()
  const row = counters.row({ ...key, route: 'a "b"\\\n' }, 1_000, 'coin')
  for (const [outcome, ms] of [
    ['ok', 4],
    ['ok', 80],
    ['server-error', 900],
    ['client-abort', 5],
  ] as const) {
    row.assign(1, 0)
    row.end(outcome, ms, 1, 0)
  }
  const status: GatewayStatus = {
    pid: 1,
    startedAt: 0,
    engine: 'own',
    ready: true,
    snapshotVersion: 3,
    listeners: [],
    workers: [],
    endpoints: [],
    held: 2,
  }
  const page = { worker: 'w', epoch: 'e', snapshotVersion: 3, at: 0, rows: counters.rows(() => []) }
  const text = openMetrics(status, [page, page])

  test('sums workers, cumulates buckets and leaves aborts out of latencies', () => {
    const labels = 'service="api",route="a \\"b\\"\\\\\\n",version="v1"'
    expect(text).toContain(`seaworthy_gateway_requests_total{${labels},outcome="ok"} 4\n`)
    expect(text).toContain(`seaworthy_gateway_requests_total{${labels},outcome="client-abort"} 2\n`)
    expect(text).toContain(`_bucket{${labels},le="0.005"} 2\n`)
    expect(text).toContain(`_bucket{${labels},le="0.1"} 4\n`)
    expect(text).toContain(`_bucket{${labels},le="+Inf"} 6\n`)
    expect(text).toContain(`_sum{${labels}} 1.968\n`)
    expect(text).toContain(`_count{${labels}} 6\n`)
  })

  test('every family is declared once before its samples, and the text ends as it must', () => {
    const declared = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name ?? '')
    expect(new Set(declared).size).toBe(declared.length)
    for (const line of text.split('\n').filter((one) => one !== '' && !one.startsWith('#'))) {
      expect(declared.some((name) => line.startsWith(name))).toBe(true)
    }
    expect(text.endsWith('\n# EOF\n')).toBe(true)
  })
})
