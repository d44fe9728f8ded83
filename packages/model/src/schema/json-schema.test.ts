import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { problemsOf } from '../document.ts'
import { readDocument } from '../read/read-document.ts'
import { environmentsOf, resolve } from '../resolve/resolve.ts'
import { arbitraryDocument } from './testing/arbitrary-value.ts'

const schema = JSON.parse(readFileSync(new URL('../../fleet.schema.json', import.meta.url), 'utf8')) as object
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
const accepts = ajv.compile(schema)

/** Overlays may leave out what nothing beneath them has: only the reader, which merges, can tell. */
const wholeWithoutOverlays = (document: object): boolean =>
  problemsOf(readDocument(document)).every(({ code, where }) => code === 'SW1002' && where?.path?.includes('.on.'))

describe('the published JSON Schema and the reader say the same', () => {
  test('of every document that the schema allows', () => {
    fc.assert(
      fc.property(arbitraryDocument(), (document) => {
        expect(accepts(document), JSON.stringify(accepts.errors)).toBe(true)
        expect(problemsOf(readDocument(document)).filter(({ where }) => !where?.path?.includes('.on.'))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  test('of documents with one fault', () => {
    const base = { name: 'shop', services: { api: { port: 3000 } } }
    const faults: readonly object[] = [
      { services: {} },
      { name: 'Shop' },
      { name: 'shop', servces: {} },
      { name: 'shop', services: { API: {} } },
      { name: 'shop', services: { api: { prot: 1 } } },
      { name: 'shop', services: { api: { port: '3000' } } },
      { name: 'shop', services: { api: { port: 70_000 } } },
      { name: 'shop', services: { api: { memory: '1 GB' } } },
      { name: 'shop', services: { api: { timeout: '5 min' } } },
      { name: 'shop', services: { api: { slo: 99.9 } } },
      { name: 'shop', services: { api: { rollout: 'cannary' } } },
      { name: 'shop', services: { api: { routes: '/v1' } } },
      { name: 'shop', services: { api: { memory: null } } },
      { name: 'shop', services: { api: { scale: [1, 2, 3] } } },
      { name: 'shop', services: { api: { env: { 'NO SPACE': 'x' } } } },
      { name: 'shop', volumes: { files: {} } },
    ]
    expect([accepts(base), problemsOf(readDocument(base))]).toEqual([true, []])
    for (const fault of faults) {
      expect(accepts(fault), JSON.stringify(fault)).toBe(false)
      expect(problemsOf(readDocument(fault)), JSON.stringify(fault)).toHaveLength(1)
    }
  })
})

test('every document that is accepted can be resolved in all of its environments', () => {
  fc.assert(
    fc.property(arbitraryDocument().filter(wholeWithoutOverlays), (plain) => {
      const document = readDocument(plain)
      for (const environment of environmentsOf(document)) {
        const fleet = resolve(document, environment, { partial: true })
        expect(Object.keys(fleet.services)).toEqual(Object.keys((document.services as object | undefined) ?? {}))
      }
    }),
    { numRuns: 60 },
  )
})
