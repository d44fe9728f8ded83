const most = 64

/**
 * Keeps something for each stretch of a run. When 64 stretches are full, pairs are joined and the stretch doubles, so
 * that memory is bounded however long the run.
 */
export class TimeBlocks<T> {
  readonly #create: () => T
  readonly #join: (into: T, other: T) => void
  #ms = 125
  #blocks: (T | undefined)[] = []

  constructor(create: () => T, join: (into: T, other: T) => void) {
    this.#create = create
    this.#join = join
  }

  /** What is kept for the stretch of a time, ms from the start (≥ 0). */
  at(time: number): T {
    let index = Math.max(0, Math.floor(time / this.#ms))
    while (index >= most) {
      this.#blocks = this.#paired()
      this.#ms *= 2
      index = Math.floor(time / this.#ms)
    }
    const found = this.#blocks[index] ?? this.#create()
    this.#blocks[index] = found
    return found
  }

  /** The stretches that hold something, in order: between 16 and 32 in a run of 4 s or more. `ms` is the length of each. */
  stretches(): { readonly ms: number; readonly blocks: readonly T[] } {
    if (this.#blocks.length > most / 2) {
      this.#blocks = this.#paired()
      this.#ms *= 2
    }
    return { ms: this.#ms, blocks: this.#blocks.filter((block) => block !== undefined) }
  }

  #paired(): (T | undefined)[] {
    const joined: (T | undefined)[] = []
    for (let index = 0; index < this.#blocks.length; index += 2) {
      const [one, other] = [this.#blocks[index], this.#blocks[index + 1]]
      if (one !== undefined && other !== undefined) this.#join(one, other)
      joined.push(one ?? other)
    }
    return joined
  }
}
