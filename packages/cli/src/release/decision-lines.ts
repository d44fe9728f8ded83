import type { Decision, MetricBar } from '@seaworthy/release'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'

const width = 24

/** How far evidence has come towards its threshold, as a bar: both are odds, so the scale is logarithmic. */
export function evidenceBar(evidence: number, needed: number): string {
  const part = needed <= 1 ? 0 : Math.log(Math.max(1, evidence)) / Math.log(needed)
  const filled = Math.max(0, Math.min(width, Math.round(part * width)))
  return `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`
}

/** Odds as people read them. */
function odds(value: number): string {
  if (value >= 1e6) return 'over a million'
  return value >= 10 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}

function barLines(bar: MetricBar, io: Io): string[] {
  const { bad, good, dim } = paint(io.color)
  const counts = `${bar.canary} new, ${bar.baseline} old (${Number(bar.expected.toFixed(1))} expected on new)`
  const line = (what: string, evidence: number, needed: number, color: (text: string) => string): string =>
    `    ${what}  ${color(evidenceBar(evidence, needed))}  ${odds(evidence)} to 1 of ${odds(needed)}`
  return [
    `  ${bar.metric}: ${dim(counts)}`,
    line('harm  ', bar.harm, bar.harmNeeded, bad),
    ...(bar.safety === null ? [] : [line('safety', bar.safety, bar.safetyNeeded, good)]),
  ]
}

/** One decision: where the step stands, the evidence of each metric against its threshold, and the sentence that explains it. */
export function decisionLines(decision: Decision, io: Io): string[] {
  const { dim } = paint(io.color)
  const share = Number((decision.share * 100).toFixed(1))
  const seconds = Math.round(decision.stepElapsedMs / 1000)
  return [
    `step ${decision.step + 1}, ${share} % to the new version, ${seconds} s, ${decision.requests.canary} requests on it and ${decision.requests.baseline} on the old one`,
    ...decision.bars.flatMap((bar) => barLines(bar, io)),
    dim(`  ${decision.sentence}`),
  ]
}
