/**
 * The one layout of buckets that all histograms share: the exponent and the first seven bits of the mantissa of the
 * value's binary64 form. Bucket [2^e(1 + m/128), 2^e(1 + (m+1)/128)) for e in -10..21, m in 0..127; one bucket below, one above.
 */
const mantissaBits = 7
const lowestExponent = -10
const highestExponent = 22
const perExponent = 2 ** mantissaBits
const firstKey = (lowestExponent + 1023) << mantissaBits
const inner = (highestExponent - lowestExponent) * perExponent

/** Values below this (0.98 µs, in ms) share the lowest bucket. */
export const lowestDistinguished: number = 2 ** lowestExponent

/** Values from here on (69.9 minutes, in ms) share the highest bucket. */
export const highestDistinguished: number = 2 ** highestExponent

/** How many buckets there are: the lowest, 32 × 128, the highest. */
export const bucketCount: number = inner + 2

/**
 * The largest relative error of `representative` for a value between the two limits: 1/(2·128 + 1) = 0.39 %. It is reached at
 * the edges of a bucket [2^e, 2^e(1 + 1/128)), where r = 2ab/(a+b) gives (r-a)/a = (b-r)/b = (b-a)/(a+b).
 */
export const maxRelativeError: number = 1 / (2 * perExponent + 1)

// Two views of one number, written and read within `bucketIndex`: a register, not a state.
const float = new Float64Array(1)
const words = new Uint32Array(float.buffer)
const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0

/** The bucket of a value ≥ 0. */
export function bucketIndex(value: number): number {
  float[0] = value
  const key = ((words[high] ?? 0) >>> (20 - mantissaBits)) - firstKey
  return key < 0 ? 0 : key >= inner ? inner + 1 : key + 1
}

/** The bucket's interval [from, to). The highest ends at Infinity. */
export function bucketBounds(index: number): readonly [number, number] {
  if (index === 0) return [0, lowestDistinguished]
  if (index > inner) return [highestDistinguished, Number.POSITIVE_INFINITY]
  return [lowerEdge(index - 1), lowerEdge(index)]
}

function lowerEdge(key: number): number {
  return 2 ** (Math.floor(key / perExponent) + lowestExponent) * (1 + (key % perExponent) / perExponent)
}

/** The value reported for a bucket: the harmonic mean of its edges, which is equally far, in proportion, from both. */
export function representative(from: number, to: number): number {
  return to === Number.POSITIVE_INFINITY ? to : (2 * from * to) / (from + to)
}
