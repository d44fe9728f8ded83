import { logBeta } from './factorial.ts'
import type { Frequency } from './limit.ts'

/**
 * The rate (0..1) that the true one stays below at every moment with probability ≥ 1 − α: the greatest p with
 * p^k(1−p)^(n−k) > α · B(½+k, ½+n−k)/B(½, ½) (beta mixture; Robbins 1970, Howard et al. 2021). 1 without requests.
 */
export function rateBound({ requests, events }: Frequency, alpha: number): number {
  if (requests === 0) return 1
  const quiet = Math.max(0, requests - events)
  const needed = Math.log(alpha) + logBeta(0.5 + events, 0.5 + quiet) - logBeta(0.5, 0.5)
  const log = (rate: number): number => (events === 0 ? 0 : events * Math.log(rate)) + quiet * Math.log1p(-rate)
  let inside = events / (events + quiet)
  let outside = 1
  for (let halving = 0; halving < 80; halving++) {
    const middle = (inside + outside) / 2
    if (log(middle) > needed) inside = middle
    else outside = middle
  }
  return outside
}
