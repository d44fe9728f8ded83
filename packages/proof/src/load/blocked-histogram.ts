import { Histogram } from './histogram.ts'

const mostBlocks = 64

/**
 * A histogram that also keeps its values apart by stretches of time, so that it can be seen how much neighbours in time
 * resemble each other. When 64 stretches are full, pairs are joined and the stretch doubles: memory is bounded (2 MiB).
 */
export class BlockedHistogram {
  /** All values together. */
  readonly whole: Histogram = new Histogram()
  #blockMs = 125
  #blocks: (Histogram | undefined)[] = []

  /** Adds a value that belongs to a time, ms from the start (≥ 0). */
  record(at: number, value: number): void {
    this.whole.record(value)
    let index = Math.floor(at / this.#blockMs)
    while (index >= mostBlocks) {
      this.#blocks = joinPairs(this.#blocks)
      this.#blockMs *= 2
      index = Math.floor(at / this.#blockMs)
    }
    const block = this.#blocks[index] ?? new Histogram()
    block.record(value)
    this.#blocks[index] = block
  }

  /** The stretches that hold values, in order: between 16 and 32 in a run of 4 s or more. `ms` is the length of each. */
  stretches(): { readonly ms: number; readonly blocks: readonly Histogram[] } {
    const many = this.#blocks.length > mostBlocks / 2
    const blocks = (many ? joinPairs(this.#blocks) : this.#blocks).filter((block) => block !== undefined)
    return { ms: many ? this.#blockMs * 2 : this.#blockMs, blocks }
  }
}

function joinPairs(blocks: readonly (Histogram | undefined)[]): (Histogram | undefined)[] {
  const joined: (Histogram | undefined)[] = []
  for (let index = 0; index < blocks.length; index += 2) {
    const [one, other] = [blocks[index], blocks[index + 1]]
    if (!one || !other) joined.push(one ?? other)
    else {
      const both = new Histogram()
      both.add(one)
      both.add(other)
      joined.push(both)
    }
  }
  return joined
}
