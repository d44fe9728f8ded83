import { duration, percent, plain } from './numbers.ts'
import type { Plan, PlannedDetection, PlannedMetric, PlannedStep } from './plan.ts'
import { trafficToDetect } from './plan-traffic.ts'

/** The plan as a person reads it before the first request: a line for the promise, then the steps and what each can find. */
export function planSentences(plan: Plan): readonly string[] {
  const { rule, traffic } = plan
  const promise =
    `At ${plain(traffic.requestsPerSecond)} requests/s: at most ${percent(rule.alpha)} of harmless releases are rolled back, ` +
    `at most ${percent(rule.beta)} of steps pass with a metric ${ratios(plan)} times worse${promised(plan)}.`
  return [promise, ...plan.steps.flatMap((step) => stepSentences(plan, step)), ...thinTraffic(plan)]
}

function ratios({ rule }: Plan): string {
  const asked = rule.metrics.filter(({ safety }) => safety).map(({ refused }) => refused)
  const least = Math.min(...asked)
  return Math.max(...asked) === least ? plain(least) : `${plain(least)} or more`
}

/** A metric with a promised rate is safe while it is kept. */
function promised({ rule }: Plan): string {
  const floors = rule.metrics.filter(({ safety, floor }) => safety && floor !== undefined)
  if (floors.length === 0) return ''
  return ` and beyond its promised rate (${floors.map(({ name, floor }) => `${name} ${percent(floor ?? 0)}`).join(', ')})`
}

function stepSentences(plan: Plan, { step, metrics, passSeconds, passesInTime }: PlannedStep): readonly string[] {
  const deadline = duration(step.deadlineMs)
  const pass = passesInTime
    ? `a good release passes in about ${duration((passSeconds ?? 0) * 1000)}`
    : `a good release can’t be shown to be safe within ${deadline}; then the release ${policyText(plan.rule.underpowered)}`
  return [`${percent(step.share)}: ${pass}.`, ...metrics.map((metric) => `  ${metricSentence(metric, deadline)}`)]
}

function policyText(policy: Plan['rule']['underpowered']): string {
  return {
    hold: 'holds and asks',
    promote: 'goes on, as the catalog says',
    rollback: 'goes back, as the catalog says',
  }[policy]
}

function metricSentence({ metric, rate, detections }: PlannedMetric, deadline: string): string {
  const found = detections.filter(({ isInTime }) => isInTime).map(found1)
  const missed = detections.filter(({ isInTime }) => !isInTime).map(({ ratio }) => `${plain(ratio)}×`)
  const parts = [...found.reverse(), ...(missed.length === 0 ? [] : [`${missed.join(' and ')} not within ${deadline}`])]
  return `${metric} (${percent(rate)} today): ${parts.join('; ')}`
}

function found1({ ratio, seconds }: PlannedDetection): string {
  return `${plain(ratio)}× found in ${duration((seconds ?? 0) * 1000)}`
}

/** What would help where the refused ratio cannot be found in time. */
function thinTraffic({ rule, traffic, steps }: Plan): readonly string[] {
  const lines: string[] = []
  for (const metric of rule.metrics.filter(({ safety, name }) => safety && (traffic.rates[name] ?? 0) > 0)) {
    const last = steps.length - 1
    const need = trafficToDetect(rule, traffic, metric.name, metric.refused, last)
    if (need.inject === 0) continue
    lines.push(
      need.inject === null
        ? `${plain(metric.refused)}× on ${metric.name} can’t be found within the deadline at any traffic; choose a longer one.`
        : `${plain(metric.refused)}× on ${metric.name} needs ${plain(need.requestsPerSecond ?? 0)} requests/s at ` +
            `${percent(steps[last]?.step.share ?? 0)}: inject ${plain(need.inject)}/s, allow more time, or accept a floor.`,
    )
  }
  return lines
}
