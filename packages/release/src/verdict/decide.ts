import { totals } from './batch.ts'
import { logSum } from './coin.ts'
import type { Decision, DecisionFacts, DecisionKind, MetricBar } from './decision.ts'
import { harmEvidence, safetyEvidence } from './metric-evidence.ts'
import { evidenceOf, sixDigits } from './numbers.ts'
import { harmThreshold, type Rule, type StepRule } from './rule.ts'
import { logMismatch } from './sample-ratio.ts'
import { sentenceOf } from './sentence.ts'
import type { VerdictState } from './state.ts'

/** Evidence by metric, as natural logarithms. */
interface MetricEvidence {
  readonly harm: number
  readonly safety: number
}

/** The decision that a state stands for; `at` (ms since the Unix epoch) is only noted. */
export function decide(state: VerdictState, at: number): Decision {
  const { rule } = state
  const evidence = state.metrics.map((metric, index): MetricEvidence => {
    const metricRule = rule.metrics[index]
    if (metricRule === undefined) return { harm: 0, safety: 0 }
    return { harm: harmEvidence(rule, metric), safety: safetyEvidence(rule, metricRule, metric) }
  })
  const mismatch = isDealt(rule) ? logMismatch(state.draws) : 0
  const kind = kindOf(state, evidence, mismatch)
  const facts: Omit<DecisionFacts, 'sentence'> = {
    at,
    step: state.step,
    share: stepOf(state).share,
    stepElapsedMs: state.stepElapsedMs,
    elapsedMs: state.elapsedMs,
    requests: state.stepEnded,
    bars: barsOf(state, evidence),
    mismatch: evidenceOf(mismatch),
  }
  return { ...kind, ...facts, sentence: sentenceOf(state.rule, kind, facts) }
}

/** Whether requests are dealt by a coin of known share, so that their split can be checked against it. */
function isDealt(rule: Rule): boolean {
  return rule.metrics.some(({ source, shares }) => source.kind !== 'counter' && shares === 'drawn')
}

/** The step that a state stands at. */
export function stepOf(state: VerdictState): StepRule {
  return state.rule.steps[state.step] ?? { share: 0, deadlineMs: 0, minRequests: 0 }
}

/** The order is the order of trust: broken routing voids the counts, harm outweighs everything that follows. */
function kindOf(state: VerdictState, evidence: readonly MetricEvidence[], mismatch: number): DecisionKind {
  const { rule, settled } = state
  if (settled !== null) return settled
  if (mismatch >= -Math.log(rule.routingAlpha)) return { kind: 'routing-broken' }
  const harmful = harmfulMetric(state, evidence)
  if (harmful !== undefined) return { kind: 'harmful', metric: harmful }
  if (state.blindMs >= rule.sourceMs) return { kind: 'source-down' }
  const beyond = state.metrics.findIndex((metric) => metric.beyond)
  if (beyond >= 0) return { kind: 'over-limit', metric: rule.metrics[beyond]?.name ?? '' }
  if (state.idleMs >= rule.idleMs) return { kind: 'no-data' }
  const { minRequests, deadlineMs } = stepOf(state)
  const canSee = state.blindMs === 0
  if (canSee && state.stepEnded.canary >= minRequests && isSafe(state, evidence)) return { kind: 'safe' }
  if (state.stepElapsedMs >= deadlineMs + state.extendedMs) {
    return state.stepEnded.canary === 0 ? { kind: 'no-data' } : { kind: 'underpowered', policy: rule.underpowered }
  }
  return rule.metrics.every(({ burnInMs }) => state.elapsedMs <= burnInMs)
    ? { kind: 'warming-up' }
    : { kind: 'continue' }
}

/** The metric that convinces, or under `average` the one that weighs most when all together do. */
function harmfulMetric(state: VerdictState, evidence: readonly MetricEvidence[]): string | undefined {
  const { rule } = state
  const weighted = rule.metrics.map(({ weight }, index) => Math.log(weight) + (evidence[index]?.harm ?? 0))
  const most = weighted.indexOf(Math.max(...weighted))
  const worth = rule.combine === 'maximum' ? (weighted[most] ?? 0) : logSum(weighted)
  return worth >= -Math.log(rule.alpha) ? rule.metrics[most]?.name : undefined
}

function isSafe(state: VerdictState, evidence: readonly MetricEvidence[]): boolean {
  const { rule } = state
  const needed = -Math.log(rule.beta)
  if (evidence.some(({ harm }) => harm >= Math.log(rule.doubt))) return false
  return rule.metrics.every(({ safety }, index) => !safety || (evidence[index]?.safety ?? 0) >= needed)
}

function barsOf(state: VerdictState, evidence: readonly MetricEvidence[]): readonly MetricBar[] {
  const { rule } = state
  return rule.metrics.map((metric, index): MetricBar => {
    const held = state.metrics[index]
    const { canary, baseline, expected } = totals(held?.judged ?? [])
    return {
      metric: metric.name,
      canary,
      baseline,
      expected: sixDigits(expected),
      harm: evidenceOf(evidence[index]?.harm ?? 0),
      harmNeeded: evidenceOf(harmThreshold(rule, metric)),
      safety: metric.safety ? evidenceOf(evidence[index]?.safety ?? 0) : null,
      safetyNeeded: sixDigits(1 / rule.beta),
      beyond: held?.beyond ?? false,
    }
  })
}
