/** The time a load runs by: monotonic ms, and a timer. */
export interface LoadClock {
  readonly now: () => number
  /** Calls back once after at least `ms`; the returned function cancels. */
  readonly after: (ms: number, wake: () => void) => () => void
  /** Calls back in the next turn of the event loop, after waiting input was handled. */
  readonly soon: (wake: () => void) => void
}

/** The machine's clock. Its timers have a grain of 1 ms. */
export const machineClock: LoadClock = Object.freeze({
  now: () => performance.now(),
  after: (ms: number, wake: () => void) => {
    const timer = setTimeout(wake, ms)
    return () => clearTimeout(timer)
  },
  soon: (wake: () => void) => void setImmediate(wake),
})
