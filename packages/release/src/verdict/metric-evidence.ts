import { addCounts, type Batch, totals } from './batch.ts'
import { type ArmCount, logSum } from './coin.ts'
import { logOddsEvidence } from './fisher.ts'
import { logRateGrowths, ratesAbove, ratesBelow } from './limit.ts'
import { emptyPurse, grow, logWorth, type Purse, stake, stakeAll } from './purse.ts'
import type { MetricRule, Rule } from './rule.ts'
import type { MetricState } from './state.ts'
import { logGrowths, type Wager } from './wager.ts'

/** What the clock of the verdict says about the batch that is being taken in. */
export interface Moment {
  /** Whether the voting window ends with this batch. */
  readonly windowEnds: boolean
  /** Whether the harm test starts afresh before this batch. */
  readonly startsAfresh: boolean
  /** Whether this step's safety counts yet. */
  readonly isSettled: boolean
}

/** The metric after a batch in which it is judged. */
export function absorb(rule: Rule, metric: MetricRule, state: MetricState, batch: Batch, moment: Moment): MetricState {
  const counts = batch.events.find((events) => events.metric === metric.name)?.counts ?? []
  const started = start(rule, metric, state, moment)
  const below = settleBelow(metric, started.below, batch, counts)
  const guarded = watchLimit(rule, metric, { ...started, below }, batch, counts, moment)
  const open = addCounts(guarded.open, counts)
  const judged = addCounts(guarded.judged, counts)
  if (metric.count === 'vote' && !moment.windowEnds) return { ...guarded, judged, open }
  return { ...closeWindow(rule, metric, { ...guarded, open }, batch.ended), judged }
}

/** Settles the open events on harm and safety. */
export function closeWindow(rule: Rule, metric: MetricRule, state: MetricState, ended: Batch['ended']): MetricState {
  const { open } = state
  if (open.every(({ canary, baseline }) => canary + baseline === 0)) return { ...state, open: [] }
  const growths = (wager: Wager): readonly number[] =>
    metric.shares === 'counted' ? oddsGrowths(wager, open, ended) : logGrowths(wager, open)
  return {
    ...state,
    open: [],
    harm: grow(state.harm, growths(harmWager(rule, metric))),
    safety: grow(state.safety, growths(safetyWager(rule, metric))),
  }
}

/** The bets against "no worse than tolerated". */
export function harmWager(rule: Rule, metric: MetricRule): Wager {
  const alternatives = rule.harmRatios.map((ratio) => ratio * metric.tolerated)
  return { nullRatio: metric.tolerated, alternatives, count: metric.count }
}

/** The bets against "at least as bad as refused". */
export function safetyWager(rule: Rule, metric: MetricRule): Wager {
  return { nullRatio: metric.refused, alternatives: rule.safeRatios.map(({ ratio }) => ratio), count: metric.count }
}

/** ln of the evidence of harm. */
export function harmEvidence(rule: Rule, state: MetricState): number {
  return logWorth(state.harm, evenly(rule.harmRatios.length))
}

/** ln of the evidence of safety: the ratio's, or half each of the ratio's and of the rate's being below the floor. */
export function safetyEvidence(rule: Rule, metric: MetricRule, state: MetricState): number {
  const relative = logWorth(
    state.safety,
    rule.safeRatios.map(({ weight }) => weight),
  )
  if (metric.floor === undefined) return relative
  const absolute = logWorth(state.below, evenly(ratesBelow(metric.floor).length))
  return logSum([relative, absolute]) - Math.LN2
}

function start(rule: Rule, metric: MetricRule, state: MetricState, moment: Moment): MetricState {
  const harm = moment.startsAfresh || state.harm.starts === 0 ? stake(state.harm, rule.harmRatios.length) : state.harm
  if (!moment.isSettled || state.safety.staked !== null) return { ...state, harm }
  const below = metric.floor === undefined ? emptyPurse : stakeAll(ratesBelow(metric.floor).length)
  return { ...state, harm, safety: stakeAll(rule.safeRatios.length), below }
}

function settleBelow(metric: MetricRule, below: Purse, batch: Batch, counts: readonly ArmCount[]): Purse {
  if (metric.floor === undefined || below.staked === null) return below
  const seen = { requests: batch.ended.canary, events: totals(counts).canary }
  return grow(below, logRateGrowths(ratesBelow(metric.floor), metric.floor, seen))
}

/** Notices that the limit is exceeded, and later that it is kept again; both are tests of their own. */
function watchLimit(
  rule: Rule,
  metric: MetricRule,
  state: MetricState,
  batch: Batch,
  counts: readonly ArmCount[],
  moment: Moment,
): MetricState {
  const { limit } = metric
  if (limit === undefined) return state
  const rates = state.beyond ? ratesBelow(limit) : ratesAbove(limit)
  const { canary, baseline } = totals(counts)
  const seen = { requests: batch.ended.canary + batch.ended.baseline, events: canary + baseline }
  const begun = moment.startsAfresh || state.guard.starts === 0 ? stake(state.guard, rates.length) : state.guard
  const guard = grow(begun, logRateGrowths(rates, limit, seen))
  const enough = state.beyond ? -Math.log(rule.beta) : -Math.log(rule.alpha * metric.weight)
  if (logWorth(guard, evenly(rates.length)) < enough) return { ...state, guard }
  return { ...state, guard: emptyPurse, beyond: !state.beyond }
}

function oddsGrowths(wager: Wager, open: readonly ArmCount[], ended: Batch['ended']): readonly number[] {
  const { canary, baseline } = totals(open)
  const table = {
    canaryEvents: canary,
    baselineEvents: baseline,
    canaryRequests: Math.max(ended.canary, canary),
    baselineRequests: Math.max(ended.baseline, baseline),
  }
  return wager.alternatives.map((ratio) => logOddsEvidence(ratio, wager.nullRatio, table))
}

function evenly(parts: number): readonly number[] {
  return new Array<number>(parts).fill(1 / parts)
}
