import {
  type ArmCount,
  advance,
  type Batch,
  beginVerdict,
  type Decision,
  type Rule,
  ruleOf,
  step,
  unreadableBatch,
  type VerdictDeclaration,
  type VerdictState,
} from '@seaworthy/release'
import { type RequestLog, secondStepAt, shares, slowerThan, sumOf } from './log.ts'
import type { Scenario } from './scenario.ts'

/** How a rule ended a release. */
export interface Outcome {
  /** Second of the rollback; `null` when there was none. */
  readonly rolledBackAt: number | null
}

/** Length of a batch, s. */
export const batchSeconds = 2

/** The default rule for a scenario, with nothing tuned: latency bounds only where the scenario has latencies. */
export function ruleFor(scenario: Scenario, change: Partial<VerdictDeclaration> = {}): Rule {
  return ruleOf({
    service: 'simulated',
    baseline: 'v1',
    canary: 'v2',
    shares: [...shares],
    sticky: scenario.isSticky ?? false,
    latency: scenario.latency === undefined ? [] : [{ boundMs: 300 }, { boundMs: 1000 }],
    counters: [],
    requestTimeoutMs: 10_000,
    deadlineMs: 20 * 60_000,
    ...change,
  })
}

/** The batch of a stretch of the log; counts of an unreadable stretch come with the first readable batch, as cumulative counters do. */
export function batchOf(rule: Rule, log: RequestLog, from: number, to: number): Batch {
  const share = log.share[to - 1] ?? 0
  const requests = { canary: sumOf(log.canary.requests, from, to), baseline: sumOf(log.baseline.requests, from, to) }
  const count = (canary: number, baseline: number): readonly ArmCount[] => [{ share, canary, baseline }]
  const errors = rule.unit === 'client' ? 'episodes' : 'errors'
  const events = rule.metrics.flatMap(({ name, source }) => {
    if (source.kind === 'failures') {
      return [
        { metric: name, counts: count(sumOf(log.canary[errors], from, to), sumOf(log.baseline[errors], from, to)) },
      ]
    }
    if (source.kind !== 'slower') return []
    const { boundMs } = source
    return [
      {
        metric: name,
        counts: count(slowerThan(log.canary, boundMs, from, to), slowerThan(log.baseline, boundMs, from, to)),
      },
    ]
  })
  // Sticky clients are drawn once each; the simulator keeps them by request, so their draws are left out of the sample-ratio check.
  const draws = rule.unit === 'client' ? [] : count(requests.canary, requests.baseline)
  return { at: to * 1000, elapsedMs: batchSeconds * 1000, source: 'read', draws, ended: requests, events }
}

/** Replays a log on the fixed schedule and calls `seen` with every decision. */
export function replayOurs(
  rule: Rule,
  log: RequestLog,
  seen?: (decision: Decision, state: VerdictState) => void,
): Outcome {
  let state = beginVerdict(rule)
  let read = 0
  for (let second = 0; second < log.seconds; second += batchSeconds) {
    const to = second + batchSeconds
    if (second === secondStepAt) state = advance(state)
    const isBlind = (log.unreadable[second] ?? 0) > 0
    const batch = isBlind ? unreadableBatch(to * 1000, batchSeconds * 1000) : batchOf(rule, log, read, to)
    if (!isBlind) read = to
    const taken = step(state, batch)
    state = taken.state
    seen?.(taken.decision, state)
    if (taken.decision.kind === 'harmful') return { rolledBackAt: to }
  }
  return { rolledBackAt: null }
}

/** Levels at which our rule is also read, so that it can be compared at the false rollbacks that the others are allowed. */
export const alphas: readonly number[] = [0.01, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1]

/** One replay read at every level: the second at which the rule with that α would have rolled back. */
export function rollbacksByAlpha(scenario: Scenario, log: RequestLog): ReadonlyMap<number, number> {
  const undecided = 1e-12
  const found = new Map<number, number>()
  replayOurs(ruleFor(scenario, { alpha: undecided }), log, ({ kind, bars, elapsedMs }) => {
    // Broken routing ends a release without a rollback; nothing after it counts.
    if (kind === 'routing-broken') return
    const worth = Math.max(...bars.map(({ harm, harmNeeded }) => harm / (harmNeeded * undecided)))
    for (const alpha of alphas) if (worth >= 1 / alpha && !found.has(alpha)) found.set(alpha, elapsedMs / 1000)
  })
  return found
}
