import type { Minute, Signal } from './minutes.ts'

/** A rule with its setting, on one-minute windows: the second of its rollback, or `null`. */
export type Judge = (minutes: readonly Minute[]) => number | null

/** One setting of a rule. */
export interface Setting {
  readonly label: string
  readonly judge: Judge
}

/** A rule of others: its settings as they come, and the settings among which the best is looked for. */
export interface Contender {
  readonly name: string
  /** As documented or by default. */
  readonly asDocumented: (signal: Signal) => readonly Setting[]
  /** Every setting that tuning may choose. */
  readonly tunable: (signal: Signal) => readonly Setting[]
}
