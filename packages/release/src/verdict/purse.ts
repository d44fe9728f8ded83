import { logSum } from './coin.ts'

/**
 * What a bettor owns who began with 1 and bets against a null hypothesis that makes every bet unprofitable on average.
 * The capital is spread over alternatives by fixed weights, and over starts: some of it is kept back for later, so that
 * harm that begins late is not judged against a long good past. The total is a test martingale for every schedule of
 * starts that does not look ahead (Ville 1939; Ramdas, Grünwald, Vovk & Shafer 2023), so P(worth ever ≥ 1/α) ≤ α.
 */
export interface Purse {
  /** ln of the capital at stake by alternative, in units of that alternative's part; `null` before the first start. */
  readonly staked: readonly number[] | null
  /** How many starts there were. */
  readonly starts: number
  /** Share of the capital not staked yet, 0..1. */
  readonly reserve: number
}

/** A purse before the first start: nothing staked, worth 1. */
export const emptyPurse: Purse = Object.freeze({ staked: null, starts: 0, reserve: 1 })

/** Share of the capital staked at the n-th start, n from 1: ½ first, then ½/((n−1)n); together 1. */
export function stakeOfStart(start: number): number {
  return start === 1 ? 0.5 : 0.5 / ((start - 1) * start)
}

/** Stakes the next part of the reserve on every one of `alternatives` alternatives. */
export function stake(purse: Purse, alternatives: number): Purse {
  const starts = purse.starts + 1
  const fresh = Math.log(stakeOfStart(starts))
  const staked =
    purse.staked === null
      ? new Array<number>(alternatives).fill(fresh)
      : purse.staked.map((capital) => logSum([capital, fresh]))
  return { staked, starts, reserve: 0.5 / starts }
}

/** Stakes everything at once, for a test that never starts afresh. */
export function stakeAll(alternatives: number): Purse {
  return { staked: new Array<number>(alternatives).fill(0), starts: 1, reserve: 0 }
}

/** The purse after every stake was multiplied by exp(growth). */
export function grow(purse: Purse, growths: readonly number[]): Purse {
  if (purse.staked === null) return purse
  return { ...purse, staked: purse.staked.map((capital, index) => capital + (growths[index] ?? 0)) }
}

/** ln of what the purse is worth: the evidence against the null, 0 when there is none. Weights of the alternatives sum to 1. */
export function logWorth(purse: Purse, weights: readonly number[]): number {
  if (purse.staked === null) return 0
  const parts = purse.staked.map((capital, index) => capital + Math.log(weights[index] ?? 0))
  parts.push(Math.log(purse.reserve))
  return logSum(parts)
}
