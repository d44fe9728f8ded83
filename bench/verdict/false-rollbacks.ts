import type { Contender } from './contender.ts'
import type { RequestLog } from './log.ts'
import { minutesOf, type Signal } from './minutes.ts'
import { alphas, rollbacksByAlpha } from './ours.ts'
import { type Proportion, proportion } from './proportion.ts'
import { releases } from './sample.ts'
import type { Scenario } from './scenario.ts'

/** False rollbacks of one good kind of release, by rule and setting. */
export interface NullRow {
  readonly scenario: string
  readonly ours: Proportion
  /** Part rolled back by our rule with other α, 0..1, in the order of `alphas`. */
  readonly byAlpha: readonly number[]
  /** Documented and default settings of others, by `name: label`. */
  readonly others: Readonly<Record<string, Proportion>>
}

/** How many releases each rule judges; Kayenta's intervals cost a hundred times as much as the others'. */
export interface Effort {
  readonly ours: number
  readonly others: number
  readonly kayenta: number
}

/** The signal that a scenario is about. */
export function signalOf(scenario: Scenario): Signal {
  return scenario.latency === undefined ? 'errors' : 'latency'
}

/** Replays good releases to our rule and to the documented settings of others. */
export function falseRollbacks(
  scenario: Scenario,
  contenders: readonly Contender[],
  effort: Effort,
  seed: number,
): NullRow {
  const signal = signalOf(scenario)
  const settings = contenders.flatMap(({ name, asDocumented }) =>
    asDocumented(signal).map(({ label, judge }) => ({
      key: `${name}: ${label}`,
      judge,
      n: name === 'Kayenta' ? effort.kayenta : effort.others,
    })),
  )
  const hits = new Map(settings.map(({ key }) => [key, 0]))
  const ours = new Map(alphas.map((alpha) => [alpha, 0]))
  let index = 0
  for (const log of releases(scenario, effort.ours, seed)) {
    for (const alpha of rollbacksByAlpha(scenario, log).keys()) ours.set(alpha, (ours.get(alpha) ?? 0) + 1)
    const minutes = index < effort.others ? minutesOf(log, signal) : []
    for (const { key, judge, n } of settings) {
      if (index < n && judge(minutes) !== null) hits.set(key, (hits.get(key) ?? 0) + 1)
    }
    index++
  }
  const others = Object.fromEntries(settings.map(({ key, n }) => [key, proportion(hits.get(key) ?? 0, n)]))
  const byAlpha = alphas.map((alpha) => (ours.get(alpha) ?? 0) / effort.ours)
  return { scenario: scenario.name, ours: proportion(ours.get(0.01) ?? 0, effort.ours), byAlpha, others }
}

/** Part of these logs that each setting rolls back, by `name|label`. */
export function rollbackRates(
  logs: readonly RequestLog[],
  signal: Signal,
  contenders: readonly Contender[],
  kayentaLogs: number,
): ReadonlyMap<string, number> {
  const minutes = logs.map((log) => minutesOf(log, signal))
  const rates = new Map<string, number>()
  for (const { name, tunable } of contenders) {
    const seen = name === 'Kayenta' ? minutes.slice(0, kayentaLogs) : minutes
    for (const { label, judge } of tunable(signal)) {
      rates.set(`${name}|${label}`, seen.filter((held) => judge(held) !== null).length / seen.length)
    }
  }
  return rates
}
