import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { problemCodes } from '../problem-codes.ts'
import { rulesPage } from './reference-page.ts'
import { rules } from './rules.ts'

test('docs/rules.md is what the tables say (node packages/model/scripts/generate-rules-page.ts writes it)', () => {
  expect(readFileSync(new URL('../../../../docs/rules.md', import.meta.url), 'utf8')).toBe(rulesPage())
})

test('the page names every code once, with what it means', () => {
  const page = rulesPage()
  for (const { code, title, meaning } of [...rules, ...problemCodes]) {
    expect(page.split(`<a id="${code.toLowerCase()}"></a>`)).toHaveLength(2)
    expect(page).toContain(title)
    expect(meaning).toMatch(/[.]$/)
  }
})
