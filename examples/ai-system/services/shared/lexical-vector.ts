const dimensions = 512

function hash(text: string): number {
  let value = 2166136261
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619)
  return value >>> 0
}

/**
 * A lexical embedding: words and character trigrams hashed into 512 signed dimensions (Weinberger et al. 2009), damped by
 * the square root of their count and scaled to length 1, so that a dot product is the cosine.
 */
export function embed(text: string): Float32Array {
  const counts = new Map<string, number>()
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    counts.set(word, (counts.get(word) ?? 0) + 1)
    const padded = `^${word}$`
    for (let i = 0; i + 3 <= padded.length; i++) {
      const gram = `#${padded.slice(i, i + 3)}`
      counts.set(gram, (counts.get(gram) ?? 0) + 0.5)
    }
  }
  const vector = new Float32Array(dimensions)
  for (const [term, count] of counts) {
    const slot = hash(term)
    vector[slot % dimensions] = (vector[slot % dimensions] ?? 0) + ((slot >>> 16) & 1 ? 1 : -1) * Math.sqrt(count)
  }
  const length = Math.hypot(...vector)
  return length === 0 ? vector : vector.map((value) => value / length)
}

/** Cosine of two embeddings, -1..1. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0)
  return sum
}
