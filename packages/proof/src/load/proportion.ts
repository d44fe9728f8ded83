import { binomial } from './binomial.ts'

/** A share of events, as counted, with an interval that holds the true share. */
export interface Proportion {
  readonly events: number
  readonly n: number
  /** events / n; NaN of none. */
  readonly share: number
  /** Bounds in 0..1. */
  readonly low: number
  readonly high: number
}

/**
 * The exact interval of Clopper & Pearson (1934): the bounds are the shares at which what was seen, or more extreme, has
 * probability (1 - confidence)/2. It never covers less than `confidence` (0..1). No events in n give 0 .. 1-((1-confidence)/2)^(1/n).
 */
export function proportion(events: number, n: number, confidence: number): Proportion {
  const miss = (1 - confidence) / 2
  if (n === 0) return { events, n, share: Number.NaN, low: 0, high: 1 }
  const low = events === 0 ? 0 : bisect((p) => 1 - binomial(n, p).cumulative(events - 1) < miss)
  const high = events === n ? 1 : bisect((p) => binomial(n, p).cumulative(events) > miss)
  return { events, n, share: events / n, low, high }
}

/** The place in 0..1 at which a test that holds below it stops holding. Bisects on a logarithmic scale first: shares are often tiny. */
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
