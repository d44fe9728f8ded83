export { type Account, accountFor, type MetricAccount } from './account.ts'
export { addCounts, type Batch, type MetricEvents, totals, unreadableBatch } from './batch.ts'
export type { ArmCount } from './coin.ts'
export { type CounterLayout, countableBound } from './counter-row.ts'
export {
  type Consequence,
  consequenceOf,
  type Decision,
  type DecisionFacts,
  type DecisionKind,
  type MetricBar,
} from './decision.ts'
export { ruleOf, type VerdictDeclaration } from './defaults.ts'
export { type RatioInterval, ratioInterval } from './interval.ts'
export {
  type ExpectedTraffic,
  type Plan,
  type PlannedDetection,
  type PlannedMetric,
  type PlannedStep,
  planRelease,
} from './plan.ts'
export { planSentences } from './plan-sentences.ts'
export { proposeShares, type TrafficNeed, trafficToDetect } from './plan-traffic.ts'
export { verdictProblems } from './problem-codes.ts'
export { rateBound } from './rate-bound.ts'
export { beginReading, type CounterEvents, type Poll, type Reading, readPages } from './reading.ts'
export { replay, type VerdictEntry, type VerdictEvidence, verifyEvidence } from './replay.ts'
export type { MetricRule, MetricSource, Rule, StepRule, UnderpoweredPolicy } from './rule.ts'
export { checkRule, ruleFaults } from './rule-check.ts'
export { beginVerdict, type MetricState, type VerdictState } from './state.ts'
export { advance, extend, step } from './step.ts'
