/** Writes `fleet.schema.json`, by which editors complete and check YAML and JSON catalogs. */
import { writeFileSync } from 'node:fs'
import { fleet } from '../src/schema/fleet.ts'
import { jsonSchemaOf } from '../src/schema/json-schema.ts'

/** Where the schema can be had. */
export const schemaId = 'https://unpkg.com/@seaworthy/model/fleet.schema.json'

/** The text of the file: a line for each definition, so that a change shows as the lines it changes. */
export function schemaText(): string {
  const { $defs, ...rest } = jsonSchemaOf(fleet, schemaId)
  const lines = (object: object): string =>
    Object.entries(object)
      .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n')
  return `{\n${lines(rest)},\n"$defs": {\n${lines($defs as object)}\n}\n}\n`
}

if (import.meta.main) writeFileSync(new URL('../fleet.schema.json', import.meta.url), schemaText())
