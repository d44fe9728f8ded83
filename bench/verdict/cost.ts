import {
  beginVerdict,
  type Decision,
  type Rule,
  replay,
  ruleOf,
  step,
  type VerdictEntry,
  type VerdictState,
  verifyEvidence,
} from '@seaworthy/release'
import { diceOf } from './dice.ts'
import type { RequestLog } from './log.ts'
import { batchOf, batchSeconds, ruleFor } from './ours.ts'
import { drawLog, type Scenario } from './scenario.ts'

/** The rule that the cost is measured with: errors, rescued requests, three latency bounds, restarts. */
function fullRule(): Rule {
  return ruleOf({
    service: 'simulated',
    baseline: 'v1',
    canary: 'v2',
    shares: [0.1, 0.5],
    sticky: false,
    latency: [{ boundMs: 200 }, { boundMs: 500, limit: 0.05 }, { boundMs: 1000 }],
    counters: [{ name: 'restarts' }],
    requestTimeoutMs: 10_000,
    errorLimit: 0.01,
    deadlineMs: 1e9,
  })
}

/** Microseconds for one batch with events of all six metrics, sentence included; and the bytes of the state as JSON. */
export function decisionCost(batches: number): { readonly microseconds: number; readonly stateBytes: number } {
  const rule = fullRule()
  const dice = diceOf(3)
  const entries = Array.from({ length: 512 }, (_, index) => ({
    at: index * 2000,
    elapsedMs: 2000,
    source: 'read' as const,
    draws: [{ share: 0.1, canary: 20, baseline: 180 }],
    ended: { canary: 20, baseline: 180 },
    events: rule.metrics.map(({ name }) => ({
      metric: name,
      counts: [{ share: 0.1, canary: dice.poisson(0.1), baseline: dice.poisson(0.9) }],
    })),
  }))
  const run = (count: number): VerdictState => {
    let state = beginVerdict(rule)
    for (let index = 0; index < count; index++) state = step(state, entries[index % 512] ?? (entries[0] as never)).state
    return state
  }
  run(2000)
  const begun = process.cpuUsage()
  const state = run(batches)
  const used = process.cpuUsage(begun)
  return { microseconds: (used.user + used.system) / batches, stateBytes: JSON.stringify(state).length }
}

/** Replays stored evidence of a release, through JSON: the number of decisions that differ, which must be 0, and how many there were. */
export function changedByReplay(
  scenario: Scenario,
  seed: number,
): { readonly changed: number; readonly decisions: number } {
  const rule = ruleFor(scenario)
  const log: RequestLog = drawLog(scenario, diceOf(seed))
  const entries: VerdictEntry[] = []
  for (let second = 0; second < 600; second += batchSeconds) {
    entries.push({ kind: 'batch', batch: batchOf(rule, log, second, second + batchSeconds) })
  }
  const decisions: readonly Decision[] = replay(rule, entries).decisions
  const stored = JSON.parse(JSON.stringify({ kind: 'verdict-evidence', version: 1, rule, entries, decisions }))
  try {
    verifyEvidence(stored)
    return { changed: 0, decisions: decisions.length }
  } catch {
    return { changed: 1, decisions: decisions.length }
  }
}
