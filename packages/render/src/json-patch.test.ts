import type { Json } from '@seaworthy/model'
import fc from 'fast-check'
import { it } from 'vitest'
import { diff, sameJson } from './json-patch.ts'
import { applyPatch } from './testing/json-patch-apply.ts'

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>

it('a diff applied to what it came from gives what it leads to', () => {
  fc.assert(
    fc.property(json, json, (from, to) => sameJson(applyPatch(from, diff(from, to)), to)),
    { numRuns: 500 },
  )
})

it('a value differs from itself in nothing', () => {
  fc.assert(fc.property(json, (value) => diff(value, structuredClone(value)).length === 0))
})
