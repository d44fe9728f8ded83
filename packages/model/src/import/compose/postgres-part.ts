import { splitWords } from '../command-words.ts'
import type { DraftPart } from '../draft.ts'
import { readImageName } from '../image.ts'
import type { Notes } from '../note.ts'
import { textOf } from '../yaml/tree.ts'
import type { ServedFrame } from './frame.ts'
import { noteResourceKeys, noteResourceMounts } from './resource-keys.ts'

const ownNames = new Set(['POSTGRES_DB', 'POSTGRESQL_DATABASE', 'POSTGRES_DATABASE'])
const credentials =
  /^(POSTGRES(QL)?_(USER|USERNAME|PASSWORD|PASSWORD_FILE|POSTGRES_PASSWORD)|ALLOW_EMPTY_PASSWORD|POSTGRES_HOST_AUTH_METHOD)$/

/** A PostgreSQL container as a `postgres(...)` resource; `asked` holds the database names that other services use. */
export function postgresPart(frame: ServedFrame, asked: readonly string[], notes: Notes): DraftPart {
  const { section } = frame
  const spec: Record<string, unknown> = {}
  const major = Number(/^(\d+)/.exec(readImageName(frame.image ?? '').tag ?? '')?.[1])
  if (major >= 13 && major <= 30) spec.version = major
  else if (major > 0)
    notes.changed(
      section.placeOf('image'),
      `${section.path}.image`,
      `PostgreSQL ${major} is out of support and not offered`,
      'Dump it and restore it into the newest version: see `seaworthy import compose --plan`.',
    )

  const user = frame.env.find((variable) => /^POSTGRES(QL)?_(USER|USERNAME)$/.test(variable.name))?.value
  const database = frame.env.find((variable) => ownNames.has(variable.name))?.value ?? asked[0] ?? user
  if (database !== undefined && database !== frame.ref.name.replaceAll('-', '_')) {
    if (/^[a-z_][a-z0-9_]*$/.test(database)) spec.database = database
    else
      notes.changed(
        frame.at,
        section.path,
        `the database ${database} has no plain name`,
        'Lower-case letters, digits and underscores; rename it when it is restored.',
      )
  }
  for (const other of asked.filter((name) => name !== database))
    notes.lost(
      frame.at,
      section.path,
      `a resource holds one database; ${other} is a second one`,
      `Make it \`postgres('${other}')\`.`,
    )

  for (const variable of frame.env) {
    const path = `${section.path}.environment.${variable.name}`
    if (ownNames.has(variable.name)) continue
    if (credentials.test(variable.name))
      notes.needless(variable.at, path, 'Seaworthy makes the user and its password and hands them over in the address')
    else if (/^(PGDATA|TZ|LANG|LC_ALL)$/.test(variable.name))
      notes.needless(variable.at, path, 'Seaworthy runs PostgreSQL itself')
    else notes.lost(variable.at, path, `${variable.name} has no counterpart`, 'Set it in the database.')
  }
  readSettings(frame, spec, notes)
  noteResourceMounts(
    frame,
    '/var/lib/postgresql',
    'Run them as a job that gates the release: `migrations: { before: [migrate] }`.',
    notes,
  )
  if (
    frame.mounts.some((mount) => mount.target.startsWith('/var/lib/postgresql') && mount.type !== 'tmpfs') ||
    frame.mounts.some((mount) => mount.target.startsWith('/bitnami/postgresql'))
  )
    notes.guessed(
      frame.at,
      `${section.path}.storage`,
      'Compose does not say how large the database may grow; the default of 10Gi applies',
      'Correct `storage`, and say how it is backed up.',
    )
  noteResourceKeys(frame, 'PostgreSQL', notes)
  return { kind: 'postgres', name: frame.ref.name, spec, remarks: {}, at: frame.at }
}

/** `-c name=value` of the command. */
function readSettings(frame: ServedFrame, spec: Record<string, unknown>, notes: Notes): void {
  const command = frame.section.take('command')
  const words =
    command?.kind === 'list' ? command.items.map((item) => textOf(item) ?? '') : splitWords(textOf(command) ?? '')
  const others: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const setting = word === '-c' ? words[++index] : /^(?:-c|--)(.+=.+)$/.exec(word)?.[1]
    if (setting === undefined) {
      if (!/^(postgres|docker-entrypoint\.sh)$/.test(word)) others.push(word)
      continue
    }
    const [name = '', value = ''] = setting.split('=')
    if (name.replaceAll('-', '_') === 'max_connections' && Number(value) >= 5 && Number(value) <= 10_000) {
      if (Number(value) !== 100) spec.maxConnections = Number(value)
    } else
      notes.lost(
        frame.section.placeOf('command'),
        `${frame.section.path}.command`,
        `the setting ${setting} is not carried over`,
        `Set it in the database: ALTER SYSTEM SET ${name} = '${value}'.`,
      )
  }
  if (others.length > 0)
    notes.lost(
      frame.section.placeOf('command'),
      `${frame.section.path}.command`,
      `\`${others.join(' ')}\` is not handed to PostgreSQL`,
      'Set it in the database.',
    )
}
