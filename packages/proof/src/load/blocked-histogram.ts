import { Histogram } from './histogram.ts'
import { TimeBlocks } from './time-blocks.ts'

/**
 * A histogram that also keeps its values apart by stretches of time, so that it can be seen how much neighbours in time
 * resemble each other. At most 2 MiB.
 */
export class BlockedHistogram {
  /** All values together. */
  readonly whole: Histogram = new Histogram()
  readonly #blocks = new TimeBlocks(
    () => new Histogram(),
    (into, other) => into.add(other),
  )

  /** Adds a value that belongs to a time, ms from the start (≥ 0). */
  record(at: number, value: number): void {
    this.whole.record(value)
    this.#blocks.at(at).record(value)
  }

  /** The stretches of time that hold values, in order, and the length of each. */
  stretches(): { readonly ms: number; readonly blocks: readonly Histogram[] } {
    return this.#blocks.stretches()
  }
}
