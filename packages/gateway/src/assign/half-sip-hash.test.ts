import { describe, expect, test } from 'vitest'
import { halfSipHash } from './half-sip-hash.ts'

// The reference vectors (vectors.h, HalfSipHash 32-bit): key 00..07, input 00, 00 01, ... as little-endian output bytes.
const vectors = ['a9359f5b', '27475ab8', 'fa62a603', '8afee704', '2a6e4689', 'c5fab669', '5863fc23', '8bcf63c5']
const key = [0x03020100, 0x07060504] as const

describe('HalfSipHash-2-4', () => {
  test.each(vectors.map((hex, length) => [length, hex] as const))(
    'agrees with the reference for %i bytes',
    (length, hex) => {
      const text = String.fromCharCode(...Array.from({ length }, (_, i) => i))
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32LE(halfSipHash(text, key))
      expect(bytes.toString('hex')).toBe(hex)
    },
  )

  test('another key deals anew', () => {
    expect(halfSipHash('client-7', key)).not.toBe(halfSipHash('client-7', [1, 2]))
  })
})
