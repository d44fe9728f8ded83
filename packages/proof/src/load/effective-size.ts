import { normalQuantile, studentQuantile } from './student.ts'

/**
 * How many independent observations a clustered sample is worth. `squares` is the sum over blocks of (counted - share·n of the
 * block)². The design effect compares the variance of the share as a ratio estimator over blocks (Cochran 1977, eq. 11.30) with that of
 * independent observations, share(1-share)/n; it is at least 1 here. The size is n/effect · (z/t)² (Korn & Graubard 1998,
 * eq. 2), where t has one degree of freedom less than there are blocks; a whole number ≥ 1.
 */
export function effectiveSize(sample: {
  readonly n: number
  readonly share: number
  readonly squares: number
  readonly blocks: number
  readonly confidence: number
}): { readonly size: number; readonly designEffect: number } {
  const { n, share, squares, blocks, confidence } = sample
  const independent = (share * (1 - share)) / n
  if (blocks < 2 || independent <= 0) return { size: n, designEffect: 1 }
  const clustered = ((blocks / (blocks - 1)) * squares) / n ** 2
  const designEffect = Math.max(1, clustered / independent)
  if (designEffect === 1) return { size: n, designEffect }
  const tail = (1 + confidence) / 2
  const shrink = (normalQuantile(tail) / studentQuantile(tail, blocks - 1)) ** 2
  return { size: Math.max(1, Math.floor((n / designEffect) * shrink)), designEffect }
}
