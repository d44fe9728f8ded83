import type { Notes } from '../note.ts'
import { isSecretName } from '../secrecy.ts'
import type { ComposeApplication, VariableUse } from './load.ts'

/** Notes what became of the variables that a Compose file is put together from: they are settled now. */
export function noteVariables(application: ComposeApplication, paths: readonly string[], notes: Notes): void {
  const first = new Map<string, VariableUse>()
  for (const use of application.variables) if (!first.has(use.name)) first.set(use.name, use)
  for (const use of first.values()) {
    const path = `$\{${use.name}}`
    if (isSecretName(use.name)) continue
    if (use.found === 'missing')
      notes.guessed(
        use.at,
        path,
        `${use.name} is not set${use.demand ? ` and must be (${use.demand})` : ''}, so it was read as empty`,
        'Set it in .env and run this again, or correct what was written.',
      )
  }
  const defaulted = [...first.values()].filter((use) => use.found === 'default' && !isSecretName(use.name))
  const [assumed] = defaulted
  if (assumed)
    notes.guessed(
      assumed.at,
      `$\{${assumed.name}}`,
      `${defaulted.map((use) => use.name).join(', ')} ${defaulted.length === 1 ? 'is not set; its default was' : 'are not set; their defaults were'} written`,
      'Correct them where other values are meant.',
    )
  const settled = [...first.values()].filter((use) => use.found === 'set' && !isSecretName(use.name))
  const [one] = settled
  if (one)
    notes.changed(
      one.at,
      `$\{${one.name}}`,
      `the values of ${settled.map((use) => use.name).join(', ')} were written as they stand in .env beside ${paths[0] ?? 'the file'}`,
      'What differs by environment belongs under `on: { production: { ... } }`.',
    )
}
