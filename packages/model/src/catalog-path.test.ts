import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatPath, parsePath } from './catalog-path.ts'

test('a written path parses back to its steps, whatever the keys hold', () => {
  const step = fc.oneof(
    fc.nat(1000),
    fc.string({ minLength: 1 }),
    fc.constantFrom('/data', 'X-Frame-Options', 'a.b', 'x[0]', '"'),
  )
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      expect(parsePath(formatPath(steps))).toEqual(steps)
    }),
  )
})

test('paths read as one would say them', () => {
  expect(formatPath(['services', 'api', 'needs', 0, 'on'])).toBe('services.api.needs[0].on')
  expect(formatPath(['services', 'api', 'storage', '/data'])).toBe('services.api.storage["/data"]')
})
