import { describe, expect, it } from 'vitest'
import { changedByReplay } from './cost.ts'
import { falseRollbacks } from './false-rollbacks.ts'
import { harmDone } from './harm.ts'
import { falseRollbacksByLooks } from './looks.ts'
import { replayOurs, rollbacksByAlpha, ruleFor } from './ours.ts'
import { leadReleases } from './promotion.ts'
import { releases } from './sample.ts'
import { plain, type Scenario } from './scenario.ts'
import { nullScenarios, regressionScenarios } from './scenarios.ts'

const few = { ours: 30, others: 30, kayenta: 3 }

function named(scenarios: readonly Scenario[], name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name)
  if (found === undefined) throw new Error(`the benchmark has no scenario "${name}"`)
  return found
}

/**
 * The statistical regression test: a small form of the benchmark. One seed, so the same numbers each time; a change of the rule
 * that makes it worse moves them past these bounds.
 */
describe('the verdict, on simulated releases', () => {
  it.each([
    'null 0.5 % at 10/s',
    'null 2 % at 100/s',
    'shared incident at 100/s',
    'errors in clumps of 20',
    'bursts of 10 from one replica',
    'one abusive sticky client',
    'cold start: 4 times slower for 25 s',
  ])('does not roll back a good release: %s', (name) => {
    expect(falseRollbacks(named(nullScenarios(), name), [], few, 4).ours.rate).toBe(0)
  })

  it.each([
    // Requests harmed per release before the rollback: the long benchmark's mean, and a fifth more.
    ['2× of 0.5 % at 100/s', 36],
    ['4× of 0.5 % at 100/s', 16],
    ['10× of 0.5 % at 10/s', 9],
    ['20× of 0.1 % at 100/s', 8],
    ['bug that begins at minute 8 (4×)', 34],
    ['4× during a shared incident', 16],
    ['3 % of requests 1 s slower', 8],
    ['10 % of requests hang', 11],
  ])('stops a bad release in time: %s harms at most %d requests', (name, most) => {
    const { ours } = harmDone(named(regressionScenarios(), name), [], {}, few, 4)
    expect(ours.rolledBack).toBe(1)
    expect(ours.harmed).toBeLessThan(most)
  })

  it('is not moved by looking more often, as a z-test is', () => {
    const rows = falseRollbacksByLooks(40, 4)
    const [once, often] = [rows[0]?.rates, rows.at(-1)?.rates]
    expect(often?.ours?.rate).toBeLessThanOrEqual(1 / 40)
    expect(often?.['z-test, p < 0.05']?.rate).toBeGreaterThan(2 * (once?.['z-test, p < 0.05']?.rate ?? 1) + 0.1)
  })

  it('promotes good releases where there is traffic, and none that are twice as bad', () => {
    const rule = ruleFor(plain('', { rps: 100, errorRate: 0.02 }))
    const lead = (ratio: number) => leadReleases(rule, { rps: 100, errorRate: 0.02, ratio }, 12, 4)
    expect(lead(1).promoted.rate).toBeGreaterThan(0.9)
    expect(lead(2).promoted.rate).toBe(0)
  })

  it('decides the same when its evidence is replayed', () => {
    const { changed, decisions } = changedByReplay(named(regressionScenarios(), '4× of 0.5 % at 100/s'), 4)
    expect(changed).toBe(0)
    expect(decisions).toBe(300)
  })

  it('is rightly measured: counting each failure of a burst rolls back good releases', () => {
    const scenario = named(nullScenarios(), 'bursts of 10 from one replica')
    const rule = ruleFor(scenario)
    const naive = { ...rule, metrics: rule.metrics.map((metric) => ({ ...metric, count: 'each' as const })) }
    const rolledBack = [...releases(scenario, 30, 4)].filter((log) => replayOurs(naive, log).rolledBackAt !== null)
    expect(rolledBack.length).toBeGreaterThan(3)
  })
})

describe('reading one replay at several α', () => {
  it('rolls back when the rule with that α does', () => {
    const scenario = named(regressionScenarios(), '4× of 0.5 % at 100/s')
    for (const log of releases(scenario, 5, 4)) {
      const read = rollbacksByAlpha(scenario, log)
      for (const alpha of [0.01, 0.05]) {
        expect(read.get(alpha) ?? null).toBe(replayOurs(ruleFor(scenario, { alpha }), log).rolledBackAt)
      }
    }
  })
})
