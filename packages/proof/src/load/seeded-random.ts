/** A source of numbers in [0, 1). */
export type Random = () => number

/**
 * A seeded source with 53 random bits a number: the same seed gives the same run. The generator is sfc32 (Chris
 * Doty-Humphrey, PractRand 2010), its state filled by splitmix32.
 */
export function seededRandom(seed: number): Random {
  let mixed = seed >>> 0
  const fill = (): number => {
    mixed = (mixed + 0x9e3779b9) | 0
    let word = mixed ^ (mixed >>> 16)
    word = Math.imul(word, 0x21f0aaad)
    word ^= word >>> 15
    word = Math.imul(word, 0x735a2d97)
    return word ^ (word >>> 15)
  }
  let [a, b, c, counter] = [fill(), fill(), fill(), 1]
  const next = (): number => {
    const out = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + out) | 0
    return out >>> 0
  }
  for (let warm = 0; warm < 12; warm += 1) next()
  return () => ((next() >>> 5) * 67_108_864 + (next() >>> 6)) / 9_007_199_254_740_992
}

/** An exponentially distributed number with mean 1, by inversion of the distribution function. */
export function exponential(random: Random): number {
  return -Math.log1p(-random())
}

/** A whole number in [0, below). */
export function integerBelow(random: Random, below: number): number {
  return Math.floor(random() * below)
}
