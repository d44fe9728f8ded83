import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { diceOf } from '../dice.ts'
import {
  type Classification,
  classify,
  classifyScore,
  commonLanguage,
  type MetricResult,
  meanRatio,
  score,
} from './kayenta.ts'
import { brent, mannWhitney, normalQuantile, wilcoxonDiff } from './mann-whitney.ts'

/** Published cases, copied from the project's own test suites; each file names its source. */
function fixture<T>(name: string): T {
  return (JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8')) as { cases: T }).cases
}

interface ClassifierCase {
  readonly name: string
  readonly experiment: readonly number[]
  readonly control: readonly number[]
  readonly tolerance: number
  readonly confLevel: number
  readonly effectSizeThresholds: readonly [number, number]
  readonly criticalThresholds: readonly [number, number]
  readonly effectSizeMeasure: 'meanRatio' | 'cles'
  readonly direction: 'Increase' | 'Decrease' | 'Either'
  readonly nanStrategy: 'Remove' | 'Replace'
  readonly isCritical: boolean
  readonly expected: {
    readonly classification?: string
    readonly critical?: boolean
    readonly deviation?: number | 'NaN'
  }
}

describe('the port of Kayenta’s classifier agrees with ClassifierSuite.scala', () => {
  it.each(fixture<ClassifierCase[]>('kayenta-classifier'))('$name', ({ expected, experiment, control, ...options }) => {
    const found: Classification = classify(control, experiment, { ...options, noise: diceOf(1).normal })
    if (expected.classification !== undefined) expect(found.label).toBe(expected.classification)
    if (expected.critical !== undefined) expect(found.critical).toBe(expected.critical)
    if (expected.deviation !== undefined)
      expect(found.deviation).toBe(expected.deviation === 'NaN' ? Number.NaN : expected.deviation)
  })
})

describe('the port of Kayenta’s interval agrees with MannWhitneySuite.scala, which ties out with R', () => {
  interface Case {
    readonly name: string
    readonly arrays: Readonly<Record<string, readonly number[]>>
    readonly values: Readonly<Record<string, number>>
  }
  const cases = fixture<Case[]>('kayenta-mann-whitney')
  const named = (part: string): Case => {
    const found = cases.find(({ name }) => name.includes(part))
    if (found === undefined) throw new Error(`no case ${part}`)
    return found
  }
  const near = (found: number, expected: number, within = 1e-6): void => {
    expect(Math.abs(found - expected)).toBeLessThan(within)
  }

  it('Wilcoxon Diff Function', () => {
    const { x = [], y = [] } = named('Wilcoxon Diff').arrays
    near(wilcoxonDiff(0, 0, x, y), -1.229416)
    near(wilcoxonDiff(5, 0, x, y), -35.80606)
  })

  it('Test zQuant', () => {
    near(normalQuantile(0.01), -2.326348)
    near(normalQuantile(0.025), -1.9599639845400536, 1e-12)
  })

  it('Confidence Interval & Estimate', () => {
    const { experimentData = [], controlData = [] } = named('Interval & Estimate').arrays
    const found = mannWhitney(experimentData, controlData, 0.95)
    near(found.low, 6)
    near(found.high, 39)
    near(found.estimate, 22.5)
  })

  it.each([
    ['Problem Case', 0.98, -1.4808028936386108e-5, 1.808255910873413e-5, 1.808255910873413e-5],
    ['Tie out with R Version', 0.95, -0.500002521696696, -3.486287505871302e-5, -0.4999393907180323],
    ['R Version (Large)', 0.98, -0.4999173250549087, -6.912685789769486e-6, -3.45044082729315e-5],
  ])('%s', (part, confidence, low, high, estimate) => {
    const { experiment = [], control = [] } = named(part).arrays
    const found = mannWhitney(experiment, control, confidence)
    near(found.low, low)
    near(found.high, high)
    near(found.estimate, estimate, 1e-4)
  })

  it('Intermediate Values / Variables', () => {
    const { arrays, values } = named('Intermediate')
    const { x = [], y = [] } = arrays
    const [least, most] = [Math.min(...x) - Math.max(...y), Math.max(...x) - Math.min(...y)]
    near(least, values.rMumin ?? Number.NaN)
    near(most, values.rMumax ?? Number.NaN)
    const upper = normalQuantile(0.975)
    const at = (zq: number, shift: number): number => wilcoxonDiff(shift, zq, x, y)
    near(at(upper, least), values.rFlower1 ?? Number.NaN)
    near(at(upper, most), values.rFupper1 ?? Number.NaN)
    near(at(-upper, least), values.rFlower2 ?? Number.NaN)
    const root = (zq: number): number => brent(least, most, at(zq, least), at(zq, most), (shift) => at(zq, shift))
    near(root(upper), values.rCil ?? Number.NaN)
    near(root(-upper), values.rCiu ?? Number.NaN)
    near(root(0), values.rEst ?? Number.NaN)
  })
})

describe('the port of Kayenta’s effect sizes agrees with StatisticSuite.scala', () => {
  it('mean ratio', () => {
    expect(meanRatio([1, 1, 1, 1, 1], [10, 10, 10, 10, 10])).toBe(10)
    expect(meanRatio([100, 100, 100, 100, 100], [10, 10, 10, 10, 10])).toBe(0.1)
    expect(meanRatio([0, 0, 0, 0, 0], [10, 10, 10, 10, 10])).toBeNaN()
  })

  it('common language effect size', () => {
    expect(commonLanguage([1, 2, 3, 4, 5], [1, 2, 3, 4, 5])).toBe(0.5)
    expect(commonLanguage([25.3, 25.2, 24.6, 24.4], [2.28, 2.61, 3.27, 2.92])).toBe(0)
  })
})

describe('the port of Kayenta’s scorer agrees with ScorerSuite.scala', () => {
  const metric = (label: MetricResult['label'], group: string, critical = false): MetricResult => ({
    label,
    groups: [group],
    critical,
  })
  it.each<[string, readonly MetricResult[], Readonly<Record<string, number>>, number]>([
    ['Single Metric Pass', [metric('Pass', 'g')], {}, 100],
    ['Single Metric Fail', [metric('High', 'g')], {}, 0],
    ['Single group Nodata', [metric('Nodata', 'n')], {}, 0],
    ['Two Groups, one Pass, one Nodata', [metric('Pass', 'p'), metric('Pass', 'p'), metric('Nodata', 'n')], {}, 100],
    ['One Group, Two Metrics', [metric('Pass', 'g'), metric('High', 'g')], {}, 50],
    ['One Group, Three Metrics', [metric('Pass', 'g'), metric('High', 'g'), metric('Low', 'g')], {}, 33.33],
    [
      'Two Groups, Three Metrics',
      [metric('Pass', '1'), metric('Pass', '1'), metric('High', '2')],
      { 1: 75, 2: 25 },
      75,
    ],
    ['(Equal Weight)', [metric('Pass', '1'), metric('High', '2'), metric('High', '2')], { 1: 50, 2: 50 }, 50],
    ['one good (normal), one fail (critical)', [metric('Pass', 'g'), metric('High', 'g', true)], {}, 0],
    ['one low (normal), one good (critical)', [metric('Low', 'g'), metric('Pass', 'g', true)], {}, 50],
    ['one good (normal), one nodata (critical)', [metric('Pass', 'g'), metric('Nodata', 'g', true)], {}, 0],
  ])('%s', (_, results, weights, expected) => {
    expect(score(results, weights)).toBe(expected)
  })

  it('thresholds', () => {
    expect([96, 95, 80, 74].map((value) => classifyScore(value, 95, 75))).toEqual(['Pass', 'Pass', 'Marginal', 'Fail'])
  })
})
