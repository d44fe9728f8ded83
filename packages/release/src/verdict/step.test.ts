import { describe, expect, it } from 'vitest'
import { type Batch, unreadableBatch } from './batch.ts'
import { consequenceOf, type DecisionKind } from './decision.ts'
import { ruleOf, type VerdictDeclaration } from './defaults.ts'
import type { Rule } from './rule.ts'
import { beginVerdict, type VerdictState } from './state.ts'
import { advance, extend, step } from './step.ts'

const declared: VerdictDeclaration = {
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1, 0.5],
  sticky: false,
  latency: [{ boundMs: 500 }],
  counters: [{ name: 'restarts' }],
  requestTimeoutMs: 4000,
  warmUpMs: 0,
  deadlineMs: 300_000,
}
const rule: Rule = ruleOf(declared)

/** Two seconds of traffic at a share: requests on both arms, and failures and slow answers as [canary, baseline]. */
function seconds(
  share: number,
  requests: readonly [number, number],
  errors: readonly [number, number] = [0, 0],
  slow: readonly [number, number] = [0, 0],
): Batch {
  const [canary, baseline] = requests
  return {
    at: 0,
    elapsedMs: 2000,
    source: 'read',
    draws: [{ share, canary, baseline }],
    ended: { canary, baseline },
    events: [
      { metric: 'errors', counts: [{ share, canary: errors[0], baseline: errors[1] }] },
      { metric: 'slower than 500 ms', counts: [{ share, canary: slow[0], baseline: slow[1] }] },
    ],
  }
}

/** Takes in the same batch until the decision changes from `while`, at most 200 times. */
function until(state: VerdictState, batch: Batch, kinds: readonly DecisionKind['kind'][] = ['continue', 'warming-up']) {
  let now = step(state, batch)
  for (let taken = 1; taken < 200 && kinds.includes(now.decision.kind); taken++) now = step(now.state, batch)
  return now
}

const healthy = seconds(0.1, [20, 180], [1, 9], [2, 18])

describe('the verdict', () => {
  it('rolls back when events fall on the canary, and says why', () => {
    const { state, decision } = until(beginVerdict(rule), seconds(0.1, [20, 180], [6, 2]))
    expect(decision).toMatchObject({ kind: 'harmful', metric: 'errors' })
    expect(consequenceOf(decision)).toBe('roll-back')
    expect(decision.sentence).toMatch(/^Roll back v2: "errors" fell on it \d+ of \d+ times, where its share explains/)
    expect(step(state, healthy).decision.kind, 'a harmful verdict does not change any more').toBe('harmful')
  })

  it('goes on when every metric has shown itself safe and enough requests were served', () => {
    const { decision } = until(beginVerdict(rule), healthy)
    expect(decision.kind).toBe('safe')
    expect(decision.sentence).toMatch(/^Go on: .* at 10 % showed every metric to be safe/)
    expect(decision.requests.canary).toBeGreaterThanOrEqual(100)
  })

  it('does not pass a step in doubt, however low the rate is', () => {
    // A promise of 20 % makes any of these rates safe, but they fall on the canary eight times as often.
    const promised = ruleOf({ ...declared, latency: [], errorLimit: 0.2 })
    const doubtful = seconds(0.1, [20, 180], [1, 1])
    const kinds = new Set<string>()
    let state = beginVerdict(promised)
    for (let taken = 0; taken < 12; taken++) {
      const now = step(state, { ...doubtful, events: doubtful.events.slice(0, 1) })
      state = now.state
      kinds.add(now.decision.kind)
      if ((now.decision.bars[0]?.harm ?? 0) >= 5) expect(now.decision.kind).not.toBe('safe')
    }
    expect(state.metrics[0]?.below.staked, 'the promise was being tested').not.toBeNull()
    expect([...kinds]).toEqual(['continue', 'harmful'])
  })

  it('does not count safety while slow failures may still be under way', () => {
    let state = beginVerdict({ ...rule, settleMs: 20_000 })
    for (let taken = 0; taken < 10; taken++) {
      const now = step(state, seconds(0.1, [20, 180], [0, 40], [0, 40]))
      expect(now.decision.bars.map(({ safety }) => safety)).toEqual([1, null, 1, null])
      state = now.state
    }
    expect(step(state, seconds(0.1, [20, 180], [0, 40], [0, 40])).decision.bars[0]?.safety).toBeGreaterThan(1)
  })

  it('asks for safety anew in each step', () => {
    const { state } = until(beginVerdict(rule), healthy)
    const next = step(advance(state), seconds(0.5, [100, 100], [5, 5], [10, 10]))
    expect(next.decision.kind).toBe('continue')
    expect(next.decision.bars[0]?.safety).toBe(1)
    expect(until(next.state, seconds(0.5, [100, 100], [5, 5], [10, 10])).decision.kind).toBe('safe')
  })

  it('carries evidence of harm from step to step', () => {
    let { state } = step(beginVerdict(rule), seconds(0.1, [20, 180], [5, 0]))
    const before = step(state, seconds(0.1, [20, 180])).decision.bars[0]?.harm ?? 0
    state = advance(state)
    expect(before).toBeGreaterThan(2)
    expect(step(state, seconds(0.5, [100, 100])).decision.bars[0]?.harm).toBe(before)
  })

  it('does not go beyond its last step', () => {
    expect(() => advance(advance(beginVerdict(rule)))).toThrow(/at step 2 of 2 already/)
  })

  it('is underpowered at the deadline, and follows the policy of the catalog', () => {
    const quiet = seconds(0.1, [2, 18])
    for (const [underpowered, consequence] of [
      ['hold', 'hold'],
      ['promote', 'go-on'],
      ['rollback', 'roll-back'],
    ] as const) {
      const { decision } = until(beginVerdict({ ...rule, underpowered }), quiet)
      expect(decision).toMatchObject({ kind: 'underpowered', stepElapsedMs: 300_000 })
      expect(consequenceOf(decision)).toBe(consequence)
    }
  })

  it('goes on judging when the deadline is extended', () => {
    const { state } = until(beginVerdict(rule), seconds(0.1, [2, 18]))
    expect(step(extend(state, 30_000), seconds(0.1, [2, 18])).decision.kind).toBe('continue')
  })

  it('calls a canary without requests no data, never safe', () => {
    const { decision } = until(beginVerdict({ ...rule, routingAlpha: 1e-12 }), seconds(0.1, [0, 1]))
    expect(decision.kind).toBe('no-data')
    expect(consequenceOf(decision)).toBe('hold')
    expect(decision.sentence).toContain('No data is no evidence of health')
  })

  it('calls routing broken when requests do not fall as the coin says, before it judges anything', () => {
    const { state, decision } = until(beginVerdict(rule), seconds(0.1, [40, 160], [30, 0]))
    expect(decision.kind).toBe('routing-broken')
    expect(decision.sentence).toContain('nothing is judged')
    expect(step(state, healthy).decision.kind).toBe('routing-broken')
  })

  it('holds while counters cannot be read, and judges on when they can', () => {
    const blind = until(beginVerdict(rule), unreadableBatch(0, 2000))
    expect(blind.decision).toMatchObject({ kind: 'source-down', stepElapsedMs: 30_000 })
    expect(until(blind.state, healthy, ['continue']).decision.kind).toBe('safe')
  })

  it('does not pass a step on old evidence while it is blind', () => {
    let state = beginVerdict({ ...rule, steps: rule.steps.map((held) => ({ ...held, minRequests: 240 })) })
    for (let taken = 0; taken < 11; taken++) state = step(state, healthy).state
    expect(step(state, unreadableBatch(0, 1)).decision.kind).toBe('continue')
  })

  it('makes the same decision whatever the size of the batches of one window', () => {
    const half = (batch: Batch): Batch => ({
      ...batch,
      elapsedMs: 1000,
      draws: batch.draws.map((count) => ({ ...count, canary: count.canary / 2, baseline: count.baseline / 2 })),
      ended: { canary: batch.ended.canary / 2, baseline: batch.ended.baseline / 2 },
      events: batch.events.map(({ metric, counts }) => ({
        metric,
        counts: counts.map((count) => ({ ...count, canary: count.canary / 2, baseline: count.baseline / 2 })),
      })),
    })
    const whole = seconds(0.1, [20, 180], [4, 8], [2, 18])
    let coarse = beginVerdict(rule)
    let fine = beginVerdict(rule)
    for (let taken = 0; taken < 5; taken++) {
      coarse = step(coarse, whole).state
      fine = step(step(fine, half(whole)).state, half(whole)).state
    }
    expect(fine.metrics).toEqual(coarse.metrics)
  })

  it('leaves a metric unjudged in its burn-in', () => {
    const late = ruleOf({ ...declared, warmUpMs: 10_000 })
    let state = beginVerdict(late)
    for (let taken = 0; taken < 5; taken++) state = step(state, seconds(0.1, [20, 180], [0, 0], [15, 0])).state
    expect(state.metrics[2]?.judged).toEqual([])
    expect(until(state, seconds(0.1, [20, 180], [0, 0], [15, 0])).decision.kind).toBe('harmful')
  })

  it('judges requests that somebody else split by what was counted, not by a share that may be wrong', () => {
    // Said to be 10 %, in truth 25 %: a good canary gets 25 % of the errors.
    const good = seconds(0.1, [50, 150], [1, 3])
    const bad = seconds(0.1, [50, 150], [3, 2])
    const elsewhere = ruleOf({ ...declared, latency: [], splitElsewhere: true })
    const only = (batch: Batch): Batch => ({ ...batch, draws: [], events: batch.events.slice(0, 1) })
    expect(until(beginVerdict(elsewhere), only(good)).decision.kind).toBe('safe')
    expect(until(beginVerdict(elsewhere), only(bad)).decision.kind).toBe('harmful')
    expect(
      until(beginVerdict(ruleOf({ ...declared, latency: [] })), only(good)).decision.kind,
      'the negative control',
    ).toBe('harmful')
  })

  it('weighs all metrics together under `average`', () => {
    const both = seconds(0.1, [20, 180], [1, 2], [1, 2])
    const apart = until(beginVerdict(rule), both).decision
    const together = until(beginVerdict({ ...rule, combine: 'average' }), both).decision
    expect(together.kind).toBe('harmful')
    expect(together.elapsedMs).toBeLessThanOrEqual(apart.elapsedMs)
  })

  it('refuses counts that do not fit the rule', () => {
    const state = beginVerdict(rule)
    const wrong: readonly Batch[] = [
      { ...healthy, events: [{ metric: 'made up later', counts: [] }] },
      seconds(0.1, [-1, 3]),
      seconds(1.5, [1, 3]),
      { ...healthy, elapsedMs: -5 },
    ]
    for (const batch of wrong) expect(() => step(state, batch)).toThrow(/does not fit its rule/)
  })

  it('is plain data: a state that went through JSON decides the same', () => {
    let state = beginVerdict(rule)
    for (let taken = 0; taken < 7; taken++) state = step(state, seconds(0.1, [20, 180], [2, 7], [1, 18])).state
    const again = JSON.parse(JSON.stringify(state)) as VerdictState
    expect(step(again, healthy)).toEqual(step(state, healthy))
  })
})
