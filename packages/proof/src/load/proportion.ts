import { binomial } from './binomial.ts'
import { effectiveSize } from './effective-size.ts'

/** A share of events, as counted, with an interval that holds the true share. */
export interface Proportion {
  readonly events: number
  readonly n: number
  /** events / n; 0 of none. */
  readonly share: number
  /** Bounds in 0..1. */
  readonly low: number
  readonly high: number
}

/** How many of how many, in one stretch of time. */
export interface Counts {
  n: number
  events: number
}

/**
 * The exact interval of Clopper & Pearson (1934): the bounds are the shares at which what was seen, or more extreme, has
 * probability (1 - confidence)/2. It never covers less than `confidence` (0..1) if events are independent. No events in n give
 * 0 .. 1-((1-confidence)/2)^(1/n).
 */
export function proportion(events: number, n: number, confidence: number): Proportion {
  return { events, n, share: n === 0 ? 0 : events / n, ...clopperPearson(events, n, confidence) }
}

/**
 * The same when events come in clumps, as errors do in an outage: the interval of the effective sample size (Korn & Graubard
 * 1998, eq. 2). Where no event was seen nothing is known about clumps, and it is the interval of independent events.
 */
export function proportionInTime(blocks: readonly Counts[], confidence: number): Proportion {
  const n = blocks.reduce((sum, block) => sum + block.n, 0)
  const events = blocks.reduce((sum, block) => sum + block.events, 0)
  if (events === 0 || events === n) return proportion(events, n, confidence)
  const share = events / n
  const squares = blocks.reduce((sum, block) => sum + (block.events - share * block.n) ** 2, 0)
  const size = effectiveSize({ n, share, squares, blocks: blocks.length, confidence }).size
  return { events, n, share, ...clopperPearson(share * size, size, confidence) }
}

/** With whole counts, or with counts of an effective sample, which are rounded outwards. */
function clopperPearson(
  events: number,
  n: number,
  confidence: number,
): { readonly low: number; readonly high: number } {
  const miss = (1 - confidence) / 2
  if (n === 0) return { low: 0, high: 1 }
  const [fewest, most] = [Math.floor(events), Math.min(n, Math.ceil(events))]
  const low = fewest === 0 ? 0 : bisect((p) => 1 - binomial(n, p).cumulative(fewest - 1) < miss)
  const high = most === n ? 1 : bisect((p) => binomial(n, p).cumulative(most) > miss)
  return { low, high }
}

/** The place in 0..1 at which a test that holds below it stops holding; first looked for in steps of 8, since shares are often tiny. */
function bisect(holdsBelow: (p: number) => boolean): number {
  let [low, high] = [0, 1]
  let probe = 1e-12
  while (probe < 0.5 && holdsBelow(probe)) {
    low = probe
    probe *= 8
  }
  if (probe < 0.5) high = probe
  while (high - low > 1e-9 * high) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (holdsBelow(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}
