import { readFile, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { imageProblem } from './problem-codes.ts'

/** What a Node program needs on disk to start: folders of packages, and the links that lead to some of them. */
export interface ProductionPackages {
  /** Folders of installed packages, absolute, without the packages nested in them. */
  readonly installed: readonly string[]
  /** Folders of packages of this repository (workspaces, and the program's own), absolute. */
  readonly own: readonly string[]
  /** Links in `node_modules` that lead to workspaces: absolute path of the link and of its end. */
  readonly links: readonly { readonly path: string; readonly target: string }[]
}

interface Manifest {
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
  readonly peerDependencies?: Record<string, string>
}

/**
 * The closure of a package's dependencies without those of development, resolved as Node resolves them: in `node_modules`
 * beside the package and above it, up to `root`. Optional and peer dependencies count when they are installed.
 * Throws SW6701 for an unreadable manifest, SW6707 for a dependency that is not installed, SW6708 for one outside `root`.
 */
export async function productionPackages(packageFolder: string, root: string): Promise<ProductionPackages> {
  const top = await realpath(root)
  const start = await realpath(packageFolder)
  const installed = new Set<string>()
  const own = new Set<string>([start])
  const links = new Map<string, string>()
  const queue = [start]
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    for (const { name, required } of wanted(await readManifest(folder))) {
      const found = await resolvePackage(name, folder, top)
      if (!found) {
        if (required) throw notInstalled(name, folder)
        continue
      }
      const { path, target } = found
      if (relative(top, target).startsWith('..')) throw outside(name, target, top)
      if (path !== target) links.set(path, target)
      const known = target.includes('/node_modules/') ? installed : own
      if (known.has(target)) continue
      known.add(target)
      queue.push(target)
    }
  }
  return {
    installed: [...installed].sort(),
    own: [...own].sort(),
    links: [...links].map(([path, target]) => ({ path, target })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  }
}

function wanted(manifest: Manifest): { name: string; required: boolean }[] {
  const loose = { ...manifest.peerDependencies, ...manifest.optionalDependencies }
  return [
    ...Object.keys(manifest.dependencies ?? {}).map((name) => ({ name, required: !(name in loose) })),
    ...Object.keys(loose).map((name) => ({ name, required: false })),
  ]
}

async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, 'package.json')
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw imageProblem({
      code: 'SW6701',
      message: `Cannot read ${path}.`,
      where: { file: path },
      hint: 'Give the folder of a package, with its package.json.',
      cause,
    })
  }
}

async function resolvePackage(
  name: string,
  from: string,
  top: string,
): Promise<{ path: string; target: string } | undefined> {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = resolve(folder, 'node_modules', name)
    const target = await realpath(path).catch(() => undefined)
    if (target) return { path, target }
    if (folder === top || folder === '/') return undefined
  }
}

function notInstalled(name: string, folder: string): Error {
  return imageProblem({
    code: 'SW6707',
    message: `${join(folder, 'package.json')} depends on ${name}, which is not installed.`,
    where: { file: join(folder, 'package.json') },
    hint: 'Run `npm install`, then build again.',
  })
}

function outside(name: string, target: string, top: string): Error {
  return imageProblem({
    code: 'SW6708',
    message: `The dependency ${name} lies in ${target}, outside ${top}.`,
    where: { file: target },
    hint: 'Give the repository that holds both as the root.',
  })
}
