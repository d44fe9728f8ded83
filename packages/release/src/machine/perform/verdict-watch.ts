import { latencyBoundsMs, outcomes } from '@seaworthy/gateway'
import {
  advance,
  beginReading,
  type CounterEvents,
  consequenceOf,
  type Decision,
  extend,
  type Reading,
  type Rule,
  readPages,
  replay,
  step,
  unreadableBatch,
  type VerdictState,
} from '../../verdict/index.ts'
import type { ReleasePorts } from '../ports.ts'
import type { ReleaseState } from '../release-state.ts'
import { ownCounters } from './own-counters.ts'

const layout = { latencyBoundsMs, outcomes }

/** What a watch tells its release, one a poll. */
export type Sighting =
  | { readonly kind: 'decision'; readonly decision: Decision }
  | { readonly kind: 'passed'; readonly decision: Decision }
  | { readonly kind: 'harm'; readonly decision: Decision }
  | { readonly kind: 'hold'; readonly decision: Decision; readonly recovers: boolean }

/** The verdict of a release as its journal holds it: rebuilt from every stored batch, and the reading to go on from. */
async function recall(
  ports: ReleasePorts,
  release: ReleaseState,
  rule: Rule,
): Promise<{ state: VerdictState; reading: Reading | undefined }> {
  const stored = await ports.journal.entries(release.id)
  const { state } = replay(
    rule,
    stored.map(({ entry }) => entry),
  )
  return { state, reading: stored.findLast(({ reading }) => reading !== undefined)?.reading }
}

/** Restarts and memory kills of both versions since the last look, as events whose coin is the share of running time. */
async function exposed(
  ports: ReleasePorts,
  release: ReleaseState,
  last: Map<string, number>,
): Promise<CounterEvents[]> {
  const seen = await ports.engine.exposure(release.service)
  const of = (version: string): { restarts: number; seconds: number } => {
    const found = seen.find((each) => each.version === version)
    return { restarts: found?.restarts ?? 0, seconds: found?.replicaSeconds ?? 0 }
  }
  const fresh = (key: string, value: number): number => {
    const before = last.get(key)
    last.set(key, value)
    return before === undefined ? 0 : Math.max(0, value - before)
  }
  const [canary, baseline] = [of(release.to), of(release.from)]
  const seconds = {
    canary: fresh('canary-seconds', canary.seconds),
    baseline: fresh('baseline-seconds', baseline.seconds),
  }
  const counts = { canary: fresh('canary', canary.restarts), baseline: fresh('baseline', baseline.restarts) }
  const total = seconds.canary + seconds.baseline
  if (total <= 0 || counts.canary + counts.baseline === 0) return []
  const share = Number(Math.min(0.999, Math.max(0.001, seconds.canary / total)).toFixed(3))
  return [{ counter: 'restarts', counts: [{ share, ...counts }] }]
}

/**
 * Looks at the counters every `pollMs`, writes each batch into the journal, and tells what the verdict says of it. Ends
 * when the caller stops listening. After a restart it goes on from the stored reading: nothing is forgotten, nothing counted twice.
 */
export async function* watchVerdict(
  ports: ReleasePorts,
  release: ReleaseState,
  rule: Rule,
  at: { readonly step: number; readonly extendMs: number },
  signal: AbortSignal,
): AsyncGenerator<Sighting> {
  const recalled = await recall(ports, release, rule)
  let verdict = recalled.state
  let reading = recalled.reading
  while (verdict.step < at.step) {
    await ports.journal.append(release.id, { entry: { kind: 'advance' } })
    verdict = advance(verdict)
  }
  if (at.extendMs > 0) {
    await ports.journal.append(release.id, { entry: { kind: 'extend', ms: at.extendMs } })
    verdict = extend(verdict, at.extendMs)
  }
  const exposures = new Map<string, number>()
  const own = new Map<string, number>()
  const share = rule.steps[at.step]?.share ?? 1
  const ownGrowth = (): Promise<readonly CounterEvents[]> =>
    ownCounters(ports, release, rule, share, own, signal).catch(() => [])
  await exposed(ports, release, exposures)
  await ownGrowth()
  let before = ports.ticks()
  while (!signal.aborted) {
    await ports.sleep(ports.pollMs, signal)
    const pages = await ports.engine.counters().catch(() => [])
    const restarts = await exposed(ports, release, exposures).catch(() => [])
    // A batch without pages takes no counters; what is not read now is read with the next.
    const counters = pages.length === 0 ? restarts : [...restarts, ...(await ownGrowth())]
    const now = ports.ticks()
    const poll = { pages, at: ports.now(), elapsedMs: Math.round(now - before), counters }
    before = now
    // The first readable page is where counting begins: what came before belongs to no release.
    if (reading === undefined && pages.length > 0) reading = beginReading(rule, layout, pages)
    const read =
      reading === undefined
        ? { reading, batch: unreadableBatch(poll.at, poll.elapsedMs) }
        : readPages(rule, layout, reading, poll)
    reading = read.reading
    const taken = step(verdict, read.batch)
    verdict = taken.state
    await ports.journal.append(release.id, {
      entry: { kind: 'batch', batch: read.batch },
      decision: taken.decision,
      ...(reading && { reading }),
    })
    yield sightingOf(taken.decision)
  }
}

function sightingOf(decision: Decision): Sighting {
  switch (consequenceOf(decision)) {
    case 'wait':
      return { kind: 'decision', decision }
    case 'go-on':
      return { kind: 'passed', decision }
    case 'roll-back':
      return { kind: 'harm', decision }
    case 'hold':
      return {
        kind: 'hold',
        decision,
        recovers: decision.kind === 'no-data' || decision.kind === 'source-down' || decision.kind === 'over-limit',
      }
  }
}
