import type { CounterPage, CounterRow } from '@seaworthy/gateway'
import { describe, expect, it } from 'vitest'
import type { Batch } from './batch.ts'
import type { CounterLayout } from './counter-row.ts'
import { ruleOf, type VerdictDeclaration } from './defaults.ts'
import { beginReading, readPages } from './reading.ts'
import { replay, type VerdictEvidence, verifyEvidence } from './replay.ts'
import type { MetricRule, Rule } from './rule.ts'
import { beginVerdict } from './state.ts'
import { step } from './step.ts'

const declared: VerdictDeclaration = {
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1],
  sticky: false,
  latency: [{ boundMs: 500 }],
  counters: [],
  requestTimeoutMs: 10_000,
  warmUpMs: 30_000,
}
const rule = ruleOf(declared)

/** The rule with every metric changed alike. */
const withMetrics = (change: Partial<MetricRule>): Rule => ({
  ...rule,
  metrics: rule.metrics.map((metric) => ({ ...metric, ...change })),
})

/** A seeded sequence of numbers in 0..1 (mulberry32), so that no test is ever flaky. */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

function batch(metric: string, canary: number, baseline: number, share = 0.1): Batch {
  return {
    at: 0,
    elapsedMs: 1000,
    source: 'read',
    draws: [],
    ended: { canary: Math.max(10, canary), baseline: Math.max(90, baseline) },
    events: [{ metric, counts: [{ share, canary, baseline }] }],
  }
}

/** The decision after these batches, or the first that is harmful. */
function judge(used: Rule, batches: readonly Batch[]): string {
  let state = beginVerdict(used)
  let kind = 'continue'
  for (const next of batches) {
    const taken = step(state, next)
    state = taken.state
    kind = taken.decision.kind
    if (kind === 'harmful') return kind
  }
  return kind
}

const layout: CounterLayout = {
  outcomes: ['ok', 'client-error', 'server-error', 'timeout', 'unavailable', 'client-abort'],
  latencyBoundsMs: [100, 500, 1000],
}

/** A row whose requests ended as given; all within 100 ms. */
function row(
  version: string,
  share: number,
  ended: Partial<Record<string, number>>,
  more: Partial<CounterRow> = {},
): CounterRow {
  const counts = layout.outcomes.flatMap((outcome) => [ended[outcome] ?? 0, 0, 0, 0])
  const assigned = counts.reduce((sum, count) => sum + count, 0) + (more.inFlight ?? 0)
  const failedEpisodes = (ended['server-error'] ?? 0) + (ended.timeout ?? 0)
  const base = { service: 'api', route: '/', version, share, assigned, episodes: assigned, counts, failedEpisodes }
  return { ...base, inFlight: 0, overdue: [0, 0, 0], ...more }
}

const page = (rows: readonly CounterRow[]): CounterPage => ({
  worker: 'w1',
  epoch: 'e1',
  snapshotVersion: 1,
  at: 0,
  rows,
})

/** Judges a series of cumulative pages, one per second. */
function judgePages(used: Rule, pages: readonly (readonly CounterRow[])[]): string {
  let reading = beginReading(used, layout, [page([])])
  const batches = pages.map((rows): Batch => {
    const read = readPages(used, layout, reading, { pages: [page(rows)], at: 0, elapsedMs: 1000 })
    reading = read.reading
    return read.batch
  })
  return judge(used, batches)
}

describe('trap 1: clumps', () => {
  /** A good release in which now and then a client with a broken session fails 8 times within a second, all on its version. */
  function falseRollbacks(used: Rule, perClient: number): number {
    const random = seeded(11)
    let rolledBack = 0
    for (let release = 0; release < 120; release++) {
      const batches = Array.from({ length: 200 }, (): Batch => {
        if (random() > 0.15) return batch('errors', 0, 0)
        return random() < 0.1 ? batch('errors', perClient, 0) : batch('errors', 0, perClient)
      })
      if (judge(used, batches) === 'harmful') rolledBack++
    }
    return rolledBack / 120
  }

  it('void the guarantee when each failure counts: the negative control', () => {
    expect(falseRollbacks(withMetrics({ count: 'each' }), 8)).toBeGreaterThan(0.2)
  })

  it('do not when a client’s failures count as one episode', () => {
    expect(falseRollbacks(withMetrics({ count: 'each' }), 1)).toBeLessThanOrEqual(0.01)
  })

  it('do not when all failures of a window share one vote', () => {
    expect(falseRollbacks(rule, 8)).toBeLessThanOrEqual(0.01)
  })
})

describe('a stall of the canary’s only replica', () => {
  const calm = Array.from({ length: 60 }, (_, index) =>
    batch('errors', index % 60 === 0 ? 1 : 0, index % 7 === 0 ? 1 : 0),
  )
  const stall = (seconds: number): readonly Batch[] => Array.from({ length: seconds }, () => batch('errors', 10, 0))

  it('is not harm by itself when it lasts three seconds, wherever it falls in the windows', () => {
    expect(judge(rule, [...calm, ...stall(3), ...calm])).not.toBe('harmful')
    expect(judge(rule, [...calm, ...calm.slice(0, 1), ...stall(3), ...calm])).not.toBe('harmful')
  })

  it('is when it lasts ten', () => {
    expect(judge(rule, [...calm, ...stall(10)])).toBe('harmful')
  })
})

describe('trap 2: the assignment, not who answered', () => {
  // Half of what the canary is given dies with it and is answered by the baseline on a second attempt.
  const seconds = Array.from({ length: 20 }, (_, index) => index + 1)

  it('shows a dying canary although its clients all got an answer', () => {
    const pages = seconds.map((second) => [
      row('v2', 0.1, { ok: 10 * second }, { rescued: 5 * second }),
      row('v1', 0.9, { ok: 90 * second }, { rescued: 0 }),
    ])
    expect(judgePages(rule, pages)).toBe('harmful')
  })

  it('which counting by who answered would hide: the negative control', () => {
    const pages = seconds.map((second) => [row('v2', 0.1, { ok: 10 * second }), row('v1', 0.9, { ok: 90 * second })])
    expect(judgePages(rule, pages)).toBe('continue')
  })
})

describe('trap 3: sticky clients', () => {
  // One busy client that the coin gave to the canary sends half of all requests; 200 ordinary clients send the rest.
  const pages = Array.from({ length: 30 }, (_, index) => {
    const second = index + 1
    const clients = Math.min(200, 20 * second)
    return [
      row('v2', 0.1, { ok: 60 * second }, { episodes: Math.round(clients * 0.1) + 1 }),
      row('v1', 0.9, { ok: 45 * second }, { episodes: Math.round(clients * 0.9) }),
    ]
  })

  it('are the unit: one busy client is one draw of the coin', () => {
    expect(judgePages(ruleOf({ ...declared, sticky: true }), pages)).not.toBe('routing-broken')
  })

  it('which counting requests would take for broken routing: the negative control', () => {
    expect(judgePages(rule, pages)).toBe('routing-broken')
  })

  it('count a failing client once', () => {
    const failing = Array.from({ length: 30 }, (_, index) => [
      row('v2', 0.1, { 'server-error': 20 * (index + 1) }, { episodes: 3, failedEpisodes: 1 }),
      row('v1', 0.9, { ok: 90 * (index + 1) }, { episodes: 20, failedEpisodes: 0 }),
    ])
    expect(judgePages(ruleOf({ ...declared, sticky: true }), failing)).not.toBe('harmful')
  })
})

describe('trap 4: warm-up', () => {
  const cold = [
    ...Array.from({ length: 30 }, () => batch('slower than 500 ms', 5, 1)),
    ...Array.from({ length: 60 }, () => batch('slower than 500 ms', 1, 9)),
  ]

  it('is not judged when the burn-in was fixed beforehand', () => {
    expect(judge(rule, cold)).not.toBe('harmful')
  })

  it('which a rule without one takes for harm: the negative control', () => {
    expect(judge(withMetrics({ burnInMs: 0 }), cold)).toBe('harmful')
  })

  it('does not excuse failures', () => {
    expect(
      judge(
        rule,
        Array.from({ length: 20 }, () => batch('errors', 5, 1)),
      ),
    ).toBe('harmful')
  })
})

describe('trap 5: unequal load per replica', () => {
  // The canary's one replica carries a quarter more than the others and is that much slower: a ratio of 1.6 that is not its fault.
  const random = seeded(5)
  const loaded = Array.from({ length: 900 }, () => {
    const theta = 0.16 / 1.06
    const events = Array.from({ length: 3 }, () => (random() < theta ? 1 : 0)).reduce(
      (sum: number, hit) => sum + hit,
      0,
    )
    return batch('slower than 500 ms', events, 3 - events)
  })

  it('is carried by a margin', () => {
    expect(judge(ruleOf({ ...declared, tolerated: 1.7 }), loaded)).not.toBe('harmful')
  })

  it('and taken for harm without one: the negative control', () => {
    expect(judge(rule, loaded)).toBe('harmful')
  })

  it('a margin still finds what is far beyond it', () => {
    const broken = Array.from({ length: 60 }, () => batch('slower than 500 ms', 3, 1))
    expect(judge(ruleOf({ ...declared, tolerated: 1.7, warmUpMs: 0 }), broken)).toBe('harmful')
  })
})

describe('trap 6: requests in flight', () => {
  // The canary stopped answering: nothing of it ends, and what it holds grows old.
  const hanging = (overdue: (second: number) => readonly number[]): readonly (readonly CounterRow[])[] =>
    Array.from({ length: 20 }, (_, index) => [
      row('v2', 0.1, { ok: 10 }, { inFlight: 10 * index, overdue: overdue(index) }),
      row('v1', 0.9, { ok: 90 * (index + 1) }),
    ])
  const used = ruleOf({ ...declared, warmUpMs: 0 })

  it('count as slow once they are late, so a hanging canary is not idle', () => {
    expect(
      judgePages(
        used,
        hanging((second) => [10 * second, 10 * Math.max(0, second - 1), 0]),
      ),
    ).toBe('harmful')
  })

  it('which counting only what has ended would miss: the negative control', () => {
    expect(
      judgePages(
        used,
        hanging(() => [0, 0, 0]),
      ),
    ).not.toBe('harmful')
  })

  it('are not counted again when they end', () => {
    const late = [
      [row('v2', 0.1, { ok: 10 }, { inFlight: 4, overdue: [4, 4, 4] }), row('v1', 0.9, { ok: 90 })],
      [
        row('v2', 0.1, { ok: 10 }, { counts: [10, 0, 0, 0, ...new Array<number>(12).fill(0), 0, 0, 0, 4, 0, 0, 0, 0] }),
        row('v1', 0.9, { ok: 90 }),
      ],
    ]
    let reading = beginReading(used, layout, [page([])])
    const slow = late.map((rows) => {
      const read = readPages(used, layout, reading, { pages: [page(rows)], at: 0, elapsedMs: 1000 })
      reading = read.reading
      return read.batch.events.find(({ metric }) => metric === 'slower than 500 ms')?.counts[0]?.canary ?? 0
    })
    expect(slow).toEqual([4, 0])
  })
})

describe('trap 7: rules that are changed on the way', () => {
  const entries = Array.from({ length: 30 }, () => ({ kind: 'batch', batch: batch('errors', 1, 3) }) as const)
  const evidence: VerdictEvidence = {
    kind: 'verdict-evidence',
    version: 1,
    rule,
    entries,
    decisions: replay(rule, entries).decisions,
  }

  it('are refused: a metric added later is not in the rule, and the rule in the state cannot be written', () => {
    expect(() => step(beginVerdict(rule), batch('p50 that happens to look bad', 9, 0))).toThrow(/not in the rule/)
    const { rule: kept } = beginVerdict(rule)
    expect(() => Object.assign(kept, { alpha: 0.5 })).toThrow(TypeError)
    expect(() => Object.assign(kept.metrics[0] ?? {}, { weight: 1 })).toThrow(TypeError)
  })

  it('show in a replay of the evidence', () => {
    expect(verifyEvidence(evidence).batches).toBe(30)
    for (const change of [{ alpha: 0.05 }, { harmRatios: [1.5, 2, 3] }, { windowMs: 5000 }]) {
      expect(() => verifyEvidence({ ...evidence, rule: { ...rule, ...change } })).toThrow(/but its counts say/)
    }
  })

  it('as do counts that were changed', () => {
    const altered = entries.map((entry, index) => (index === 12 ? { ...entry, batch: batch('errors', 0, 4) } : entry))
    expect(() => verifyEvidence({ ...evidence, entries: altered })).toThrow(/but its counts say/)
  })
})

describe('trap 8: a canary that drags both versions down', () => {
  const guarded = ruleOf({ ...declared, errorLimit: 0.01 })
  const degraded = Array.from({ length: 40 }, () => batch('errors', 2, 18))
  const recovered = Array.from({ length: 200 }, () => batch('errors', 0, 0))

  it('is held by the absolute limit and not blamed', () => {
    expect(judge(guarded, degraded)).toBe('over-limit')
  })

  it('which comparing alone would not see: the negative control', () => {
    expect(['continue', 'safe']).toContain(judge(rule, degraded))
  })

  it('is let go when both keep the limit again', () => {
    expect(judge(guarded, [...degraded, ...recovered])).not.toBe('over-limit')
  })
})
