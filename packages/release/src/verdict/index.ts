export { addCounts, type Batch, type MetricEvents, totals, unreadableBatch } from './batch.ts'
export type { ArmCount } from './coin.ts'
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
export { verdictProblems } from './problem-codes.ts'
export type { MetricRule, MetricSource, Rule, StepRule, UnderpoweredPolicy } from './rule.ts'
export { checkRule, ruleFaults } from './rule-check.ts'
export { beginVerdict, type MetricState, type VerdictState } from './state.ts'
export { advance, extend, step } from './step.ts'
