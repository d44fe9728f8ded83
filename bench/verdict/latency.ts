import { latencyBounds } from './log.ts'

/** Probabilities of the latency buckets; they sum to 1. */
export type LatencyShape = readonly number[]

/** A lognormal latency of median 80 ms and spread 0.6 (p99 ≈ 323 ms), every answer `factor` times slower. */
export function lognormalShape(factor = 1): LatencyShape {
  const below = [...latencyBounds.map((bound) => normalBelow(Math.log(bound / (80 * factor)) / 0.6)), 1]
  return below.map((value, index) => value - (below[index - 1] ?? 0))
}

/** The shape with a part of the requests taking 1 to 2 s longer. */
export function withTail(shape: LatencyShape, part: number): LatencyShape {
  const late = latencyBounds.indexOf(2000)
  return shape.map((probability, index) => probability * (1 - part) + (index === late ? part : 0))
}

/** The shape with a part of the requests hanging beyond every bound. */
export function withHang(shape: LatencyShape, part: number): LatencyShape {
  return shape.map((probability, index) => probability * (1 - part) + (index === shape.length - 1 ? part : 0))
}

/** P(slower than the bound). */
export function tailOf(shape: LatencyShape, boundMs: number): number {
  return shape.slice(latencyBounds.indexOf(boundMs) + 1).reduce((sum, probability) => sum + probability, 0)
}

/** Standard normal distribution (Abramowitz & Stegun 7.1.26; error below 2·10⁻⁷). */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  const tail = 0.5 * series * Math.exp(-x * x)
  return z > 0 ? 1 - tail : tail
}
