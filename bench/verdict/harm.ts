import type { Contender, Judge } from './contender.ts'
import { type Effort, signalOf } from './false-rollbacks.ts'
import { type RequestLog, releaseSeconds } from './log.ts'
import { minutesOf } from './minutes.ts'
import { alphas, rollbacksByAlpha } from './ours.ts'
import { releases } from './sample.ts'
import type { Scenario } from './scenario.ts'
import type { Allowed } from './tuning.ts'

/** What a rule let happen in one bad kind of release: means over releases. */
export interface Harm {
  /** Requests harmed before the rollback, or until the end of the schedule. */
  readonly harmed: number
  /** Part of the releases that were rolled back, 0..1, and the median second of it. */
  readonly rolledBack: number
  readonly medianSeconds: number | null
  /** The setting that did it. */
  readonly label: string
}

/** One bad kind of release: ours, and the best that others can do under each way of tuning. */
export interface HarmRow {
  readonly scenario: string
  /** Requests harmed if nobody ever rolls back. */
  readonly unstopped: number
  readonly ours: Harm
  /** Requests harmed under our rule with other α, in the order of `alphas`. */
  readonly byAlpha: readonly number[]
  /** By tuning, then by name. */
  readonly others: Readonly<Record<string, Readonly<Record<string, Harm>>>>
  readonly documented: Readonly<Record<string, Harm>>
}

/** Replays bad releases to our rule and to every setting of others that a tuning allows. */
export function harmDone(
  scenario: Scenario,
  contenders: readonly Contender[],
  tunings: Readonly<Record<string, Allowed>>,
  effort: Effort,
  seed: number,
): HarmRow {
  const logs = [...releases(scenario, effort.others, seed)]
  const signal = signalOf(scenario)
  const minutes = logs.map((log) => minutesOf(log, signal))
  const rollbacks = logs.map((log) => rollbacksByAlpha(scenario, log))
  const oursAt = (alpha: number): Harm =>
    harmOf(
      logs,
      rollbacks.map((at) => at.get(alpha) ?? null),
      `α = ${alpha}`,
    )
  const ours = oursAt(0.01)
  const measured = new Map<string, Harm>()
  const documented: Record<string, Harm> = {}
  for (const { name, asDocumented, tunable } of contenders) {
    const n = name === 'Kayenta' ? effort.kayenta : logs.length
    const measure = (label: string, judge: Judge): Harm =>
      harmOf(logs.slice(0, n), minutes.slice(0, n).map(judge), label)
    for (const { label, judge } of asDocumented(signal)) documented[`${name}: ${label}`] = measure(label, judge)
    for (const { label, judge } of tunable(signal)) {
      const key = `${name}|${label}`
      if (Object.values(tunings).some((allowed) => allowed.has(key))) measured.set(key, measure(label, judge))
    }
  }
  const unstopped = logs.reduce((sum, log) => sum + (log.harmed[releaseSeconds] ?? 0), 0) / logs.length
  const never: Harm = { harmed: unstopped, rolledBack: 0, medianSeconds: null, label: 'no setting stays within 1 %' }
  const others = Object.fromEntries(
    Object.entries(tunings).map(([tuning, allowed]) => [
      tuning,
      Object.fromEntries(contenders.map(({ name }) => [name, best(name, allowed, measured) ?? never])),
    ]),
  )
  return {
    scenario: scenario.name,
    unstopped,
    ours,
    byAlpha: alphas.map((alpha) => oursAt(alpha).harmed),
    others,
    documented,
  }
}

function best(name: string, allowed: Allowed, measured: ReadonlyMap<string, Harm>): Harm | undefined {
  let least: Harm | undefined
  for (const [key, harm] of measured) {
    if (!key.startsWith(`${name}|`) || !allowed.has(key)) continue
    if (least === undefined || harm.harmed < least.harmed) least = harm
  }
  return least
}

function harmOf(logs: readonly RequestLog[], rolledBackAt: readonly (number | null)[], label: string): Harm {
  const harmed = logs.reduce((sum, log, index) => sum + (log.harmed[rolledBackAt[index] ?? releaseSeconds] ?? 0), 0)
  const times = rolledBackAt.filter((at) => at !== null).sort((a, b) => a - b)
  return {
    harmed: harmed / logs.length,
    rolledBack: times.length / logs.length,
    medianSeconds: times.length * 2 < logs.length ? null : (times[Math.floor(logs.length / 2)] ?? times.at(-1) ?? null),
    label,
  }
}
