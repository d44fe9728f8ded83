/**
 * Flagger's decision functions, ported from `pkg/controller/scheduler.go` (advanceCanary, runAnalysis) and
 * `pkg/controller/scheduler_metrics.go` (the threshold checks), github.com/fluxcd/flagger at
 * 15bd6ad555e6c935da55f0ab95977be74c149bd6 (Apache-2.0): a failed check is counted, never forgiven, and looked at on the next tick.
 */

/** One metric of a canary analysis. */
export interface FlaggerMetric {
  readonly name: string
  readonly min?: number
  readonly max?: number
  /** Deprecated single threshold; a success rate must reach it, anything else must stay below. */
  readonly threshold?: number
}

/** Whether one metric passes; `null` is the provider's ErrNoValuesFound (no series, or NaN). */
export function metricPasses(metric: FlaggerMetric, value: number | null): boolean {
  if (value === null || Number.isNaN(value)) return false
  if (metric.min !== undefined || metric.max !== undefined) {
    if (metric.min !== undefined && value < metric.min) return false
    return !(metric.max !== undefined && value > metric.max)
  }
  const threshold = metric.threshold ?? 0
  return metric.name === 'request-success-rate' ? !(threshold > value) : !(value > threshold)
}

/** What the canary's status keeps between ticks. */
export interface FlaggerState {
  readonly phase: 'Progressing' | 'Promoting' | 'Failed'
  readonly weight: number
  readonly failedChecks: number
}

/** The analysis section of a canary. */
export interface FlaggerAnalysis {
  /** Failed checks before rollback; GetAnalysisThreshold turns 0 into 1. */
  readonly threshold: number
  readonly stepWeight: number
  readonly maxWeight: number
  readonly metrics: readonly FlaggerMetric[]
}

/** One tick of advanceCanary in its progressing phase; `value` reads a metric of the last interval. */
export function tick(
  analysis: FlaggerAnalysis,
  state: FlaggerState,
  value: (metric: FlaggerMetric) => number | null,
): FlaggerState {
  if (state.phase !== 'Progressing') return state
  const threshold = analysis.threshold > 0 ? analysis.threshold : 1
  if (state.failedChecks >= threshold) return { ...state, phase: 'Failed', weight: 0 }
  const isFirst = state.weight === 0
  if (!isFirst && !analysis.metrics.every((metric) => metricPasses(metric, value(metric)))) {
    return { ...state, failedChecks: state.failedChecks + 1 }
  }
  if (state.weight < analysis.maxWeight) return { ...state, weight: Math.min(100, state.weight + analysis.stepWeight) }
  return { ...state, phase: 'Promoting' }
}
