import { describe, expect, it } from 'vitest'
import { ruleOf, type VerdictDeclaration } from './defaults.ts'
import type { Rule } from './rule.ts'
import { checkRule, ruleFaults } from './rule-check.ts'
import { beginVerdict } from './state.ts'

const declared: VerdictDeclaration = {
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1, 0.5],
  sticky: false,
  latency: [{ boundMs: 200 }, { boundMs: 500, limit: 0.05 }],
  counters: [{ name: 'restarts', refused: 3 }],
  requestTimeoutMs: 30_000,
  errorLimit: 0.01,
}
const rule = ruleOf(declared)
const [errors] = rule.metrics
if (errors === undefined) throw new Error('a default rule judges errors')

describe('a rule', () => {
  it('made by default is free of contradictions, whatever was declared', () => {
    expect(ruleFaults(rule)).toEqual([])
    expect(ruleFaults(ruleOf({ ...declared, latency: [], counters: [] }))).toEqual([])
    expect(ruleFaults(ruleOf({ ...declared, tolerated: 1.5, refused: 4, sticky: true, combine: 'average' }))).toEqual(
      [],
    )
  })

  it('spends half of α on errors and treats a promised rate as limit and floor', () => {
    expect(errors).toMatchObject({ weight: 0.5, limit: 0.01, floor: 0.01, burnInMs: 0 })
    expect(rule.metrics.map(({ name }) => name)).toEqual([
      'errors',
      'rescued by another replica',
      'slower than 200 ms',
      'slower than 500 ms',
      'restarts',
    ])
    expect(rule.metrics.at(-1)).toMatchObject({ refused: 3, safety: false })
    expect(ruleOf({ ...declared, sticky: true }).unit).toBe('client')
  })

  it.each<[Partial<Rule>, RegExp]>([
    [{ alpha: 0 }, /alpha must lie between 0 and 1/],
    [{ windowMs: 0 }, /windowMs must be above 0/],
    [{ settleMs: -1 }, /settleMs/],
    [{ doubt: 1 }, /doubt must be above 1/],
    [{ canary: 'v1' }, /same version/],
    [{ steps: [] }, /at least one step/],
    [{ steps: [{ share: 0, deadlineMs: 1, minRequests: 0 }] }, /share must lie above 0/],
    [{ harmRatios: [0.5] }, /harmRatios/],
    [{ safeRatios: [{ ratio: 1, weight: 0.5 }] }, /weights of safeRatios/],
    [{ safeRatios: [{ ratio: 3, weight: 1 }] }, /refused ratio/],
    [{ metrics: [] }, /at least one metric/],
    [{ metrics: [{ ...errors, weight: 0.5 }] }, /sum to 1/],
    [{ metrics: [{ ...errors, weight: 1, safety: false }] }, /no step could ever pass/],
    [{ metrics: [{ ...errors, weight: 1, tolerated: 0.9 }] }, /tolerated ratio/],
    [{ metrics: [{ ...errors, weight: 1, tolerated: 3 }] }, /refused ratio/],
    [{ metrics: [{ ...errors, weight: 1, shares: 'counted' }] }, /votes need a coin/],
    [{ metrics: [{ ...errors, weight: 1, limit: 2 }] }, /limit must lie between/],
    [{ metrics: [{ ...errors, weight: 1, burnInMs: -1 }] }, /burn-in/],
    [{ metrics: [errors, errors] }, /same name/],
  ])('with %j is refused before the first request', (change, fault) => {
    expect(ruleFaults({ ...rule, ...change }).join('; ')).toMatch(fault)
    expect(() => checkRule({ ...rule, ...change })).toThrow(/cannot be used/)
    expect(() => beginVerdict({ ...rule, ...change })).toThrow(/cannot be used/)
  })
})
