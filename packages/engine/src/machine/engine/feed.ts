/** Hands values to any number of readers, each at its own pace. */
export class Feed<T> {
  readonly #readings = new Set<Reading<T>>()
  #closed = false

  /** Gives a value to everyone who reads now. */
  emit(value: T): void {
    for (const reading of this.#readings) reading.push(value)
  }

  /** Ends every reading. */
  close(): void {
    this.#closed = true
    for (const reading of [...this.#readings]) reading.end()
  }

  /** Everything emitted from this call on, until `signal` aborts, the feed closes, or the reading is disposed. */
  read(signal?: AbortSignal): Reading<T> {
    const reading = new Reading<T>((over) => this.#readings.delete(over), signal)
    if (this.#closed || signal?.aborted) reading.end()
    else this.#readings.add(reading)
    return reading
  }
}

/** One reader's place in a feed. Leaving a `for await` ends it; otherwise dispose it. */
export class Reading<T> implements AsyncIterableIterator<T>, Disposable {
  readonly #waiting: T[] = []
  readonly #leave: (reading: Reading<T>) => void
  readonly #signal: AbortSignal | undefined
  readonly #abort = (): void => this.end()
  #wake: (() => void) | undefined
  #over = false

  constructor(leave: (reading: Reading<T>) => void, signal: AbortSignal | undefined) {
    this.#leave = leave
    this.#signal = signal
    signal?.addEventListener('abort', this.#abort)
  }

  /** Adds a value; only the feed does. */
  push(value: T): void {
    this.#waiting.push(value)
    this.#wake?.()
  }

  /** Ends after what was pushed so far. */
  end(): void {
    this.#over = true
    this.#leave(this)
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#wake?.()
  }

  async next(): Promise<IteratorResult<T>> {
    for (;;) {
      if (this.#waiting.length > 0) return { done: false, value: this.#waiting.shift() as T }
      if (this.#over) return { done: true, value: undefined }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
      this.#wake = undefined
    }
  }

  async return(): Promise<IteratorResult<T>> {
    this.#waiting.length = 0
    this.end()
    return { done: true, value: undefined }
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  [Symbol.dispose](): void {
    void this.return()
  }
}
