/**
 * Kayenta's judge (NetflixACAJudge-v1.0), ported from `MannWhitneyClassifier.scala`, `EffectSizes.scala`,
 * `WeightedSumScorer.scala` and `ThresholdScoreClassifier.scala`, github.com/spinnaker/kayenta at
 * a69573be9d8fededacf80817e4151a2c8df41276 (Apache-2.0, Copyright Netflix, Inc.).
 */
import { averageRanks, mannWhitney } from './mann-whitney.ts'

export type Label = 'Pass' | 'High' | 'Low' | 'Nodata' | 'NodataFailMetric' | 'Error'

/** Parameters of the classifier; the judge passes tolerance 0.25 and confidence 0.98, whatever is configured. */
export interface ClassifierOptions {
  readonly tolerance?: number
  readonly confLevel?: number
  readonly effectSizeThresholds?: readonly [number, number]
  readonly criticalThresholds?: readonly [number, number]
  readonly effectSizeMeasure?: 'meanRatio' | 'cles'
  readonly direction: 'Increase' | 'Decrease' | 'Either'
  readonly nanStrategy?: 'Remove' | 'Replace'
  readonly isCritical?: boolean
  readonly isDataRequired?: boolean
  /** Standard normal noise, added to constant samples. */
  readonly noise: () => number
}

export interface Classification {
  readonly label: Label
  readonly critical: boolean
  readonly deviation: number
}

/** NetflixACAJudge.classifyMetric around the classifier: what it throws becomes the label Error, which the scorer does not count. */
export function judgeMetric(
  control: readonly number[],
  experiment: readonly number[],
  options: ClassifierOptions,
): Classification {
  try {
    return classify(control, experiment, options)
  } catch {
    return { label: 'Error', critical: false, deviation: Number.NaN }
  }
}

/** MannWhitneyClassifier.classify. */
export function classify(
  control: readonly number[],
  experiment: readonly number[],
  options: ClassifierOptions,
): Classification {
  const { nanStrategy = 'Remove', isCritical = false, isDataRequired = false } = options
  if (experiment.length === 0 || control.length === 0) {
    if (nanStrategy === 'Replace') return { label: 'Pass', critical: false, deviation: 1 }
    if (isDataRequired && !isCritical) return { label: 'NodataFailMetric', critical: false, deviation: 1 }
    return { label: 'Nodata', critical: isCritical, deviation: 1 }
  }
  const sorted = (values: readonly number[]): string => values.toSorted((a, b) => a - b).join()
  if (sorted(experiment) === sorted(control)) return { label: 'Pass', critical: false, deviation: 1 }
  if (new Set([...experiment, ...control]).size === 1) return { label: 'Pass', critical: false, deviation: 1 }
  const { label, deviation, effectSize } = compare(control, experiment, options)
  const [criticalLow, criticalHigh] = options.criticalThresholds ?? [1, 1]
  const critical =
    isCritical &&
    ((label === 'High' && (Number.isNaN(effectSize) || effectSize >= criticalHigh)) ||
      (label === 'Low' && (Number.isNaN(effectSize) || effectSize <= criticalLow)))
  return { label, critical, deviation }
}

function compare(
  control: readonly number[],
  experiment: readonly number[],
  options: ClassifierOptions,
): { readonly label: Label; readonly deviation: number; readonly effectSize: number } {
  const { tolerance = 0.25, confLevel = 0.95, direction, noise } = options
  const isConstant = new Set(experiment).size === 1 && new Set(control).size === 1
  const jitter = (values: readonly number[]): readonly number[] =>
    isConstant ? values.map((value) => value + noise() * (values[0] ?? 0) * 1e-5) : values
  const [x, y] = [jitter(experiment), jitter(control)]
  const { low, high, estimate } = mannWhitney(x, y, confLevel)
  const bound = tolerance * Math.abs(estimate)
  const deviation = meanRatio(y, x)
  const effectSize = options.effectSizeMeasure === 'cles' ? commonLanguage(y, x) : deviation
  const [allowedLow, allowedHigh] = options.effectSizeThresholds ?? [1, 1]
  const isHigh = direction !== 'Decrease' && low > bound && (Number.isNaN(effectSize) || effectSize >= allowedHigh)
  const isLow = direction !== 'Increase' && high < -bound && (Number.isNaN(effectSize) || effectSize <= allowedLow)
  return { label: isHigh ? 'High' : isLow ? 'Low' : 'Pass', deviation, effectSize }
}

/** EffectSizes.meanRatio: experiment over control, NaN when either mean is 0. */
export function meanRatio(control: readonly number[], experiment: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const [c, e] = [mean(control), mean(experiment)]
  return c === 0 || e === 0 ? Number.NaN : e / c
}

/** EffectSizes.cles: P(experiment > control), Vargha & Delaney (2000). */
export function commonLanguage(control: readonly number[], experiment: readonly number[]): number {
  const { ranks } = averageRanks([...experiment, ...control])
  const [m, n] = [experiment.length, control.length]
  const sum = ranks.slice(0, m).reduce((total, rank) => total + rank, 0)
  return (2 * sum - m * (m + 1)) / (2 * n * m)
}

/** One metric's result, with the groups that it counts in. */
export interface MetricResult {
  readonly label: Label
  readonly groups: readonly string[]
  readonly critical?: boolean
}

/** WeightedSumScorer.score: 0 to 100. */
export function score(results: readonly MetricResult[], weights: Readonly<Record<string, number>> = {}): number {
  if (results.some(({ critical, label }) => critical === true && label !== 'Pass')) return 0
  if ((results.filter(({ label }) => label === 'Nodata').length / results.length) * 100 >= 50) return 0
  const groups = [...new Set(results.flatMap((result) => result.groups))]
  const weighed = Object.values(weights).reduce((sum, weight) => sum + weight, 0)
  const others = groups.filter((group) => weights[group] === undefined).length
  const rest = others > 0 ? (100 - weighed) / others : 0
  const total = groups.reduce((sum, group) => sum + (groupScore(results, group) * (weights[group] ?? rest)) / 100, 0)
  return Math.round(total * 100) / 100
}

/** A group without data counts 100. */
function groupScore(results: readonly MetricResult[], group: string): number {
  const labels = results.filter(({ groups }) => groups.includes(group)).map(({ label }) => label)
  const counted = labels.filter((label) => label !== 'Nodata' && label !== 'Error')
  if (counted.length === 0) return 100
  return (counted.filter((label) => label === 'Pass').length / counted.length) * 100
}

/** ThresholdScoreClassifier.classify. */
export function classifyScore(value: number, pass: number, marginal: number): 'Pass' | 'Marginal' | 'Fail' {
  if (value >= pass) return 'Pass'
  return value >= marginal ? 'Marginal' : 'Fail'
}
