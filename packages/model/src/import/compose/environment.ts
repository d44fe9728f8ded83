import type { Notes } from '../note.ts'
import type { Section } from '../section.ts'
import { openSection } from '../section.ts'
import { pathFrom, type SourceFiles } from '../source-files.ts'
import type { EnvVariable } from '../wiring/wireable.ts'
import { type Place, type Tree, textOf } from '../yaml/tree.ts'
import { readDotenv } from './dotenv.ts'

type Lookup = (name: string) => string | undefined

/** The variables of a service: those of `env_file` in order, then `environment` over them. */
export function readEnvironment(
  service: Section,
  files: SourceFiles,
  lookup: Lookup,
  notes: Notes,
): readonly EnvVariable[] {
  const found = new Map<string, EnvVariable>()
  for (const entry of service.items('env_file')) {
    const section = entry.kind === 'mapping' ? openSection(entry, `${service.path}.env_file`) : undefined
    const path = pathFrom('.', section ? (section.text('path') ?? '') : (textOf(entry) ?? ''))
    const required = section?.text('required') !== 'false'
    const format = section?.text('format') === 'raw' ? 'raw' : 'compose'
    section?.close(notes)
    const there = files.read(path) === undefined ? exampleOf(files, path) : path
    const text = there === undefined ? undefined : files.read(there)
    if (there === undefined || text === undefined) {
      if (required)
        notes.lost(
          entry.at,
          `${service.path}.env_file`,
          `${path} is not there, so its variables are not known`,
          'Bring the file and run this again, or write them under `env`.',
        )
      continue
    }
    if (there !== path)
      notes.guessed(
        entry.at,
        `${service.path}.env_file`,
        `${path} is not there; ${there} was read in its place`,
        'Correct the values under `env`.',
      )
    const read = readDotenv(text, lookup, format)
    for (const fault of read.faults)
      notes.lost({ file: there, line: fault.line }, `${service.path}.env_file`, fault.message, 'Mend the line.')
    for (const [name, { value, line, variables }] of read.entries)
      found.set(name, { name, value, at: { file: there, line }, variables })
  }
  for (const variable of readVariables(service.take('environment'), lookup)) found.set(variable.name, variable)
  return [...found.values()]
}

function readVariables(tree: Tree | undefined, lookup: Lookup): readonly EnvVariable[] {
  const passed = (name: string, at: Place): EnvVariable => ({ name, value: lookup(name), at, variables: [name] })
  switch (tree?.kind) {
    case 'mapping':
      return [...tree.entries].map(([name, value]) => {
        const text = textOf(value)
        if (text === undefined) return passed(name, value.at)
        return { name, value: text, at: value.at, variables: (value.kind === 'scalar' && value.variables) || [] }
      })
    case 'list':
      return tree.items.map((item) => {
        const text = textOf(item) ?? ''
        const equals = text.indexOf('=')
        if (equals < 0) return passed(text, item.at)
        const variables = (item.kind === 'scalar' && item.variables) || []
        return { name: text.slice(0, equals), value: text.slice(equals + 1), at: item.at, variables }
      })
    default:
      return []
  }
}

/** A template that projects keep beside an env file which is not checked in. */
function exampleOf(files: SourceFiles, path: string): string | undefined {
  return ['.example', '.sample', '.template', '.dist']
    .map((ending) => `${path}${ending}`)
    .find((name) => files.read(name) !== undefined)
}
