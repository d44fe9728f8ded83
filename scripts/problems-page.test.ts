import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { page, problemsPage } from './problems-page.ts'

it('docs/problems.md is what the tables say', () => {
  expect(readFileSync(page, 'utf8')).toBe(problemsPage())
})

it('no code stands on it twice', () => {
  const codes = [...problemsPage().matchAll(/^\| (SW\d+)/gm)].map((match) => match[1])
  expect(codes.length).toBeGreaterThan(60)
  expect(codes.filter((code, i) => codes.indexOf(code) !== i)).toEqual([])
})
