/** A 64-bit key as two unsigned 32-bit words. */
export type SipKey = readonly [number, number]

/**
 * HalfSipHash-2-4 with 32 bits of output over the Latin-1 bytes of `text`: a keyed hash that a client cannot steer without the
 * key, on 32-bit words because JavaScript has those (Aumasson & Bernstein 2012, reference implementation of HalfSipHash 2016).
 */
export function halfSipHash(text: string, key: SipKey): number {
  let v0 = key[0] | 0
  let v1 = key[1] | 0
  let v2 = 0x6c796765 ^ key[0]
  let v3 = 0x74656462 ^ key[1]
  const length = text.length
  const whole = length - (length % 4)
  const round = (): void => {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
  }
  const absorb = (word: number): void => {
    v3 ^= word
    round()
    round()
    v0 ^= word
  }
  for (let i = 0; i < whole; i += 4) {
    absorb(
      (text.charCodeAt(i) & 0xff) |
        ((text.charCodeAt(i + 1) & 0xff) << 8) |
        ((text.charCodeAt(i + 2) & 0xff) << 16) |
        ((text.charCodeAt(i + 3) & 0xff) << 24),
    )
  }
  let last = (length & 0xff) << 24
  for (let i = whole; i < length; i++) last |= (text.charCodeAt(i) & 0xff) << (8 * (i - whole))
  absorb(last)
  v2 ^= 0xff
  round()
  round()
  round()
  round()
  return (v1 ^ v3) >>> 0
}

/** A 32-bit hash of who a client is, for telling clients apart when counting episodes. */
export function hashClient(id: string): number {
  return halfSipHash(id, [0x5ea30127, 0x0b0a7e55])
}
