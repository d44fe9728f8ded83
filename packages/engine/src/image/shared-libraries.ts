import { access, glob, readFile, realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { readElf } from './elf.ts'
import type { Architecture } from './image-config.ts'
import { imageProblem } from './problem-codes.ts'

/** A file that an executable needs at run time. */
export interface SharedLibrary {
  /** Where the loader will look for it in the image. */
  readonly path: string
  /** The file of this machine, with links resolved. */
  readonly source: string
}

/** Everything that an executable needs to start. */
export interface ExecutableNeeds {
  readonly architecture: Architecture
  readonly libraries: readonly SharedLibrary[]
}

const multiarch: Readonly<Record<Architecture, string>> = { amd64: 'x86_64-linux-gnu', arm64: 'aarch64-linux-gnu' }

/**
 * The libraries of an executable, found as the loader of glibc or musl finds them (ld.so(8)), but without running it: by
 * DT_NEEDED, through DT_RUNPATH, the configured and the built-in folders. They are placed where a loader without a cache
 * looks: beside the C library.
 *
 * `root` is the tree that holds them (`/`, or an unpacked system of another platform); `plugins` are files that the
 * executable loads later by itself, such as Node's native addons. Throws SW6704, SW6705.
 */
export async function executableNeeds(
  executable: string,
  options: { readonly root?: string; readonly plugins?: readonly string[] } = {},
): Promise<ExecutableNeeds> {
  const root = options.root ?? '/'
  const { architecture, interpreter } = await readElf(executable)
  if (!interpreter) return { architecture, libraries: [] }
  const search = await searchFolders(architecture, interpreter, root)
  const loader = basename(interpreter)
  const home = interpreter.includes('musl') ? '/lib' : `/lib/${multiarch[architecture]}`
  const libraries = new Map<string, SharedLibrary>()
  const queue = [executable, ...(options.plugins ?? [])]
  for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
    const { needed, runPath } = await readElf(file)
    const own = runPath.map((folder) => folder.replaceAll(/\$ORIGIN|\$\{ORIGIN\}/g, dirname(file)))
    for (const name of needed) {
      // The loader is in memory already when libraries name it.
      if (name === loader || libraries.has(name)) continue
      const source = await firstIn([...own, ...search], name)
      if (!source) throw missing(name, file)
      libraries.set(name, { path: `${home}/${name}`, source })
      queue.push(source)
    }
  }
  const loaderSource = await realpath(join(root, interpreter)).catch(() => undefined)
  if (!loaderSource) throw missing(interpreter, executable)
  libraries.set(loader, { path: interpreter, source: loaderSource })
  return { architecture, libraries: [...libraries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) }
}

async function searchFolders(architecture: Architecture, interpreter: string, root: string): Promise<string[]> {
  const triple = multiarch[architecture]
  const builtIn = interpreter.includes('musl')
    ? ['/lib', '/usr/local/lib', '/usr/lib']
    : [`/lib/${triple}`, `/usr/lib/${triple}`, '/lib64', '/usr/lib64', '/lib', '/usr/lib']
  const configured = await configuredFolders(join(root, 'etc/ld.so.conf'), root)
  return [...builtIn, ...configured].map((folder) => join(root, folder))
}

async function configuredFolders(file: string, root: string, depth = 0): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const folders: string[] = []
  for (const line of text.split('\n').map((raw) => raw.replace(/#.*/, '').trim())) {
    if (!line || depth > 8) continue
    const include = /^include\s+(.*)$/.exec(line)?.[1]
    if (!include) folders.push(line)
    else {
      const matches: string[] = []
      for await (const match of glob(join(root, include.startsWith('/') ? include : `/etc/${include}`)))
        matches.push(match)
      for (const match of matches.sort()) folders.push(...(await configuredFolders(match, root, depth + 1)))
    }
  }
  return folders
}

async function firstIn(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name)
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (there) return realpath(path)
  }
  return undefined
}

function missing(name: string, of: string): Error {
  return imageProblem({
    code: 'SW6705',
    message: `${of} needs the library ${name}, which none of the loader's folders holds.`,
    where: { file: of },
    hint: 'Install the package that brings it, or build on a machine that has it.',
  })
}
