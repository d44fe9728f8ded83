import { needsShell, splitWords, writeCommand } from '../command-words.ts'
import { type FolderFacts, localCommand, readFolder } from '../folder-facts.ts'
import { findPackages } from '../node/workspaces.ts'
import type { Notes } from '../note.ts'
import { readProcfile } from '../procfile.ts'
import type { SourceFiles } from '../source-files.ts'
import type { Place } from '../yaml/tree.ts'
import { findDockerfiles } from './find-dockerfiles.ts'

/** A program that was found outside of a Compose file. */
export interface Program {
  readonly name: string
  readonly kind: 'service' | 'job'
  readonly folder: string
  readonly facts: FolderFacts
  readonly run?: string | readonly string[]
  readonly port?: number
  /** Why that port, when nobody wrote it. */
  readonly guess?: string
  readonly at: Place
}

/** The programs of a project without Compose: of its Procfile, else its packages that start, and its Dockerfiles. */
export function findPrograms(files: SourceFiles, projectName: string, notes: Notes): readonly Program[] {
  const procfile = ['Procfile', 'Procfile.dev'].find((name) => files.read(name) !== undefined)
  const fromProcfile = procfile ? procfilePrograms(files, procfile, notes) : []
  const packages = findPackages(files).filter(({ folder }) => folder !== '.' || fromProcfile.length === 0)
  const fromPackages = packages.flatMap(({ folder, facts }): Program[] => {
    if (!facts.start || !isRunnable(facts)) return []
    const own = readFolder(files, folder)
    return [
      programOf(own, folder === '.' ? projectName : (facts.name ?? basename(folder)), {
        file: facts.path,
        line: facts.scriptLine ?? 1,
      }),
    ]
  })
  const taken = new Set([...fromProcfile, ...fromPackages].map(({ folder }) => folder))
  const folders = findDockerfiles(files).filter((folder) => !taken.has(folder))
  // A Dockerfile at the root of a workspace builds what the packages are; it is no program beside them.
  const fromDockerfiles = folders
    .filter((folder) => folder !== '.' || taken.size === 0)
    .map((folder) => {
      const own = readFolder(files, folder)
      return programOf(own, folder === '.' ? projectName : basename(folder), {
        file: own.dockerfile?.path ?? folder,
        line: own.dockerfile?.commandLine ?? 1,
      })
    })
  return [...fromProcfile, ...fromPackages, ...fromDockerfiles]
}

/** Programs that a `dev` script runs when the package is an application and no library. */
const development = /^(next|nuxt|nuxi|vite|astro|remix|react-scripts|nest|ng|gatsby|node|tsx|ts-node|nodemon|bun)$/

/** Whether a package is started by people who run it, not only while it is written. */
function isRunnable(facts: NonNullable<FolderFacts['package']>): boolean {
  if (facts.script !== 'dev') return true
  return facts.port !== undefined && development.test(splitWords(facts.command ?? '')[0] ?? '')
}

function programOf(facts: FolderFacts, name: string, at: Place): Program {
  const image = facts.dockerfile
  const words = [...(image?.entrypoint ?? []), ...(image?.command ?? [])]
  const local = words.length > 0 ? localCommand(words, image?.workdir) : undefined
  const run = local ? writeCommand(local) : image ? undefined : facts.package?.start
  const exposed = image?.ports.find((port) => port.protocol === 'tcp')?.port
  const port = exposed ?? facts.package?.port
  const guessed = exposed === undefined && facts.package?.portFrom?.guessed === true
  return {
    name,
    kind: 'service',
    folder: facts.folder,
    facts,
    ...(run !== undefined && { run }),
    ...(port !== undefined && { port }),
    ...(guessed && { guess: `${facts.package?.framework} usually listens there` }),
    at,
  }
}

function procfilePrograms(files: SourceFiles, path: string, notes: Notes): Program[] {
  const facts = readFolder(files, '.')
  return readProcfile(files.read(path) ?? '').map(({ name, command, line }): Program => {
    const at = { file: path, line }
    const takesPort = name === 'web' || /\$\{?PORT\b/.test(command)
    const written = /(?:--port[= ]|-p[= ]?|--bind[= ]\S*:)(\d{2,5})\b/.exec(command)?.[1]
    const port = written === undefined ? (takesPort ? (facts.package?.port ?? 3000) : undefined) : Number(written)
    if (/^cd /.test(command))
      notes.guessed(at, name, `${name} changes its folder itself`, 'Name the folder under `cwd`.')
    return {
      name,
      kind: name === 'release' ? 'job' : 'service',
      folder: '.',
      facts,
      run: needsShell(command)
        ? ['sh', '-c', command.startsWith('exec ') || /[;&|\n]/.test(command) ? command : `exec ${command}`]
        : writeCommand(splitWords(command)),
      ...(port !== undefined && { port }),
      ...(takesPort && written === undefined && { guess: 'a Procfile leaves it to PORT' }),
      at,
    }
  })
}

function basename(folder: string): string {
  return folder.split('/').at(-1) ?? folder
}
