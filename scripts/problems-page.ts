/** Makes docs/problems.md from the tables of codes: `node scripts/problems-page.ts`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { engineProblemCodes } from '@seaworthy/engine'
import { gatewayProblems } from '@seaworthy/gateway'
import type { ProblemCode } from '@seaworthy/model'
import { proofProblems } from '@seaworthy/proof'
import { releaseProblems } from '@seaworthy/release'
import { problemCodes as commandLineProblems } from '../packages/cli/src/problem-codes.ts'
import { imageProblemCodes } from '../packages/engine/src/image/problem-codes.ts'
import { importProblemCodes } from '../packages/model/src/import/problem-codes.ts'

/** Where the page lies. */
export const page: string = fileURLToPath(new URL('../docs/problems.md', import.meta.url))

const tables: readonly (readonly [title: string, codes: readonly ProblemCode[]])[] = [
  ['Importing what others wrote', importProblemCodes],
  ['The gateway', gatewayProblems],
  ['Engines', engineProblemCodes],
  ['Images', imageProblemCodes],
  ['Releases and their verdict', releaseProblems],
  ['Load', proofProblems],
  ['The command line', commandLineProblems],
]

/** The whole page. */
export function problemsPage(): string {
  const sections = tables.map(
    ([title, codes]) =>
      `## ${title}\n\n| code | problem | what it means, and the way out |\n|---|---|---|\n${[...codes]
        .sort((a, b) => a.code.localeCompare(b.code))
        .map(({ code, title: name, meaning }) => `| ${code} | ${name} | ${meaning.replaceAll('|', '\\|')} |`)
        .join('\n')}\n`,
  )
  return `# Problems\n\nEvery problem has a code, and each code means one thing. This page is made from the tables in the code\n(\`node scripts/problems-page.ts\`). What a catalog can be refused for stands in [rules.md](rules.md).\n\n${sections.join('\n')}`
}

if (import.meta.main) writeFileSync(page, problemsPage())
