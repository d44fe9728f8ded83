import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fastObjects } from './fast-object.ts'

test('an object has the keys whose values are there, in order, whatever the number of keys', () => {
  const input = fc
    .integer({ min: 0, max: 80 })
    .chain((length) => fc.array(fc.option(fc.anything(), { nil: undefined }), { minLength: length, maxLength: length }))
  fc.assert(
    fc.property(input, (values) => {
      const keys = values.map((_, index) => `key-${index}`)
      const make = fastObjects(keys)
      const plain = Object.fromEntries(
        keys.map((key, index) => [key, values[index]] as const).filter(([, value]) => value !== undefined),
      )
      for (let time = 0; time < 2; time += 1) {
        expect(make(values)).toEqual(plain)
        expect(Object.keys(make(values))).toEqual(Object.keys(plain))
      }
    }),
  )
})

test('objects made of one template share nothing', () => {
  const make = fastObjects(['a', 'b'])
  const [one, two] = [make([1, undefined]), make([2, undefined])]
  one.a = 3
  expect(two).toEqual({ a: 2 })
})
