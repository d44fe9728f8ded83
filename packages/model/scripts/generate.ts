/** Writes every file that is made from the schema: types, JSON Schema and the reference page. */
import { readFileSync, writeFileSync } from 'node:fs'
import { referenceText } from './generate-reference.ts'
import { schemaText } from './generate-schema.ts'
import { typesFor } from './generate-types.ts'

/** A generated file: its path from this folder, and the text that it must have. */
export const generatedFiles: readonly { readonly path: string; readonly text: () => string }[] = [
  { path: '../src/authored.generated.ts', text: () => typesFor('authored') },
  { path: '../src/resolved.generated.ts', text: () => typesFor('resolved') },
  { path: '../fleet.schema.json', text: schemaText },
  { path: '../../../docs/catalog-reference.md', text: referenceText },
]

/** The generated files that are not what the schema makes of them now. */
export function staleFiles(): readonly string[] {
  return generatedFiles
    .filter(({ path, text }) => readFileSync(new URL(path, import.meta.url), 'utf8') !== text())
    .map(({ path }) => path)
}

if (import.meta.main) {
  for (const { path, text } of generatedFiles) writeFileSync(new URL(path, import.meta.url), text())
}
