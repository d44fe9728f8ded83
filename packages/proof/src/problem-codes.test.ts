import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { proofProblems } from './problem-codes.ts'

it('the table holds every code that this package reports, once, and no other', () => {
  const sources = globSync('**/*.ts', { cwd: import.meta.dirname }).filter(
    (file) => !/\.test\.ts$|problem-codes/.test(file),
  )
  const text = sources.map((file) => readFileSync(join(import.meta.dirname, file), 'utf8')).join('\n')
  const used = new Set([...text.matchAll(/'(SW\d{4})'/g)].map((match) => match[1]))
  expect(proofProblems.map(({ code }) => code).sort()).toEqual([...used].sort())
})
