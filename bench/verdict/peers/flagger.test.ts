import { describe, expect, it } from 'vitest'
import { type FlaggerAnalysis, type FlaggerState, metricPasses, tick } from './flagger.ts'

describe('the port of Flagger’s checks agrees with scheduler_metrics_test.go, whose server always answers 100', () => {
  it.each([
    ['builtinMetric', { name: 'request-success-rate', min: 0, max: 100 }, true],
    ['customVariables', { name: '', min: 0, max: 100 }, true],
    ['no metric Template is defined, but a query is specified', { name: 'undefined metric', min: 0, max: 100 }, true],
    ['failed canary rollback with count metrics', { name: 'fail', min: 0, max: 50 }, false],
    ['the deprecated threshold of the fixture (99)', { name: 'request-success-rate', threshold: 99 }, true],
  ])('%s', (_, metric, passes) => {
    expect(metricPasses(metric, 100)).toBe(passes)
  })

  it('takes no values found for a failed check', () => {
    expect(metricPasses({ name: 'request-success-rate', min: 99 }, null)).toBe(false)
    expect(metricPasses({ name: 'request-success-rate', min: 99 }, Number.NaN)).toBe(false)
  })
})

describe('the port of Flagger’s advanceCanary agrees with scheduler_deployment_test.go', () => {
  const analysis: FlaggerAnalysis = {
    threshold: 10,
    stepWeight: 10,
    maxWeight: 50,
    metrics: [{ name: 'request-success-rate', threshold: 99 }],
  }
  const begun: FlaggerState = { phase: 'Progressing', weight: 0, failedChecks: 0 }

  it('TestScheduler_DeploymentRollback: ten failed checks of a threshold of ten end in Failed on the next tick', () => {
    const failing = { ...analysis, metrics: [...analysis.metrics, { name: 'fail', min: 0, max: 50 }] }
    expect(tick(failing, { ...begun, failedChecks: 10 }, () => 100).phase).toBe('Failed')
  })

  it('TestScheduler_DeploymentAnalysisPhases: a step of 100 goes to 100, then to promotion', () => {
    const whole = { ...analysis, stepWeight: 100, maxWeight: 100 }
    const first = tick(whole, begun, () => 100)
    expect(first).toMatchObject({ phase: 'Progressing', weight: 100 })
    expect(tick(whole, first, () => 100).phase).toBe('Promoting')
  })

  it('TestScheduler_DeploymentNewRevisionReset: the first step routes 10 %', () => {
    expect(tick(analysis, begun, () => 100).weight).toBe(10)
  })

  it('keeps the weight on a failed check and never forgives one', () => {
    let state = tick(analysis, begun, () => 100)
    for (const value of [98, 100, 98, 100]) state = tick(analysis, state, () => value)
    expect(state).toEqual({ phase: 'Progressing', weight: 30, failedChecks: 2 })
    expect(
      tick({ ...analysis, threshold: 0 }, { ...state, failedChecks: 1 }, () => 100).phase,
      'threshold 0 means 1',
    ).toBe('Failed')
  })
})
