import type { Contender } from './contender.ts'
import { type Effort, rollbackRates, signalOf } from './false-rollbacks.ts'
import { lognormalShape } from './latency.ts'
import type { Signal } from './minutes.ts'
import { deduplicated, releases } from './sample.ts'
import { plain, type Scenario } from './scenario.ts'

/** Settings, as `name|label`, whose false rollbacks were at most 1 % wherever they were tried. */
export type Allowed = ReadonlySet<string>

/** Greatest rate of false rollbacks that tuning accepts. */
export const accepted = 0.01

/** Settings that stay within the bound on every one of these scenarios. */
export function allowedOn(
  scenarios: readonly Scenario[],
  signal: Signal,
  contenders: readonly Contender[],
  effort: Effort,
  options: { readonly seed: number; readonly isDeduplicated: boolean },
): Allowed {
  let allowed: Set<string> | undefined
  for (const scenario of scenarios) {
    const drawn = [...releases(scenario, effort.others, options.seed)]
    const logs = options.isDeduplicated ? drawn.map(deduplicated) : drawn
    const rates = rollbackRates(logs, signal, contenders, effort.kayenta)
    const kept = [...rates].filter(([, rate]) => rate <= accepted).map(([key]) => key)
    allowed = allowed === undefined ? new Set(kept) : new Set(kept.filter((key) => allowed?.has(key)))
  }
  return allowed ?? new Set()
}

/** Good releases at the traffic and error rate of a scenario: steady, and with an incident that both versions share. */
export function nullsLike(scenario: Scenario): { readonly steady: Scenario; readonly incident: Scenario } {
  const { requestsPerSecond: rps, errorRate } = scenario.nominal
  const usual = lognormalShape()
  if (signalOf(scenario) === 'latency') {
    const at = (factor: number) => (second: number) => (second >= 300 && second < 480 ? lognormalShape(factor) : usual)
    const latency = (factor: number) => ({ latency: { baseline: at(factor), canary: at(factor) } })
    return {
      steady: plain('steady', { rps, errorRate }, latency(1)),
      incident: plain('incident', { rps, errorRate }, latency(2.5)),
    }
  }
  const shared = (second: number): number => (second >= 300 && second < 480 ? errorRate + 0.05 : errorRate)
  return {
    steady: plain('steady', { rps, errorRate }),
    incident: plain('incident', { rps, errorRate }, { baseline: shared, canary: shared }),
  }
}
