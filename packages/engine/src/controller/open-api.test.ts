import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { apiDocument } from './api-document.ts'

const document = apiDocument() as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

describe('the published description of the API', () => {
  it('is what the controller serves (else: node packages/engine/scripts/write-openapi.ts)', () => {
    const published = JSON.parse(
      readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'),
    ) as unknown
    expect(published).toEqual(JSON.parse(JSON.stringify(document)))
  })

  it('names every operation once', () => {
    const names = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('apply')
  })

  it('refers only to shapes that it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(
      ([, name]) => name ?? '',
    )
    expect(refs.filter((name) => !(name in document.components.schemas))).toEqual([])
  })
})
