import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import type { SecretBook } from '../secret-book.ts'
import type { Section } from '../section.ts'

/** Declares the top-level `secrets`; gives the reference of a name. */
export function readTopSecrets(
  secrets: Section | undefined,
  book: SecretBook,
  notes: Notes,
): (name: string) => DraftRef | undefined {
  const known = new Map<string, DraftRef>()
  for (const name of secrets?.keys ?? []) {
    const secret = secrets?.section(name)
    const at = secrets?.placeOf(name) ?? { file: '', line: 1 }
    const file = secret?.text('file')
    const variable = secret?.text('environment')
    const isExternal = secret?.has('external') === true && secret.text('external') !== 'false'
    const from = file !== undefined ? `file:${file}` : variable !== undefined ? environmentSource(variable) : undefined
    if (isExternal)
      notes.changed(
        at,
        `secrets.${name}.external`,
        `${name} was kept by Docker and is read from the environment`,
        `Set ${name.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}, or name a vault under \`from\`.`,
      )
    else if (variable !== undefined && variable !== variable.toUpperCase())
      notes.changed(
        at,
        `secrets.${name}`,
        `the variable ${variable} is read as ${variable.toUpperCase()}`,
        'Set that one.',
      )
    known.set(name, book.declare(name, from, at))
    secret?.close(notes, {
      name: { kind: 'needless', what: 'secrets are named by the catalog' },
      labels: { kind: 'needless', what: 'secrets have no labels' },
      driver: { kind: 'lost', what: 'drivers of secrets have no counterpart', instead: 'Name a vault under `from`.' },
      driver_opts: {
        kind: 'lost',
        what: 'drivers of secrets have no counterpart',
        instead: 'Name a vault under `from`.',
      },
      template_driver: { kind: 'lost', what: 'secrets are not made from templates', instead: '' },
    })
  }
  return (name) => known.get(name)
}

function environmentSource(variable: string): string {
  return `env:${variable.toUpperCase().replace(/[^A-Z0-9_]/g, '_')}`
}
