/** Writes docs/rules.md from the tables of rules, problems and signals. */
import { writeFileSync } from 'node:fs'
import { rulesPage } from '../src/rules/reference-page.ts'

writeFileSync(new URL('../../../docs/rules.md', import.meta.url), rulesPage())
