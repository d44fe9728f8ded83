import type { DecisionFacts, DecisionKind, MetricBar } from './decision.ts'
import { counted, duration, percent, plain } from './numbers.ts'
import type { Rule } from './rule.ts'

/** The decision and its reason in one or two sentences: what was seen, what it is measured against, what follows. */
export function sentenceOf(rule: Rule, kind: DecisionKind, facts: Omit<DecisionFacts, 'sentence'>): string {
  const where = `${duration(facts.stepElapsedMs)} at ${percent(facts.share)}`
  switch (kind.kind) {
    case 'warming-up':
      return `Warming up: nothing is judged yet, ${where}.`
    case 'continue':
      return `No decision yet after ${where}. ${nearestHarm(facts.bars)}; ${missingSafety(rule, facts)}.`
    case 'harmful':
      return harmSentence(rule, kind.metric, facts)
    case 'safe':
      return `Go on: ${where} showed every metric to be safe (${safeties(facts.bars)}; ${plain(1 / rule.beta)} needed).`
    case 'no-data':
      return (
        `Hold: the canary has no requests to judge (${counted(facts.requests.canary, 'request')} in ${where}, ` +
        `the baseline ${facts.requests.baseline.toLocaleString('en-US')}). No data is no evidence of health.`
      )
    case 'routing-broken':
      return (
        `Hold: requests do not fall on ${rule.canary} as its share of ${percent(facts.share)} says ` +
        `(${plain(facts.mismatch)} to 1; ${plain(1 / rule.routingAlpha)} needed). The counts can’t be trusted, so nothing is judged.`
      )
    case 'source-down':
      return `Hold: the counters of ${rule.service} can’t be read. What can’t be seen is not judged.`
    case 'over-limit':
      return (
        `Hold: "${kind.metric}" of both versions together is beyond its limit. That does not speak against ` +
        `${rule.canary} alone (${against(barOf(facts.bars, kind.metric))}), but nothing goes on meanwhile.`
      )
    case 'underpowered':
      return (
        `${{ hold: 'Hold and ask', promote: 'Go on as the catalog says', rollback: 'Roll back as the catalog says' }[kind.policy]}: ` +
        `${where} did not show enough. ${nearestHarm(facts.bars)}; ${missingSafety(rule, facts)}.`
      )
    default:
      return kind satisfies never
  }
}

function harmSentence(rule: Rule, metric: string, facts: Omit<DecisionFacts, 'sentence'>): string {
  const bar = barOf(facts.bars, metric)
  return (
    `Roll back ${rule.canary}: "${metric}" fell on it ${bar.canary.toLocaleString('en-US')} of ` +
    `${counted(bar.canary + bar.baseline, 'time')}, where its share explains ${plain(bar.expected)}. ` +
    `That speaks ${against(bar)}${rule.combine === 'average' ? ', all metrics weighed together' : ''}, after ${duration(facts.elapsedMs)}.`
  )
}

function against(bar: MetricBar): string {
  return `${plain(bar.harm)} to 1 against "no worse"; ${plain(bar.harmNeeded)} to 1 is needed`
}

function nearestHarm(bars: readonly MetricBar[]): string {
  const nearest = bars.reduce((most, bar) => (bar.harm / bar.harmNeeded > most.harm / most.harmNeeded ? bar : most))
  return `Nearest to harm: "${nearest.metric}", ${plain(nearest.harm)} of ${plain(nearest.harmNeeded)} to 1`
}

function missingSafety(rule: Rule, { bars, requests, step }: Omit<DecisionFacts, 'sentence'>): string {
  const waiting = bars.filter((bar) => bar.safety !== null && bar.safety < bar.safetyNeeded)
  const least = waiting.reduce<MetricBar | undefined>(
    (low, bar) => (low === undefined || (bar.safety ?? 0) < (low.safety ?? 0) ? bar : low),
    undefined,
  )
  const asked = rule.steps[step]?.minRequests ?? 0
  if (least === undefined && requests.canary >= asked)
    return `safety is shown but for that doubt (above ${plain(rule.doubt)} to 1)`
  if (least === undefined) return `safety waits for requests, ${requests.canary} of ${asked}`
  return `safety waits for "${least.metric}", ${plain(least.safety ?? 0)} of ${plain(least.safetyNeeded)} to 1`
}

function safeties(bars: readonly MetricBar[]): string {
  return bars
    .filter((bar) => bar.safety !== null)
    .map((bar) => `"${bar.metric}" ${plain(bar.safety ?? 0)} to 1`)
    .join(', ')
}

function barOf(bars: readonly MetricBar[], metric: string): MetricBar {
  const found = bars.find((bar) => bar.metric === metric)
  if (found === undefined) throw new RangeError(`no bar of "${metric}"`)
  return found
}
