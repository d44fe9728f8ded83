import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileOf, sectionsOf, withoutTallies } from './testing/documented.ts'
import { folderWith, runCli } from './testing/run-cli.ts'

const sections = sectionsOf(readFileSync(join(import.meta.dirname, '../../../docs/catalog.md'), 'utf8'))

describe('docs/catalog.md: every catalog is sound, and every answer is the real one', () => {
  for (const { title, blocks } of sections) {
    const files = blocks.map(fileOf).filter((file) => file !== undefined)
    if (files.length === 0) continue
    test(title, () => {
      using folder = folderWith(Object.fromEntries(files))
      const { stdout, stderr } = runCli(['check', '--json', '--today', '2026-11-20'], folder.path)
      expect(stderr).toBe('')
      expect(JSON.parse(stdout)).toMatchObject({ refusals: [], warnings: [] })
      for (const { info, text } of blocks) {
        const [, command, answer] = /^\$ seaworthy (.*)\n([\s\S]*)$/.exec(text) ?? []
        if (info !== 'text' || command === undefined) continue
        expect(withoutTallies(runCli(command.split(' '), folder.path).stdout)).toBe(withoutTallies(answer ?? ''))
      }
    })
  }
})
