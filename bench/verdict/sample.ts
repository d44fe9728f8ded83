import { diceOf } from './dice.ts'
import type { RequestLog } from './log.ts'
import { drawLog, type Scenario } from './scenario.ts'

/** Draws `n` releases of a scenario, one at a time; the same seed gives the same releases to every rule. */
export function* releases(scenario: Scenario, n: number, seed: number): Generator<RequestLog> {
  for (let index = 0; index < n; index++) yield drawLog(scenario, diceOf(seed + index * 7919))
}

/** The log as a rule sees it that is fed with one failure per client, as ours is for sticky clients. */
export function deduplicated(log: RequestLog): RequestLog {
  return {
    ...log,
    canary: { ...log.canary, errors: log.canary.episodes },
    baseline: { ...log.baseline, errors: log.baseline.episodes },
  }
}
