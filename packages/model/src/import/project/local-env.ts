import { readDotenv } from '../compose/dotenv.ts'
import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { isSecret } from '../secrecy.ts'
import type { SecretBook } from '../secret-book.ts'
import { pathFrom, type SourceFiles } from '../source-files.ts'
import { isVariableName } from '../variable-name.ts'
import { addressesIn } from '../wiring/address.ts'
import type { Place } from '../yaml/tree.ts'

/** What a program's env file comes to in a catalog. */
export interface LocalEnv {
  readonly env: Readonly<Record<string, unknown>>
  readonly needs: readonly { readonly on: DraftRef; readonly as?: string }[]
}

/** Gives the part that listens on a port of this machine, or makes the resource that its scheme asks for. */
export type PartAt = (port: number, scheme: string, database: string | undefined, at: Place) => DraftRef | undefined

const names = ['.env', '.env.example', '.env.sample', '.env.template']

/** Reads the env file that a program keeps for running on this machine. */
export function readLocalEnv(
  files: SourceFiles,
  folder: string,
  program: { readonly name: string; readonly port: number | undefined },
  context: { readonly secrets: SecretBook; readonly partAt: PartAt },
  notes: Notes,
): LocalEnv {
  const file = names.map((name) => pathFrom(folder, name)).find((path) => files.read(path) !== undefined)
  if (file === undefined) return { env: {}, needs: [] }
  const env: Record<string, unknown> = {}
  const needs: { on: DraftRef; as?: string }[] = []
  notes.guessed(
    { file, line: 1 },
    program.name,
    `the variables of ${program.name} were taken from ${file}`,
    'What differs by environment belongs under `on: { production: { env } }`.',
  )
  for (const [name, { value, line }] of readDotenv(files.read(file) ?? '').entries) {
    const at = { file, line }
    const prefix = /^([A-Z][A-Z0-9_]*)_URL$/.exec(name)?.[1]
    const [address] = addressesIn(name, value, (host) =>
      /^(localhost|127\.0\.0\.1|0\.0\.0\.0|host\.docker\.internal)$/.test(host),
    )
    const port = address?.port ?? usualPort(address?.scheme)
    const part =
      !isPublicAddress(name) && address?.scheme && port !== undefined && port !== program.port
        ? context.partAt(port, address.scheme, /^\/([^?/]+)/.exec(address.rest)?.[1], at)
        : undefined
    if (name === 'PORT') continue
    if (part && prefix && !needs.some((need) => need.as === prefix)) {
      const isDefault = part.name.toUpperCase().replaceAll('-', '_') === prefix
      needs.push({ on: part, ...(!isDefault && { as: prefix }) })
    } else if (!isVariableName(name)) {
      notes.lost(at, name, `${name} is no name of a variable`, 'Rename it.')
    } else if (isSecret(name, value)) {
      env[name] = context.secrets.use({ variable: name, value: undefined, service: program.name, at })
      notes.changed(
        at,
        name,
        `${name} looks like a secret: it is read when the service starts, and its value was not copied`,
        `Set ${name} in the environment of \`seaworthy up\`, or keep it in a vault.`,
      )
    } else if (value !== '')
      env[name] = /^(0|[1-9]\d{0,14})$/.test(value)
        ? Number(value)
        : /^(true|false)$/.test(value)
          ? value === 'true'
          : value
    else
      notes.guessed(
        at,
        name,
        `${name} is empty in ${file} and was left out`,
        'Write its value under `env` where the service needs it.',
      )
  }
  return { env, needs }
}

/** Whether a variable holds an address for browsers: that is the gateway's, not the service's own. */
export function isPublicAddress(variable: string): boolean {
  return /^(VITE|NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|GATSBY|PUBLIC|EXPO_PUBLIC|STORYBOOK)_|^(FRONTEND|CLIENT|APP|SITE|WEB|WEBSITE|PUBLIC|BASE|EXTERNAL|CORS|ORIGIN|NEXTAUTH|AUTH)_(URL|ORIGIN|HOST)$/.test(
    variable,
  )
}

function usualPort(scheme: string | undefined): number | undefined {
  if (scheme === undefined) return undefined
  if (/^postgres(ql)?(\+|$)/.test(scheme)) return 5432
  return (
    { redis: 6379, rediss: 6379, http: 80, mysql: 3306, mongodb: 27017, amqp: 5672 } as Readonly<Record<string, number>>
  )[scheme]
}
