import { describe, expect, it } from 'vitest'
import {
  type ArgoMetric,
  type ArgoResult,
  assessMetricStatus,
  evaluateResult,
  noMeasurements,
  type Phase,
  record,
} from './argo.ts'

const result = (phase: Phase, change: Partial<ArgoResult>): ArgoResult => ({
  ...noMeasurements,
  phase: 'Running',
  measurements: [phase],
  ...change,
})

/** Asserts both forms, as the original tests do: while running, and when told to stop. */
function assesses(metric: ArgoMetric<number>, held: ArgoResult, running: Phase, terminated: Phase): void {
  expect(assessMetricStatus(metric, held, false)).toBe(running)
  expect(assessMetricStatus(metric, held, true)).toBe(terminated)
}

describe('the port of Argo’s assessMetricStatus agrees with analysis_test.go', () => {
  it('TestAssessMetricStatusNoMeasurements', () => {
    assesses({}, noMeasurements, 'Pending', 'Successful')
  })

  it('TestAssessMetricStatusInFlightMeasurement', () => {
    assesses({}, result('Running', { measurements: ['Successful', 'Running'] }), 'Running', 'Running')
  })

  it('TestAssessMetricStatusFailureLimit', () => {
    const held = result('Failed', { failed: 3, count: 3 })
    assesses({ failureLimit: 2 }, held, 'Failed', 'Failed')
    assesses({ failureLimit: 3 }, held, 'Running', 'Successful')
  })

  it('TestAssessMetricStatusConsecutiveSuccessLimit', () => {
    const held = result('Failed', { failed: 3, successful: 4, consecutiveSuccess: 3, count: 7 })
    const metric = { failureLimit: -1 }
    assesses({ ...metric, consecutiveSuccessLimit: 3 }, held, 'Successful', 'Successful')
    assesses({ ...metric, consecutiveSuccessLimit: 5 }, held, 'Running', 'Successful')
    assesses({ ...metric, consecutiveSuccessLimit: 5, count: 7 }, held, 'Failed', 'Failed')
    assesses({ ...metric, consecutiveSuccessLimit: 3, count: 7 }, held, 'Successful', 'Successful')
    assesses({ ...metric, consecutiveSuccessLimit: 3, count: 9 }, held, 'Successful', 'Successful')
    assesses({ ...metric, consecutiveSuccessLimit: 5, count: 9 }, held, 'Running', 'Successful')
  })

  it('TestAssessMetricStatusFailureLimitAndConsecutiveSuccessLimit', () => {
    const metric = { failureLimit: 4, consecutiveSuccessLimit: 4 }
    const held = (failed: number, successful: number, count: number, consecutiveSuccess: number) =>
      result('Failed', { failed, successful, count, consecutiveSuccess })
    assesses(metric, held(3, 4, 7, 3), 'Running', 'Successful')
    assesses(metric, held(5, 9, 9, 0), 'Failed', 'Failed')
    assesses(metric, held(3, 5, 8, 4), 'Successful', 'Successful')
    assesses(metric, held(5, 5, 10, 4), 'Failed', 'Failed')
    const limited = { ...metric, count: 10 }
    assesses(limited, held(4, 6, 10, 3), 'Inconclusive', 'Inconclusive')
    assesses(limited, held(5, 5, 10, 3), 'Failed', 'Failed')
    assesses(limited, held(4, 6, 10, 4), 'Successful', 'Successful')
    assesses(limited, held(5, 5, 10, 4), 'Failed', 'Failed')
    assesses(limited, held(3, 5, 8, 3), 'Running', 'Successful')
    assesses(limited, held(5, 3, 8, 3), 'Failed', 'Failed')
    assesses(limited, held(3, 5, 8, 4), 'Successful', 'Successful')
    assesses(limited, held(5, 4, 9, 4), 'Failed', 'Failed')
  })

  it('TestAssessMetricStatusInconclusiveLimit', () => {
    const held = result('Inconclusive', { inconclusive: 3, count: 3 })
    assesses({ inconclusiveLimit: 2 }, held, 'Inconclusive', 'Inconclusive')
    assesses({ inconclusiveLimit: 3 }, held, 'Running', 'Successful')
  })

  it('TestAssessMetricStatusConsecutiveErrors', () => {
    assesses({}, result('Error', { consecutiveError: 5, count: 5 }), 'Error', 'Error')
    assesses({}, result('Error', { consecutiveError: 4, count: 5 }), 'Running', 'Successful')
  })

  it('TestAssessMetricStatusCountReached', () => {
    expect(assessMetricStatus({ count: 10 }, result('Successful', { successful: 10, count: 10 }), false)).toBe(
      'Successful',
    )
    const mixed = result('Successful', { successful: 5, inconclusive: 5, count: 10 })
    expect(assessMetricStatus({ count: 10 }, mixed, false)).toBe('Inconclusive')
  })
})

describe('the port of Argo’s EvaluateResult agrees with evaluate_test.go', () => {
  const yes = (): boolean => true
  const no = (): boolean => false
  const invalid = (): boolean => {
    throw new ReferenceError('unknown name a')
  }
  it.each<[string, ArgoMetric<boolean>, Phase]>([
    ['TestEvaluateResultWithSuccess', { successCondition: yes, failureCondition: no }, 'Successful'],
    ['TestEvaluateResultWithFailure', { successCondition: yes, failureCondition: yes }, 'Failed'],
    ['TestEvaluateResultInconclusive', { successCondition: no, failureCondition: no }, 'Inconclusive'],
    ['TestEvaluateResultNoSuccessConditionAndNotFailing', { failureCondition: no }, 'Successful'],
    ['TestEvaluateResultNoFailureConditionAndNotSuccessful', { successCondition: no }, 'Failed'],
    ['TestEvaluateResultNoFailureConditionAndNoSuccessCondition', {}, 'Successful'],
    ['TestEvaluateResultWithErrorOnSuccessCondition', { successCondition: invalid, failureCondition: yes }, 'Error'],
    ['TestEvaluateResultWithErrorOnFailureCondition', { successCondition: yes, failureCondition: invalid }, 'Error'],
  ])('%s', (_, metric, phase) => {
    expect(evaluateResult(true, metric)).toBe(phase)
  })
})

describe('an Argo metric', () => {
  it('counts failures over the whole run, whatever succeeds between', () => {
    const metric: ArgoMetric<number> = { successCondition: (rate) => rate >= 0.95, failureLimit: 1 }
    let held = noMeasurements
    for (const value of [0.9, 1, 1, 0.94]) held = record(held, evaluateResult(value, metric))
    expect(held).toMatchObject({ failed: 2, successful: 2, count: 4 })
    expect(assessMetricStatus(metric, held, false)).toBe('Failed')
  })
})
