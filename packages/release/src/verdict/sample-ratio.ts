import { type ArmCount, logFactors, logSum } from './coin.ts'

/**
 * Odds of the canary against what the coin promises, both ways. The nearest are 5 % off, so a share that is
 * a fraction of a percent out (rounding) is never called broken, however many requests there are.
 */
export const oddsTried: readonly number[] = [0.25, 0.5, 0.67, 0.8, 0.9, 0.95, 1.05, 1.1, 1.25, 1.5, 2, 4]

/**
 * ln of the evidence that requests did not fall as the coin says: each draw is a coin of bias ρ under the null, and of bias
 * θ(odds;ρ) under an alternative, averaged over `oddsTried`. An e-process, so it may be looked at all the time
 * (sample-ratio mismatch after Lindon & Malek 2022, with a grid in place of their Dirichlet prior).
 */
export function logMismatch(draws: readonly ArmCount[]): number {
  const worths = oddsTried.map((odds) => {
    let worth = 0
    for (const { share, canary, baseline } of draws) {
      const factors = logFactors(odds, 1, share)
      worth += canary * factors.canary + baseline * factors.baseline
    }
    return worth
  })
  return logSum(worths) - Math.log(oddsTried.length)
}
