import { Problem } from '@seaworthy/model'
import { addCounts, type Batch } from './batch.ts'
import { decide } from './decide.ts'
import type { Decision } from './decision.ts'
import { absorb, closeWindow, type Moment } from './metric-evidence.ts'
import { emptyPurse } from './purse.ts'
import type { VerdictState } from './state.ts'

/**
 * Takes in one batch and decides: pure, and the same for the same batches, so that a stored log of batches can be replayed.
 * Throws a Problem (SW7902) when the counts do not fit the rule.
 */
export function step(state: VerdictState, batch: Batch): { readonly state: VerdictState; readonly decision: Decision } {
  checkBatch(state, batch)
  const taken = takeIn(state, batch)
  const decision = decide(taken, batch.at)
  const settled =
    decision.kind === 'harmful'
      ? ({ kind: 'harmful', metric: decision.metric } as const)
      : decision.kind === 'routing-broken'
        ? ({ kind: 'routing-broken' } as const)
        : null
  return { state: settled === null ? taken : { ...taken, settled }, decision }
}

/** Goes to the next step of the rule: safety begins anew, harm goes on. Throws a Problem (SW7904) at the last one. */
export function advance(state: VerdictState): VerdictState {
  const { rule } = state
  if (state.step + 1 >= rule.steps.length) {
    throw new Problem({
      code: 'SW7904',
      message: `${rule.service} is at step ${state.step + 1} of ${rule.steps.length} already.`,
      hint: 'Promote the release; the verdict has no step beyond the last.',
    })
  }
  const metrics = state.metrics.map((metric, index) => {
    const closed = closeWindow(rule, metricAt(state, index), metric, { canary: 0, baseline: 0 })
    return { ...closed, safety: emptyPurse, below: emptyPurse }
  })
  return {
    ...state,
    metrics,
    step: state.step + 1,
    stepElapsedMs: 0,
    extendedMs: 0,
    windowAgeMs: 0,
    nextStartMs: state.elapsedMs,
    idleMs: 0,
    stepEnded: { canary: 0, baseline: 0 },
  }
}

/** Gives the present step more time, ms; the evidence stays. */
export function extend(state: VerdictState, ms: number): VerdictState {
  return { ...state, extendedMs: state.extendedMs + ms }
}

function takeIn(state: VerdictState, batch: Batch): VerdictState {
  const { rule } = state
  const clock = {
    batches: state.batches + 1,
    elapsedMs: state.elapsedMs + batch.elapsedMs,
    stepElapsedMs: state.stepElapsedMs + batch.elapsedMs,
  }
  if (batch.source === 'unreadable') return { ...state, ...clock, blindMs: state.blindMs + batch.elapsedMs }
  const windowAgeMs = state.windowAgeMs + batch.elapsedMs
  const windowBegins = state.windowAgeMs === 0
  const moment: Moment = {
    windowEnds: windowAgeMs >= rule.windowMs,
    startsAfresh: windowBegins && state.elapsedMs >= state.nextStartMs,
    isSettled: windowBegins && state.stepElapsedMs >= rule.settleMs,
  }
  const isIdle = batch.ended.canary === 0 && batch.draws.every(({ canary }) => canary === 0)
  return {
    ...state,
    ...clock,
    blindMs: 0,
    idleMs: isIdle ? state.idleMs + batch.elapsedMs : 0,
    windowAgeMs: moment.windowEnds ? 0 : windowAgeMs,
    nextStartMs: moment.startsAfresh ? state.elapsedMs + rule.restartMs : state.nextStartMs,
    draws: addCounts(state.draws, batch.draws),
    ended: both(state.ended, batch.ended),
    stepEnded: both(state.stepEnded, batch.ended),
    metrics: state.metrics.map((metric, index) => {
      const metricRule = metricAt(state, index)
      return state.elapsedMs < metricRule.burnInMs ? metric : absorb(rule, metricRule, metric, batch, moment)
    }),
  }
}

function both(total: Batch['ended'], more: Batch['ended']): Batch['ended'] {
  return { canary: total.canary + more.canary, baseline: total.baseline + more.baseline }
}

function metricAt(state: VerdictState, index: number): VerdictState['rule']['metrics'][number] {
  const metric = state.rule.metrics[index]
  if (metric === undefined) throw misfit(state, `metric ${index + 1} is not in the rule`)
  return metric
}

function checkBatch(state: VerdictState, batch: Batch): void {
  const { metrics } = state.rule
  for (const { metric } of batch.events) {
    if (!metrics.some(({ name }) => name === metric)) throw misfit(state, `metric "${metric}" is not in the rule`)
  }
  const counts = [...batch.draws, ...batch.events.flatMap((events) => events.counts), { ...batch.ended, share: 0 }]
  for (const { canary, baseline, share } of counts) {
    if (!(canary >= 0 && baseline >= 0)) throw misfit(state, `a count is negative (${canary}, ${baseline})`)
    if (!(share >= 0 && share <= 1)) throw misfit(state, `a share is ${share}, outside 0 to 1`)
  }
  if (!(batch.elapsedMs >= 0)) throw misfit(state, `the batch covers ${batch.elapsedMs} ms`)
}

function misfit(state: VerdictState, fault: string): Problem {
  return new Problem({
    code: 'SW7902',
    message: `Batch ${state.batches + 1} of the release of ${state.rule.service} does not fit its rule: ${fault}.`,
    hint: 'Metrics, grid and bounds are fixed before the first request; counts come from the gateway’s pages only.',
  })
}
