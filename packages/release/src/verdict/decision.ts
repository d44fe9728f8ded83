import type { UnderpoweredPolicy } from './rule.ts'

/** How far one metric is from deciding; evidence as "to 1" against the null, rounded to six digits. */
export interface MetricBar {
  readonly metric: string
  /** Judged events of the release. */
  readonly canary: number
  readonly baseline: number
  /** Events that would have fallen on the canary if it were no different. */
  readonly expected: number
  /** Evidence of harm, and what makes it a verdict. */
  readonly harm: number
  readonly harmNeeded: number
  /** Evidence of safety in this step, and what makes it one; `null` where safety is not asked of this metric. */
  readonly safety: number | null
  readonly safetyNeeded: number
  /** Whether the rate of both versions is beyond the limit. */
  readonly beyond: boolean
}

/** What every decision carries. */
export interface DecisionFacts {
  /** ms since the Unix epoch, as the batch says. */
  readonly at: number
  /** Index of the step, its share, and the observed time in it and in the release, ms. */
  readonly step: number
  readonly share: number
  readonly stepElapsedMs: number
  readonly elapsedMs: number
  /** Requests that ended in this step. */
  readonly requests: { readonly canary: number; readonly baseline: number }
  readonly bars: readonly MetricBar[]
  /** Evidence "to 1" that requests do not fall as the coin says. */
  readonly mismatch: number
  /** The decision and its reason, for a person. */
  readonly sentence: string
}

/** Which decision it is, with what only this one has. */
export type DecisionKind =
  | { readonly kind: 'warming-up' }
  | { readonly kind: 'continue' }
  /** Roll back: this metric is worse than tolerated. */
  | { readonly kind: 'harmful'; readonly metric: string }
  /** This step is passed. */
  | { readonly kind: 'safe' }
  /** Hold: the canary gets no requests. */
  | { readonly kind: 'no-data' }
  /** Hold: requests do not fall as the coin says, so the counts cannot be trusted. */
  | { readonly kind: 'routing-broken' }
  /** Hold: counters cannot be read. */
  | { readonly kind: 'source-down' }
  /** Hold: both versions together are beyond their limit; nobody is blamed. */
  | { readonly kind: 'over-limit'; readonly metric: string }
  /** The deadline passed without evidence. */
  | { readonly kind: 'underpowered'; readonly policy: UnderpoweredPolicy }

/** A decision: none of its kinds makes the absence of evidence a success. */
export type Decision = DecisionKind & DecisionFacts

/** What a strategy has to do about a decision. */
export type Consequence = 'wait' | 'go-on' | 'roll-back' | 'hold'

/** The consequence of each decision; `promote` and `rollback` after a deadline only where the catalog says so. */
export function consequenceOf(decision: DecisionKind): Consequence {
  switch (decision.kind) {
    case 'warming-up':
    case 'continue':
      return 'wait'
    case 'safe':
      return 'go-on'
    case 'harmful':
      return 'roll-back'
    case 'no-data':
    case 'routing-broken':
    case 'source-down':
    case 'over-limit':
      return 'hold'
    case 'underpowered':
      return { hold: 'hold', promote: 'go-on', rollback: 'roll-back' }[decision.policy] as Consequence
    default:
      return decision satisfies never
  }
}
