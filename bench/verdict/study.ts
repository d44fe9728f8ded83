import { contenders } from './contenders.ts'
import { changedByReplay, decisionCost } from './cost.ts'
import { diceOf } from './dice.ts'
import { type Effort, falseRollbacks, type NullRow, signalOf } from './false-rollbacks.ts'
import { type HarmRow, harmDone } from './harm.ts'
import { falseRollbacksByLooks, type LooksRow } from './looks.ts'
import type { Signal } from './minutes.ts'
import { ruleFor } from './ours.ts'
import { type Endings, leadReleases, type SteadyRelease } from './promotion.ts'
import { plain, type Scenario } from './scenario.ts'
import { nullScenarios, regressionScenarios } from './scenarios.ts'
import { type Allowed, allowedOn, nullsLike } from './tuning.ts'

/** A steady release led by the verdict, with the setting of the rule. */
export interface EndingRow {
  readonly name: string
  readonly release: SteadyRelease
  readonly endings: Endings
}

/** Everything that the benchmark finds. */
export interface Study {
  readonly effort: Effort
  readonly nulls: readonly NullRow[]
  readonly harm: readonly HarmRow[]
  readonly looks: readonly LooksRow[]
  readonly endings: readonly EndingRow[]
  readonly cost: { readonly microseconds: number; readonly stateBytes: number }
  readonly replayed: { readonly changed: number; readonly decisions: number }
}

/** How much is simulated. */
export interface StudySize {
  readonly nulls: Effort
  readonly tuning: Effort
  readonly harm: Effort
  readonly looks: number
  readonly endings: number
  /** Only every n-th scenario; 1 for all. */
  readonly every: number
  readonly seed: number
}

/** The four ways in which the others' settings are chosen. */
export const tunings = {
  everywhere: 'one setting, ≤ 1 % false rollbacks in every null',
  'same counts': 'one setting, ≤ 1 % in every null but bursts, fed with deduplicated errors',
  informed: 'tuned to this traffic and error rate, and to survive a shared incident; fed with deduplicated errors',
  oracle: 'tuned to this traffic and error rate in steady state only',
} as const

/** Runs the study. `say` hears of progress. */
export function runStudy(size: StudySize, say: (line: string) => void): Study {
  const others = contenders(diceOf(size.seed))
  const part = <T>(items: readonly T[]): readonly T[] => items.filter((_, index) => index % size.every === 0)
  const nulls = part(nullScenarios()).map((scenario) => {
    say(`false rollbacks: ${scenario.name}`)
    return falseRollbacks(scenario, others, size.nulls, size.seed)
  })
  say('tuning the others to every null')
  const everywhere = forBothSignals((signal) => tuneEverywhere(size, signal, false))
  const sameCounts = forBothSignals((signal) => tuneEverywhere(size, signal, true))
  const known = new Map<string, { readonly informed: Allowed; readonly oracle: Allowed }>()
  const harm = part(regressionScenarios()).map((scenario) => {
    say(`harm: ${scenario.name}`)
    const signal = signalOf(scenario)
    const key = `${signal} ${scenario.nominal.requestsPerSecond} ${scenario.nominal.errorRate}`
    const tuned = known.get(key) ?? tuneTo(scenario, size)
    known.set(key, tuned)
    const allowed = { everywhere: everywhere[signal], 'same counts': sameCounts[signal], ...tuned }
    return harmDone(scenario, others, allowed, size.harm, size.seed + 77)
  })
  say('looks, promotions, cost')
  return {
    effort: size.nulls,
    nulls,
    harm,
    looks: falseRollbacksByLooks(size.looks, size.seed),
    endings: endings(size),
    cost: decisionCost(20_000),
    replayed: part(regressionScenarios())
      .map((scenario) => changedByReplay(scenario, size.seed))
      .reduce((sum, one) => ({ changed: sum.changed + one.changed, decisions: sum.decisions + one.decisions })),
  }
}

function forBothSignals<T>(make: (signal: Signal) => T): Readonly<Record<Signal, T>> {
  return { errors: make('errors'), latency: make('latency') }
}

/** One setting for every good release; with `isDeduplicated` it sees what our rule sees, and bursts, which only votes survive, are left out. */
function tuneEverywhere(size: StudySize, signal: Signal, isDeduplicated: boolean): Allowed {
  const asked = nullScenarios().filter(
    (scenario, index) =>
      (signal === 'latency' ? signalOf(scenario) === 'latency' : index % size.every === 0) &&
      !(isDeduplicated && scenario.name.startsWith('bursts')),
  )
  const options = { seed: size.seed + 13, isDeduplicated }
  return allowedOn(asked, signal, contenders(diceOf(size.seed)), size.tuning, options)
}

function tuneTo(scenario: Scenario, size: StudySize): { readonly informed: Allowed; readonly oracle: Allowed } {
  const { steady, incident } = nullsLike(scenario)
  const others = contenders(diceOf(size.seed))
  const signal = signalOf(scenario)
  const options = { seed: size.seed + 13, isDeduplicated: true }
  const oracle = allowedOn([steady], signal, others, size.tuning, options)
  const survives = allowedOn([incident], signal, others, size.tuning, options)
  return { oracle, informed: new Set([...oracle].filter((key) => survives.has(key))) }
}

function endings(size: StudySize): readonly EndingRow[] {
  const grid: readonly (readonly [number, number])[] = [
    [10, 0.005],
    [10, 0.02],
    [100, 0.001],
    [100, 0.005],
    [100, 0.02],
    [1000, 0.001],
    [1000, 0.005],
  ]
  return part(grid, size.every).flatMap(([rps, errorRate]) =>
    [1, 2].flatMap((ratio) => {
      const release: SteadyRelease = { rps, errorRate, ratio }
      const scenario = plain('', { rps, errorRate })
      const floor = Math.max(0.01, 3 * errorRate)
      const name = `${ratio === 1 ? 'good' : 'twice as bad'}, ${errorRate * 100} % at ${rps}/s`
      const rows: EndingRow[] = [
        { name, release, endings: leadReleases(ruleFor(scenario), release, size.endings, size.seed) },
      ]
      if (ratio === 1) {
        const promised = ruleFor(scenario, { errorLimit: floor })
        rows.push({
          name: `${name}, ${Math.round(floor * 100)} % promised`,
          release,
          endings: leadReleases(promised, release, size.endings, size.seed),
        })
      }
      return rows
    }),
  )
}

function part<T>(items: readonly T[], every: number): readonly T[] {
  return items.filter((_, index) => index % every === 0)
}
