import type { CounterEvents, Rule } from '../../verdict/index.ts'
import type { ReleasePorts } from '../ports.ts'
import type { ReleaseState } from '../release-state.ts'

/** The service's own counters that a rule compares; restarts come from the engine. */
function ownNames(rule: Rule): readonly string[] {
  return rule.metrics.flatMap(({ source }) =>
    source.kind === 'counter' && source.counter !== 'restarts' ? [source.counter] : [],
  )
}

/** The sum of a counter's samples over all labels in an OpenMetrics or Prometheus text; `name_total` is the same counter. */
export function counterTotal(text: string, name: string): number {
  let total = 0
  for (const line of text.split('\n')) {
    const [, found, value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{.*\})?\s+(\S+)/.exec(line) ?? []
    if (found !== name && found !== `${name}_total`) continue
    const number = Number(value)
    if (Number.isFinite(number) && number >= 0) total += number
  }
  return total
}

/**
 * What a service's own counters (`rollout.verdict.metrics`, read from `/metrics` of each ready replica) have grown by since
 * the last look, with the share of traffic as the coin. A replica seen for the first time counts from there; one whose counter
 * fell has restarted and counts from zero. Throws when a replica can't be read: a look at one version only would blame the
 * other, and counters are cumulative, so the next look has everything.
 */
export async function ownCounters(
  ports: Pick<ReleasePorts, 'engine' | 'fetch' | 'pollMs'>,
  release: Pick<ReleaseState, 'service' | 'from' | 'to'>,
  rule: Rule,
  share: number,
  last: Map<string, number>,
  signal: AbortSignal,
): Promise<readonly CounterEvents[]> {
  const names = ownNames(rule)
  if (names.length === 0) return []
  const limit = AbortSignal.any([signal, AbortSignal.timeout(Math.max(2_000, ports.pollMs))])
  const textsOf = async (version: string): Promise<readonly { replica: string; text: string }[]> => {
    const targets = await ports.engine.preview(release.service, version)
    return Promise.all(
      targets.map(async ({ replica, url }) => {
        const answer = await ports.fetch(new URL('/metrics', url), { signal: limit })
        if (!answer.ok) throw new Error(`${replica} answered /metrics with ${answer.status}`)
        return { replica, text: await answer.text() }
      }),
    )
  }
  const [canary, baseline] = await Promise.all([textsOf(release.to), textsOf(release.from)])
  const grown = (arm: typeof canary, name: string): number =>
    arm.reduce((sum, { replica, text }) => sum + growth(last, `${replica} ${name}`, counterTotal(text, name)), 0)
  return names.flatMap((counter) => {
    const counts = { share, canary: grown(canary, counter), baseline: grown(baseline, counter) }
    return counts.canary + counts.baseline > 0 ? [{ counter, counts: [counts] }] : []
  })
}

function growth(last: Map<string, number>, key: string, now: number): number {
  const before = last.get(key)
  last.set(key, now)
  if (before === undefined) return 0
  return now < before ? now : now - before
}
