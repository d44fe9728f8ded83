/** Writes into docs/catalog.md and docs/mistakes.md what their examples are really answered: `npm run answers -w seaworthy`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileOf, type Section, sectionsOf } from '../src/testing/documented.ts'
import { folderWith, runCli } from '../src/testing/run-cli.ts'

const today = '2026-11-20'

function rewrite(path: string, answer: (section: string, folder: string) => string): void {
  const url = new URL(`../../../docs/${path}`, import.meta.url)
  const text = readFileSync(url, 'utf8')
  const sections = text.split(/^## /m)
  for (const [index, section] of sectionsOf(text).entries()) {
    const files = filesOf(section)
    if (Object.keys(files).length === 0) continue
    using folder = folderWith(files)
    sections[index + 1] = answer(sections[index + 1] ?? '', folder.path)
  }
  writeFileSync(url, sections.join('## '))
}

function filesOf({ blocks }: Section): Readonly<Record<string, string>> {
  return Object.fromEntries(blocks.map(fileOf).filter((file) => file !== undefined))
}

rewrite('mistakes.md', (section, folder) => {
  const { code, stdout, stderr } = runCli(['check', '--today', today], folder)
  return section.replace(/```text[\s\S]*?```/, () => `\`\`\`text exit=${code}\n${stderr}${stdout}\`\`\``)
})

rewrite('catalog.md', (section, folder) =>
  section.replace(/```text\n\$ seaworthy (.*)\n[\s\S]*?```/g, (_, words: string) => {
    const { stdout } = runCli(words.split(' '), folder)
    return `\`\`\`text\n$ seaworthy ${words}\n${stdout}\`\`\``
  }),
)
