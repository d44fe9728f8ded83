/** Time, as the engine sees it. */
export interface Clock {
  /** ms of a clock that never jumps; only differences mean anything. */
  readonly now: () => number
  /** ms since the Unix epoch. */
  readonly wall: () => number
  /** Calls `run` once after `ms`; disposing it before calls it never. */
  readonly after: (ms: number, run: () => void) => Disposable
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms)
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

/** A number in [0, 1). */
export type Random = () => number
