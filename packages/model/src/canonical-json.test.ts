import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fleet } from './author/fleet.ts'
import { service } from './author/parts.ts'
import { canonicalJson, identityOf } from './canonical-json.ts'
import { readDocument } from './read/read-document.ts'
import { arbitraryDocument } from './schema/testing/arbitrary-value.ts'

/** The same data with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reordered(item)]),
  )
}

test('canonical JSON does not depend on the order of keys, and says the same as the data', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value)
      expect(canonicalJson(reordered(value))).toBe(text)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('keys are sorted by UTF-16 code units (RFC 8785, section 3.2.3)', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6']
  const parsed = JSON.parse(canonicalJson(Object.fromEntries(keys.map((key) => [key, 0])))) as object
  expect(canonicalJson({ b: 1, a: 2 })).toBe('{"a":2,"b":1}')
  expect(Object.keys(parsed).filter((key) => key !== '1')).toEqual([
    '\r',
    '\u0080',
    '\u00f6',
    '\u20ac',
    '\ud83d\ude00',
    '\ufb33',
  ])
})

test('what JSON cannot hold is refused', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => {}, undefined]) {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  }
})

test('the identity of a fleet is that of its content: TypeScript and JSON give the same', () => {
  const written = fleet('shop', { services: [service('api', { port: 3000, memory: '1Gi' })] })
  const read = readDocument({ services: { api: { memory: '1Gi', port: 3000 } }, name: 'shop' })
  expect(identityOf(written)).toBe(identityOf(read))
  expect(identityOf(written)).toMatch(/^[0-9a-f]{64}$/)
  expect(identityOf(fleet('shop', { services: [service('api', { port: 3001, memory: '1Gi' })] }))).not.toBe(
    identityOf(written),
  )
})

test('a document read from its own canonical JSON has the same identity', () => {
  fc.assert(
    fc.property(arbitraryDocument(), (plain) => {
      const document = readDocument(plain)
      expect(identityOf(readDocument(JSON.parse(canonicalJson(document))))).toBe(identityOf(document))
    }),
    { numRuns: 30 },
  )
})
