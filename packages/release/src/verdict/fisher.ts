import { logSum } from './coin.ts'
import { logChoose } from './factorial.ts'

/** One batch of requests to two versions whose shares nobody vouches for: whole numbers ≥ 0. */
export interface Table {
  readonly canaryRequests: number
  readonly baselineRequests: number
  readonly canaryEvents: number
  readonly baselineEvents: number
}

/**
 * ln of the likelihood ratio of odds ratio ψ against ψ0 for one batch, given its requests and its number of events
 * (Fisher's noncentral hypergeometric distribution; the e-value of Turner, Ly & Grünwald's safestats, `logEValueVec2x2LogOddsGrow`):
 * ψ^k/Σ_j C(n_c,j)C(n_b,K−j)ψ^j over the same with ψ0. It does not use the shares, so it holds behind anyone's load balancer.
 */
export function logOddsEvidence(oddsRatio: number, nullOddsRatio: number, table: Table): number {
  const { canaryEvents, baselineEvents } = table
  const events = canaryEvents + baselineEvents
  if (events === 0) return 0
  const shift = canaryEvents * (Math.log(oddsRatio) - Math.log(nullOddsRatio))
  return shift - logNormalizer(table, events, oddsRatio) + logNormalizer(table, events, nullOddsRatio)
}

/** ln Σ_j C(n_c,j)·C(n_b,K−j)·ψ^j. */
function logNormalizer({ canaryRequests, baselineRequests }: Table, events: number, oddsRatio: number): number {
  const first = Math.max(0, events - baselineRequests)
  const last = Math.min(canaryRequests, events)
  const logOdds = Math.log(oddsRatio)
  const terms: number[] = []
  // Neighbouring terms differ by a rational factor, so only the first needs factorials.
  let term = logChoose(canaryRequests, first) + logChoose(baselineRequests, events - first) + first * logOdds
  for (let j = first; j <= last; j++) {
    terms.push(term)
    const next = ((canaryRequests - j) * (events - j)) / ((j + 1) * (baselineRequests - events + j + 1))
    term += Math.log(next) + logOdds
  }
  return logSum(terms)
}
