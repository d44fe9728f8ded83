import { type RequestLog, sumOf } from './log.ts'
import { logLambda } from './msprt.ts'
import { batchSeconds, replayOurs, ruleFor } from './ours.ts'
import { type Proportion, proportion } from './proportion.ts'
import { releases } from './sample.ts'
import { plain } from './scenario.ts'
import { zScore } from './z-test.ts'

/** False rollbacks of a good release (0.5 % errors, 10 requests/s, 20 min) when it is looked at so many times. */
export interface LooksRow {
  readonly looks: number
  readonly rates: Readonly<Record<string, Proportion>>
}

/** How often it is looked at: once, and up to every two seconds. */
export const looksTried: readonly number[] = [1, 5, 20, 100, 600]

/** Replays the same good releases to every rule at each number of looks, evenly spread. */
export function falseRollbacksByLooks(n: number, seed: number): readonly LooksRow[] {
  const scenario = plain('looks', { rps: 10, errorRate: 0.005 })
  // Never decided by itself, so that the evidence can be read at the looks only.
  const rule = ruleFor(scenario, { alpha: 1e-12 })
  const needed = 1 / (0.01 * (rule.metrics[0]?.weight ?? 1))
  const rules: Readonly<Record<string, (log: RequestLog, looks: number) => boolean>> = {
    ours: (log, looks) => {
      const every = log.seconds / looks
      let isHarmful = false
      replayOurs(rule, log, ({ bars, elapsedMs }) => {
        const seconds = elapsedMs / 1000
        const isLook = Math.floor(seconds / every) > Math.floor((seconds - batchSeconds) / every)
        if (isLook && (bars[0]?.harm ?? 0) >= needed) isHarmful = true
      })
      return isHarmful
    },
    'z-test, p < 0.05': (log, looks) => atLooks(log, looks, (canary, baseline) => zScore(canary, baseline) >= 1.645),
    'z-test, p < 0.01': (log, looks) => atLooks(log, looks, (canary, baseline) => zScore(canary, baseline) >= 2.326),
    'mSPRT, α = 0.01': (log, looks) =>
      atLooks(log, looks, (canary, baseline) => logLambda(canary, baseline, 0.005) >= Math.log(100)),
    'Argo, ≥ 95 %, failureLimit 0': (log, looks) => inWindows(log, looks, 0.05),
    'Flagger, ≥ 99 %, threshold 1': (log, looks) => inWindows(log, looks, 0.01),
  }
  const logs = [...releases(scenario, n, seed)]
  return looksTried.map((looks) => ({
    looks,
    rates: Object.fromEntries(
      Object.entries(rules).map(([name, rollsBack]) => [
        name,
        proportion(logs.filter((log) => rollsBack(log, looks)).length, n),
      ]),
    ),
  }))
}

interface Counts {
  readonly requests: number
  readonly events: number
}

/** Whether the totals convince at any of the looks. */
function atLooks(log: RequestLog, looks: number, convinces: (canary: Counts, baseline: Counts) => boolean): boolean {
  const every = log.seconds / looks
  const total = { canary: { requests: 0, events: 0 }, baseline: { requests: 0, events: 0 } }
  for (let look = 1; look <= looks; look++) {
    const [from, to] = [(look - 1) * every, look * every]
    for (const arm of ['canary', 'baseline'] as const) {
      total[arm].requests += sumOf(log[arm].requests, from, to)
      total[arm].events += sumOf(log[arm].errors, from, to)
    }
    if (convinces(total.canary, total.baseline)) return true
  }
  return false
}

/** Whether the canary's error rate is above the bar in any of so many windows; a window without requests is let pass. */
function inWindows(log: RequestLog, looks: number, bar: number): boolean {
  const every = log.seconds / looks
  for (let look = 1; look <= looks; look++) {
    const requests = sumOf(log.canary.requests, (look - 1) * every, look * every)
    const errors = sumOf(log.canary.errors, (look - 1) * every, look * every)
    if (requests > 0 && errors / requests > bar) return true
  }
  return false
}
