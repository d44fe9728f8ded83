import { requestsToDetect } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { logHarmCost } from './account.ts'
import type { Batch } from './batch.ts'
import { ruleOf } from './defaults.ts'
import { growthPerSecond } from './growth.ts'
import { planRelease, secondsToHarm } from './plan.ts'
import { planSentences } from './plan-sentences.ts'
import { proposeShares, trafficToDetect } from './plan-traffic.ts'
import type { MetricRule, Rule } from './rule.ts'
import { beginVerdict } from './state.ts'
import { step } from './step.ts'
import { logGrowths } from './wager.ts'

const rule = ruleOf({
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1, 0.5],
  sticky: false,
  latency: [],
  counters: [],
  requestTimeoutMs: 10_000,
})

function metricOf(used: Rule): MetricRule {
  const [metric] = used.metrics
  if (metric === undefined) throw new Error('a rule has a metric')
  return metric
}

function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Median time until harm is called, s, over simulated releases. */
function simulated(used: Rule, share: number, ratio: number, rps: number, rate: number, runs: number): number {
  const random = seeded(42)
  const poisson = (mean: number): number => {
    let count = 0
    for (let left = Math.exp(-mean), product = random(); product > left; product *= random()) count++
    return count
  }
  const times = Array.from({ length: runs }, () => {
    let state = beginVerdict(used)
    for (let second = 1; second < 4000; second++) {
      const counts = [
        { share, canary: poisson(rps * share * rate * ratio), baseline: poisson(rps * (1 - share) * rate) },
      ]
      const batch: Batch = {
        at: 0,
        elapsedMs: 1000,
        source: 'read',
        draws: [],
        ended: { canary: 1, baseline: 1 },
        events: [{ metric: 'errors', counts }],
      }
      const taken = step(state, batch)
      state = taken.state
      if (taken.decision.kind === 'harmful') return second
    }
    return Infinity
  }).sort((a, b) => a - b)
  return times[Math.floor(runs / 2)] ?? Infinity
}

describe('the planner', () => {
  it.each([
    [0.1, 4, 10, 0.005],
    [0.1, 10, 10, 0.005],
    [0.5, 2, 100, 0.005],
    [0.1, 4, 100, 0.02],
  ])(
    'foretells the median time of the rule itself: share %d, %d×, %d requests/s, rate %d',
    (share, ratio, rps, rate) => {
      const planned = secondsToHarm(rule, metricOf(rule), share, ratio, rps * rate, rate)
      const found = simulated(rule, share, ratio, rps, rate, 41)
      expect(found / planned).toBeGreaterThan(0.5)
      expect(found / planned).toBeLessThan(1.6)
    },
  )

  it('agrees with the closed formula where every event counts', () => {
    const each: Rule = { ...rule, metrics: rule.metrics.map((metric) => ({ ...metric, count: 'each' })) }
    const metric = metricOf(each)
    const seconds = secondsToHarm(each, metric, 0.1, 2, 100 * 0.005, 0.005)
    const bets = Math.exp(logHarmCost(each, metric) - Math.log(1 / each.alpha))
    const requests = requestsToDetect({ ratio: 2, share: 0.1, baseRate: 0.005, alpha: each.alpha, bets })
    expect(seconds * 100).toBeCloseTo(requests, 3)
  })

  it('tells what is found when, what is not, and what would help', () => {
    const plan = planRelease(rule, { requestsPerSecond: 10, rates: { errors: 0.005 } })
    const lines = planSentences(plan)
    expect(lines[0]).toContain('at most 1 % of harmless releases are rolled back')
    expect(lines.join('\n')).toMatch(/10 %: .*\n {2}errors \(0\.5 % today\): 10× found in .*; 2× not within 20 min/)
    expect(lines.at(-1)).toMatch(/^2× on errors needs [\d.]+ requests\/s at 50 %: inject/)
  })

  it('sizes the load to inject so that the ratio is just found by the deadline', () => {
    const traffic = { requestsPerSecond: 10, rates: { errors: 0.005 } }
    const { requestsPerSecond, inject } = trafficToDetect(rule, traffic, 'errors', 2, 1)
    expect(inject).toBeCloseTo((requestsPerSecond ?? 0) - 10, 6)
    const seconds = secondsToHarm(rule, metricOf(rule), 0.5, 2, (requestsPerSecond ?? 0) * 0.005, 0.005)
    expect(seconds).toBeCloseTo(1200, 0)
    expect(trafficToDetect(rule, traffic, 'nothing', 2, 1)).toEqual({ requestsPerSecond: null, inject: null })
    expect(trafficToDetect(rule, { ...traffic, requestsPerSecond: 1e5 }, 'errors', 4, 1).inject).toBe(0)
  })

  it('proposes the smallest share that finds the harm in time, and half', () => {
    const traffic = (requestsPerSecond: number) => ({ requestsPerSecond, rates: { errors: 0.005 } })
    expect(proposeShares(rule, traffic(2000), 'errors', 4)).toEqual([0.01, 0.5])
    expect(proposeShares(rule, traffic(0.1), 'errors', 4)).toEqual([0.5])
    const [first = 0] = proposeShares(rule, traffic(20), 'errors', 4)
    expect(first).toBeGreaterThan(0.01)
    expect(first).toBeLessThan(0.5)
  })

  it('says when no amount of traffic would help', () => {
    const short = { ...rule, steps: [{ share: 0.1, deadlineMs: 4000, minRequests: 0 }] }
    const plan = planRelease(short, { requestsPerSecond: 50, rates: { errors: 0.005 } })
    expect(planSentences(plan).at(-1)).toContain('can’t be found within the deadline at any traffic')
  })
})

describe('growthPerSecond', () => {
  it('agrees with simulation for votes of few and of many events', () => {
    const wager = { nullRatio: 1, alternatives: [3], count: 'vote' } as const
    for (const eventsPerSecond of [0.2, 3, 400]) {
      const flow = { eventsPerSecond, ratio: 3, share: 0.2, windowSeconds: 2 }
      const random = seeded(9)
      const theta = 0.6 / 1.4
      let sum = 0
      const windows = eventsPerSecond > 100 ? 300 : 20_000
      for (let window = 0; window < windows; window++) {
        let events = 0
        let waited = -Math.log(random())
        while (waited < eventsPerSecond * 2) {
          events++
          waited += -Math.log(random())
        }
        let canary = 0
        for (let event = 0; event < events; event++) if (random() < theta) canary++
        sum += logGrowths(wager, [{ share: 0.2, canary, baseline: events - canary }])[0] ?? 0
      }
      const expected = sum / windows / 2
      expect(growthPerSecond(wager, 3, flow) / expected).toBeGreaterThan(0.95)
      expect(growthPerSecond(wager, 3, flow) / expected).toBeLessThan(1.05)
    }
  })
})
