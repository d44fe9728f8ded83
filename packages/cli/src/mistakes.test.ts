import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileOf, sectionsOf, withoutTallies } from './testing/documented.ts'
import { folderWith, runCli } from './testing/run-cli.ts'

const sections = sectionsOf(readFileSync(join(import.meta.dirname, '../../../docs/mistakes.md'), 'utf8'))

describe('docs/mistakes.md shows what `seaworthy check` says, word for word', () => {
  for (const { title, blocks } of sections) {
    test(title, () => {
      const files = blocks.map(fileOf).filter((file) => file !== undefined)
      const answer = blocks.find(({ info }) => info.startsWith('text'))
      using folder = folderWith(Object.fromEntries(files))
      const { code, stdout, stderr } = runCli(['check', '--today', '2026-11-20'], folder.path)
      expect(`exit=${code}`).toBe(answer?.info.split(' ')[1])
      expect(withoutTallies(`${stderr}${stdout}`)).toBe(withoutTallies(answer?.text ?? ''))
    })
  }

  test('every answer says where, what and how to mend it', () => {
    expect(sections.length).toBeGreaterThanOrEqual(10)
    for (const { title, blocks } of sections) {
      const answer = blocks.find(({ info }) => info.startsWith('text'))?.text ?? ''
      expect(answer, title).toMatch(/^error SW\d{4} .+\n {2}at seaworthy\.\S+:\d+.*\n[\s\S]*^ {2}mend .+/m)
    }
  })
})
