import type { ArmCount } from './coin.ts'
import { emptyPurse, type Purse } from './purse.ts'
import type { Rule } from './rule.ts'
import { checkRule } from './rule-check.ts'

/** What is known of one metric. */
export interface MetricState {
  /** All judged events of the release, by share. */
  readonly judged: readonly ArmCount[]
  /** Judged events of this step's present voting window, not yet settled. */
  readonly open: readonly ArmCount[]
  /** Evidence against "no worse than tolerated", over the whole release. */
  readonly harm: Purse
  /** Evidence against "at least as bad as refused", in this step. */
  readonly safety: Purse
  /** Evidence that the canary's rate is below `floor`, in this step. */
  readonly below: Purse
  /** Evidence that the rate of both versions is above `limit`; while holding, that it is below again. */
  readonly guard: Purse
  /** Whether the limit was found to be exceeded and not yet to be kept again. */
  readonly beyond: boolean
}

/** A verdict that does not change any more. */
export type Settled = { readonly kind: 'harmful'; readonly metric: string } | { readonly kind: 'routing-broken' }

/** Everything the next decision depends on: plain data, the same after a restart as before. */
export interface VerdictState {
  readonly kind: 'verdict-state'
  readonly rule: Rule
  /** Index into the rule's steps. */
  readonly step: number
  /** Number of batches taken in. */
  readonly batches: number
  /** Observed time since the first batch, and in this step, ms. */
  readonly elapsedMs: number
  readonly stepElapsedMs: number
  /** Time granted to this step beyond its deadline, ms. */
  readonly extendedMs: number
  /** Observed time at which the harm test starts afresh, and the age of the voting window, ms. */
  readonly nextStartMs: number
  readonly windowAgeMs: number
  /** Time without a canary request, and without readable counters, ms. */
  readonly idleMs: number
  readonly blindMs: number
  /** Draws of the coin over the whole release, by share. */
  readonly draws: readonly ArmCount[]
  /** Requests that ended, in the release and in this step. */
  readonly ended: { readonly canary: number; readonly baseline: number }
  readonly stepEnded: { readonly canary: number; readonly baseline: number }
  readonly metrics: readonly MetricState[]
  readonly settled: Settled | null
}

/** A copy that nobody can change afterwards: the rule is fixed before the first request. */
function frozenCopy<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value
  const copy: unknown = Array.isArray(value)
    ? value.map(frozenCopy)
    : Object.fromEntries(Object.entries(value).map(([key, held]) => [key, frozenCopy(held)]))
  return Object.freeze(copy) as T
}

/** The state before the first request. Throws a Problem (SW7901) when the rule contradicts itself. */
export function beginVerdict(rule: Rule): VerdictState {
  checkRule(rule)
  return {
    kind: 'verdict-state',
    rule: frozenCopy(rule),
    step: 0,
    batches: 0,
    elapsedMs: 0,
    stepElapsedMs: 0,
    extendedMs: 0,
    nextStartMs: 0,
    windowAgeMs: 0,
    idleMs: 0,
    blindMs: 0,
    draws: [],
    ended: { canary: 0, baseline: 0 },
    stepEnded: { canary: 0, baseline: 0 },
    metrics: rule.metrics.map(() => ({
      judged: [],
      open: [],
      harm: emptyPurse,
      safety: emptyPurse,
      below: emptyPurse,
      guard: emptyPurse,
      beyond: false,
    })),
    settled: null,
  }
}
