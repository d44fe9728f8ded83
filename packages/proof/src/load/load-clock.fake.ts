import type { LoadClock } from './load-clock.ts'

interface Timer {
  readonly at: number
  readonly order: number
  readonly wake: () => void
}

/** A clock that jumps to the next timer instead of waiting: a run of hours takes as long as its callbacks. For tests. */
export class FakeClock implements LoadClock {
  #now = 0
  #order = 0
  #timers: Timer[] = []

  /** Simulated ms. */
  readonly now = (): number => this.#now

  /** Calls back exactly `ms` later in simulated time, in the order of asking where times are equal. */
  readonly after = (ms: number, wake: () => void): (() => void) => {
    const timer = { at: this.#now + Math.max(0, ms), order: this.#order++, wake }
    let [low, high] = [0, this.#timers.length]
    // Latest first, so that the next one is taken from the end.
    while (low < high) {
      const middle = (low + high) >> 1
      const other = this.#timers[middle]
      if (other && (other.at > timer.at || (other.at === timer.at && other.order > timer.order))) low = middle + 1
      else high = middle
    }
    this.#timers.splice(low, 0, timer)
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer)
    }
  }

  /** Calls back next, without time passing. */
  readonly soon = (wake: () => void): void => void this.after(0, wake)

  /** Lets time pass until the work is over. */
  async run<T>(work: Promise<T>): Promise<T> {
    let over = false
    const watched = work.finally(() => {
      over = true
    })
    watched.catch(() => undefined)
    for (;;) {
      // Promises settle between two timers as they would on a real clock.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (over) return watched
      const due = this.#timers.at(-1)?.at
      if (due === undefined) continue
      this.#now = due
      while (this.#timers.at(-1)?.at === due) this.#timers.pop()?.wake()
    }
  }
}
