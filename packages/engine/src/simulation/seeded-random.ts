/** A seeded source of numbers in [0, 1) (mulberry32, Ettinger 2017), with the draws that scenarios need. */
export interface SeededRandom {
  readonly next: () => number
  /** Whole number from `from` up to and including `to`. */
  readonly whole: (from: number, to: number) => number
  readonly chance: (probability: number) => boolean
}

/** The same seed gives the same draws. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  return {
    next,
    whole: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
  }
}
