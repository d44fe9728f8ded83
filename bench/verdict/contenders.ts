import type { Contender, Judge, Setting } from './contender.ts'
import type { Dice } from './dice.ts'
import type { Minute, MinutePoint, Signal } from './minutes.ts'
import { logLambda } from './msprt.ts'
import { type ArgoMetric, assessMetricStatus, evaluateResult, noMeasurements, record } from './peers/argo.ts'
import { type FlaggerAnalysis, type FlaggerState, tick } from './peers/flagger.ts'
import { judgeMetric } from './peers/kayenta.ts'
import { zScore } from './z-test.ts'

/** A bar on one number, the same for errors (rate) and latency (p99 in ms). */
const signalIn = (signal: Signal, point: MinutePoint): number | null => (signal === 'errors' ? point.rate : point.p99)

/** Bars that tuning may choose: error rates and latencies, dense where the scenarios lie. */
const bars: Readonly<Record<Signal, readonly number[]>> = {
  errors: [
    0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.1, 0.12, 0.15,
    0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8,
  ],
  latency: [250, 300, 350, 400, 450, 500, 600, 750, 1000, 1500, 2000, 3000, 4500],
}
const limits: readonly number[] = [0, 1, 2, 3, 4, 5, 7, 10]

function argo(metric: ArgoMetric<Minute>): Judge {
  return (minutes) => {
    let held = noMeasurements
    for (const minute of minutes) {
      held = record(held, evaluateResult(minute, metric))
      const phase = assessMetricStatus(metric, held, false)
      if (phase === 'Failed' || phase === 'Error') return minute.at
    }
    return null
  }
}

/** `result[0] >= bar` on the canary alone, as in the documentation; an empty vector is an evaluation error. */
function argoBar(signal: Signal, bar: number, failureLimit: number): Setting {
  const successCondition = (minute: Minute): boolean => {
    const value = signalIn(signal, minute.canary)
    if (value === null) throw new RangeError('index out of range: no data returned from the metric provider')
    return value <= bar
  }
  return { label: `≤ ${bar}, failureLimit ${failureLimit}`, judge: argo({ successCondition, failureLimit }) }
}

/** The same on the ratio of the canary's to the stable version's, which a user can write as a query; 0/0 is let pass. */
function argoRatio(signal: Signal, ratio: number, failureLimit: number): Setting {
  const successCondition = (minute: Minute): boolean => {
    const [canary, stable] = [signalIn(signal, minute.canary), signalIn(signal, minute.baseline)]
    if (canary === null || stable === null)
      throw new RangeError('index out of range: no data returned from the metric provider')
    return canary === 0 || canary <= ratio * stable
  }
  return {
    label: `canary/stable ≤ ${ratio}, failureLimit ${failureLimit}`,
    judge: argo({ successCondition, failureLimit }),
  }
}

/** Flagger on the fixed schedule: its checks and its counter, with the weight left to the schedule. */
function flaggerBar(signal: Signal, bar: number, threshold: number): Setting {
  const metric =
    signal === 'errors'
      ? { name: 'request-success-rate', min: (1 - bar) * 100 }
      : { name: 'request-duration', max: bar }
  const analysis: FlaggerAnalysis = { threshold, stepWeight: 0, maxWeight: 100, metrics: [metric] }
  const judge: Judge = (minutes) => {
    let state: FlaggerState = { phase: 'Progressing', weight: 10, failedChecks: 0 }
    for (const minute of minutes) {
      const value = signalIn(signal, minute.canary)
      state = tick(analysis, state, () => (value === null || signal === 'latency' ? value : (1 - value) * 100))
      if (state.phase === 'Failed') return minute.at
    }
    return null
  }
  return {
    label: `${signal === 'errors' ? 'success ≥' : 'p99 ≤'} ${metric.min ?? metric.max}, threshold ${threshold}`,
    judge,
  }
}

/** Kayenta's judge on one-minute points, every `every` minutes on the growing window; a score below marginal ends the canary. */
function kayenta(signal: Signal, every: number, allowedIncrease: number, dice: Dice): Setting {
  const judge: Judge = (minutes) => {
    for (let seen = every; seen <= minutes.length; seen += every) {
      const part = minutes.slice(0, seen)
      const values = (arm: 'canary' | 'baseline'): readonly number[] =>
        part.map((minute) => signalIn(signal, minute[arm])).filter((value): value is number => value !== null)
      const { label } = judgeMetric(values('baseline'), values('canary'), {
        tolerance: 0.25,
        confLevel: 0.98,
        direction: 'Increase',
        effectSizeThresholds: [1, allowedIncrease],
        noise: dice.normal,
      })
      if (label === 'High') return part.at(-1)?.at ?? null
    }
    return null
  }
  return { label: `every ${every} min, allowedIncrease ${allowedIncrease}`, judge }
}

/** Rolls back when a running statistic of the totals reaches a bar. */
function running(label: string, statistic: (minute: Minute) => number, bar: number): Setting {
  return { label, judge: (minutes) => minutes.find((minute) => statistic(minute) >= bar)?.at ?? null }
}

const zTest = (z: number): Setting =>
  running(`z ≥ ${z.toFixed(2)}`, ({ total }) => zScore(total.canary, total.baseline), z)
const msprt = (width: number, evidence: number): Setting =>
  running(
    `τ = ${width}, Λ ≥ ${evidence}`,
    ({ total }) => logLambda(total.canary, total.baseline, width),
    Math.log(evidence),
  )

/** The rules of others. */
export function contenders(dice: Dice): readonly Contender[] {
  return [
    {
      name: 'Argo Rollouts',
      asDocumented: (signal) =>
        signal === 'errors' ? [argoBar(signal, 0.05, 0), argoBar(signal, 0.05, 3)] : [argoBar(signal, 500, 0)],
      tunable: (signal) => bars[signal].flatMap((bar) => limits.map((limit) => argoBar(signal, bar, limit))),
    },
    {
      name: 'Argo Rollouts, ratio query',
      asDocumented: () => [],
      tunable: (signal) =>
        [1.2, 1.5, 2, 3, 4, 5, 7, 10, 15, 20, 40].flatMap((ratio) =>
          [...limits, 13, 16].map((limit) => argoRatio(signal, ratio, limit)),
        ),
    },
    {
      name: 'Flagger',
      asDocumented: (signal) =>
        signal === 'errors' ? [flaggerBar(signal, 0.01, 1), flaggerBar(signal, 0.01, 5)] : [flaggerBar(signal, 500, 5)],
      tunable: (signal) =>
        bars[signal].flatMap((bar) => limits.slice(1).map((limit) => flaggerBar(signal, bar, limit))),
    },
    {
      name: 'Kayenta',
      asDocumented: (signal) => [kayenta(signal, 5, 1, dice)],
      tunable: (signal) => [
        kayenta(signal, 5, 1, dice),
        kayenta(signal, 5, 1.5, dice),
        kayenta(signal, 2, 1.5, dice),
        kayenta(signal, 10, 1, dice),
      ],
    },
    {
      name: 'z-test each minute',
      asDocumented: () => [
        { ...zTest(1.645), label: 'p < 0.05' },
        { ...zTest(2.326), label: 'p < 0.01' },
      ],
      tunable: () => Array.from({ length: 41 }, (_, index) => zTest(2 + index * 0.1)),
    },
    {
      name: 'mSPRT each minute',
      asDocumented: () => [msprt(0.005, 100)],
      tunable: () =>
        [0.0005, 0.002, 0.005, 0.02, 0.1].flatMap((width) =>
          [5, 10, 20, 50, 100, 200, 400, 1000, 3000, 10_000].map((evidence) => msprt(width, evidence)),
        ),
    },
  ]
}
