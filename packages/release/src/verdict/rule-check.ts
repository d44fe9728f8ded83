import { Problem } from '@seaworthy/model'
import type { MetricRule, Rule } from './rule.ts'

/** Every contradiction in a rule, as sentences; none when the rule can be used. */
export function ruleFaults(rule: Rule): readonly string[] {
  const faults: string[] = []
  const expect = (holds: boolean, fault: string): void => {
    if (!holds) faults.push(fault)
  }
  for (const name of ['alpha', 'beta', 'routingAlpha'] as const) {
    expect(rule[name] > 0 && rule[name] < 1, `${name} must lie between 0 and 1, not ${rule[name]}`)
  }
  for (const name of ['windowMs', 'restartMs', 'idleMs', 'sourceMs'] as const) {
    expect(rule[name] > 0, `${name} must be above 0, not ${rule[name]}`)
  }
  expect(rule.doubt > 1, `doubt must be above 1, not ${rule.doubt}`)
  expect(rule.settleMs >= 0, `settleMs must be 0 or more, not ${rule.settleMs}`)
  expect(rule.baseline !== rule.canary, `baseline and canary are the same version, ${rule.canary}`)
  expect(rule.steps.length > 0, 'a rule needs at least one step')
  rule.steps.forEach(({ share, deadlineMs, minRequests }, index) => {
    expect(share > 0 && share <= 1, `step ${index + 1}: the share must lie above 0 and at most at 1, not ${share}`)
    expect(deadlineMs > 0 && minRequests >= 0, `step ${index + 1}: deadline and requests must not be negative`)
  })
  expect(rule.harmRatios.length > 0 && rule.harmRatios.every((ratio) => ratio > 1), 'harmRatios must all be above 1')
  expect(sumsToOne(rule.safeRatios.map(({ weight }) => weight)), 'the weights of safeRatios must sum to 1')
  expect(rule.metrics.length > 0, 'a rule needs at least one metric')
  expect(sumsToOne(rule.metrics.map(({ weight }) => weight)), 'the weights of the metrics must sum to 1')
  expect(new Set(rule.metrics.map(({ name }) => name)).size === rule.metrics.length, 'two metrics have the same name')
  expect(
    rule.metrics.some(({ safety }) => safety),
    'no metric can show safety, so no step could ever pass',
  )
  for (const metric of rule.metrics) faults.push(...metricFaults(rule, metric))
  return faults
}

function metricFaults(rule: Rule, metric: MetricRule): readonly string[] {
  const { name, weight, tolerated, refused, floor, limit, burnInMs } = metric
  const faults: string[] = []
  if (!(weight > 0)) faults.push(`${name}: the weight must be above 0, not ${weight}`)
  if (!(tolerated >= 1)) faults.push(`${name}: the tolerated ratio must be at least 1, not ${tolerated}`)
  if (!(refused > 1 && refused >= tolerated)) {
    faults.push(`${name}: the refused ratio must be above 1 and not below the tolerated ${tolerated}, not ${refused}`)
  }
  if (rule.safeRatios.some(({ ratio }) => !(ratio > 0 && ratio < refused))) {
    faults.push(`${name}: safeRatios must lie between 0 and the refused ratio ${refused}`)
  }
  if (metric.shares === 'counted' && metric.count === 'vote') {
    faults.push(`${name}: votes need a coin whose share is known; count each event when shares are only counted`)
  }
  for (const [what, rate] of [
    ['floor', floor],
    ['limit', limit],
  ] as const) {
    if (rate !== undefined && !(rate > 0 && rate < 1))
      faults.push(`${name}: the ${what} must lie between 0 and 1, not ${rate}`)
  }
  if (!(burnInMs >= 0)) faults.push(`${name}: the burn-in must be 0 or more, not ${burnInMs}`)
  return faults
}

function sumsToOne(weights: readonly number[]): boolean {
  return weights.every((weight) => weight > 0) && Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9
}

/** Throws a Problem (SW7901) with every contradiction of the rule. */
export function checkRule(rule: Rule): void {
  const faults = ruleFaults(rule)
  if (faults.length === 0) return
  throw new Problem({
    code: 'SW7901',
    message: `The decision rule of ${rule.service} cannot be used: ${faults.join('; ')}.`,
    where: { path: `services.${rule.service}.rollout.verdict` },
    hint: 'Mend the named values; a rule is fixed before the first request and not changed afterwards.',
  })
}
