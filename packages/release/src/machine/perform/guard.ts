import type { CounterPage } from '@seaworthy/gateway'
import { outcomes } from '@seaworthy/gateway'
import { rateBound } from '../../verdict/index.ts'

/** Requests and failures of one version. */
export interface VersionCount {
  readonly requests: number
  readonly failures: number
}

const columns = outcomes.map((outcome) => ({
  counted: outcome !== 'client-abort',
  failure: outcome === 'server-error' || outcome === 'timeout' || outcome === 'unavailable',
}))

/** What the gateway has counted of a version so far. */
export function countOf(pages: readonly CounterPage[], service: string, version: string): VersionCount {
  let requests = 0
  let failures = 0
  for (const row of pages.flatMap((page) => page.rows)) {
    if (row.service !== service || row.version !== version) continue
    const width = row.counts.length / outcomes.length
    row.counts.forEach((count, i) => {
      const column = columns[Math.floor(i / width)]
      if (column?.counted) requests += count
      if (column?.failure) failures += count
    })
  }
  return { requests, failures }
}

/** What a version is held to after it has taken all traffic. */
export interface Guard {
  /** Share of failures promised, 0..1, where the catalog promises one. */
  readonly limit: number | undefined
  /** Ratio to the previous version's rate that counts as harm, > 1. */
  readonly ratio: number
  /** Chance of a false alarm, 0..1, however often it is looked at. */
  readonly alpha: number
}

/**
 * Whether the new version, alone, has been shown to fail more than it may: its failure rate is above the promise, or above
 * `ratio` times that of the previous version before the switch (both by confidence sequences, `rateBound`). Unlike a
 * comparison side by side this one takes for granted that traffic and surroundings did not change with the switch.
 */
export function guardBroken(before: VersionCount, now: VersionCount, guard: Guard): string | undefined {
  if (now.failures === 0) return undefined
  const alpha = guard.alpha / (guard.limit === undefined ? 2 : 3)
  const least = 1 - rateBound({ requests: now.requests, events: now.requests - now.failures }, alpha)
  const shown = `${now.failures} of ${now.requests} requests failed: at least ${percent(least)}`
  if (guard.limit !== undefined && least > guard.limit)
    return `${shown}, more than the ${percent(guard.limit)} that are promised`
  if (before.requests === 0) return undefined
  const most = rateBound({ requests: before.requests, events: before.failures }, alpha) * guard.ratio
  return least > most
    ? `${shown}, more than ${guard.ratio} times what the previous version could have failed (${percent(most / guard.ratio)})`
    : undefined
}

function percent(rate: number): string {
  return `${Number((rate * 100).toPrecision(2))} %`
}
