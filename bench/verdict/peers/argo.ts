/**
 * Argo Rollouts' decision functions, ported line by line: `utils/evaluate/evaluate.go` (EvaluateResult), `analysis/analysis.go`
 * (assessMetricStatus, assessMetricFailureInconclusiveOrError, the counters of runMeasurements) and `utils/defaults/defaults.go`,
 * github.com/argoproj/argo-rollouts at 9f8d111d8f8e3e88b6d7f8bbdf62fd3cd863ef9d (Apache-2.0).
 */

export type Phase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive'

/** A condition on the value of a measurement; it throws where the expression could not be evaluated. */
export type Condition<T> = (result: T) => boolean

/** The fields of an analysis template's metric that decide. */
export interface ArgoMetric<T> {
  readonly successCondition?: Condition<T>
  readonly failureCondition?: Condition<T>
  /** Default 0; negative: does not apply. */
  readonly failureLimit?: number
  /** Default 0. */
  readonly inconclusiveLimit?: number
  /** Default 4. */
  readonly consecutiveErrorLimit?: number
  readonly consecutiveSuccessLimit?: number
  /** Number of measurements; absent: runs until terminated. */
  readonly count?: number
}

/** What an analysis run keeps of a metric. */
export interface ArgoResult {
  readonly phase: Phase
  readonly measurements: readonly Phase[]
  readonly count: number
  readonly successful: number
  readonly failed: number
  readonly inconclusive: number
  readonly error: number
  readonly consecutiveError: number
  readonly consecutiveSuccess: number
}

/** Before the first measurement. */
export const noMeasurements: ArgoResult = {
  phase: 'Pending',
  measurements: [],
  count: 0,
  successful: 0,
  failed: 0,
  inconclusive: 0,
  error: 0,
  consecutiveError: 0,
  consecutiveSuccess: 0,
}

/** EvaluateResult. */
export function evaluateResult<T>(result: T, metric: ArgoMetric<T>): Phase {
  let success = false
  let failure = false
  try {
    if (metric.successCondition) success = metric.successCondition(result)
    if (metric.failureCondition) failure = metric.failureCondition(result)
  } catch {
    return 'Error'
  }
  if (!metric.successCondition && !metric.failureCondition) return 'Successful'
  if (metric.successCondition && !metric.failureCondition) failure = !success
  if (!metric.successCondition && metric.failureCondition) success = !failure
  if (failure) return 'Failed'
  return success ? 'Successful' : 'Inconclusive'
}

/** The bookkeeping of runMeasurements for one completed measurement. */
export function record(result: ArgoResult, phase: Phase): ArgoResult {
  const measurements = [...result.measurements, phase].slice(-10)
  switch (phase) {
    case 'Successful':
      return {
        ...result,
        measurements,
        successful: result.successful + 1,
        count: result.count + 1,
        consecutiveSuccess: result.consecutiveSuccess + 1,
        consecutiveError: 0,
      }
    case 'Failed':
      return {
        ...result,
        measurements,
        failed: result.failed + 1,
        count: result.count + 1,
        consecutiveSuccess: 0,
        consecutiveError: 0,
      }
    case 'Inconclusive':
      return {
        ...result,
        measurements,
        inconclusive: result.inconclusive + 1,
        count: result.count + 1,
        consecutiveSuccess: 0,
        consecutiveError: 0,
      }
    case 'Error':
      return {
        ...result,
        measurements,
        error: result.error + 1,
        consecutiveSuccess: 0,
        consecutiveError: result.consecutiveError + 1,
      }
    case 'Pending':
    case 'Running':
      return { ...result, measurements }
    default:
      return phase satisfies never
  }
}

/** assessMetricFailureInconclusiveOrError: later checks overwrite earlier ones. */
export function assessLimits<T>(metric: ArgoMetric<T>, result: ArgoResult): Phase | undefined {
  let phase: Phase | undefined
  const failureLimit = metric.failureLimit ?? 0
  if (failureLimit >= 0 && result.failed > failureLimit) phase = 'Failed'
  if (result.inconclusive > (metric.inconclusiveLimit ?? 0)) phase = 'Inconclusive'
  if (result.consecutiveError > (metric.consecutiveErrorLimit ?? 4)) phase = 'Error'
  return phase
}

/** assessMetricStatus. */
export function assessMetricStatus<T>(metric: ArgoMetric<T>, result: ArgoResult, terminating: boolean): Phase {
  if (['Successful', 'Failed', 'Error', 'Inconclusive'].includes(result.phase)) return result.phase
  if (result.measurements.length === 0) return terminating ? 'Successful' : 'Pending'
  const last = result.measurements.at(-1)
  if (last === 'Running' || last === 'Pending') return 'Running'
  const limits = assessLimits(metric, result)
  if (limits !== undefined) return limits
  const wanted = metric.consecutiveSuccessLimit
  if (wanted !== undefined && wanted > 0 && result.consecutiveSuccess >= wanted) return 'Successful'
  if (metric.count !== undefined && result.count >= metric.count) {
    const failureApplies = metric.failureLimit === undefined || metric.failureLimit >= 0
    const successApplies = wanted !== undefined && wanted > 0
    if (failureApplies && successApplies) return 'Inconclusive'
    return successApplies ? 'Failed' : 'Successful'
  }
  return terminating ? 'Successful' : 'Running'
}
