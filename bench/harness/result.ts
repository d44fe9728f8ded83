import type { Machine } from './machine.ts'

/** What the command line hands to a benchmark. */
export interface BenchOptions {
  /** A form that ends in about a minute, for continuous integration; `--short`. */
  readonly short: boolean
  /** Every other `--name value` (or `--name`, which reads as `true`). */
  readonly args: Readonly<Record<string, string>>
  /** Prints progress; goes to standard error, so that `--json` stays one object. */
  readonly say: (line: string) => void
}

/** A claim that the benchmark was to show, and whether this run showed it. */
export interface Target {
  readonly claim: string
  readonly met: boolean
}

/** One measure of ours beside the same measure of others, taken interleaved in the same run. */
export interface Measure {
  readonly name: string
  /** Unit of `ours` and `peers`, such as `µs CPU/request`. */
  readonly unit: string
  readonly better: 'lower' | 'higher'
  readonly ours: number
  readonly peers: Readonly<Record<string, number>>
  /** `ours` divided by the best peer; null without peers. */
  readonly ratio: number | null
  /** Repetitions behind each number (a number is their median unless a note says otherwise). */
  readonly n: number
  /** Smallest and largest repetition, by contender (`ours` for us). */
  readonly spread?: Readonly<Record<string, readonly [number, number]>>
}

/** What a benchmark returns: its headline measure, the machine, further measures, targets and remarks. */
export interface BenchResult extends Measure {
  readonly machine: Machine
  readonly parts?: readonly Measure[]
  readonly targets?: readonly Target[]
  /** What a reader must know to judge the numbers: settings, versions, what was not compared. */
  readonly notes?: readonly string[]
}

/** A file `bench/NAME.ts` exports `run`. */
export interface Bench {
  readonly run: (options: BenchOptions) => Promise<BenchResult>
}

/** `ours` divided by the best of the peers, or null when there is none. */
export function ratioToBest(
  ours: number,
  peers: Readonly<Record<string, number>>,
  better: 'lower' | 'higher',
): number | null {
  const values = Object.values(peers)
  if (values.length === 0) return null
  return ours / (better === 'lower' ? Math.min(...values) : Math.max(...values))
}
