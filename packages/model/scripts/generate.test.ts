import { expect, test } from 'vitest'
import { staleFiles } from './generate.ts'

test('types, JSON Schema and reference page are what the schema makes: `npm run generate -w @seaworthy/model` writes them', () => {
  expect(staleFiles()).toEqual([])
})
