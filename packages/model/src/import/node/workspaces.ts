import { pathFrom, type SourceFiles, tidyPath } from '../source-files.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { textOf } from '../yaml/tree.ts'
import { type PackageFacts, readPackage } from './package-facts.ts'

/** A package of a workspace and the folder that it lies in. */
export interface WorkspacePackage {
  readonly folder: string
  readonly facts: PackageFacts
}

/** The packages of a repository: those that npm, Yarn or pnpm call workspaces, or the root's own when there are none. */
export function findPackages(files: SourceFiles): readonly WorkspacePackage[] {
  const root = readPackage(files, '.')
  const globs = [...(root?.workspaces ?? []), ...pnpmGlobs(files)]
  const wanted = globs.filter((glob) => !glob.startsWith('!'))
  const unwanted = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1))
  const folders = [...new Set(wanted.flatMap((glob) => foldersOf(files, glob)))].sort()
  const excluded = new Set(unwanted.flatMap((glob) => foldersOf(files, glob)))
  const packages = folders
    .filter((folder) => !excluded.has(folder))
    .flatMap((folder) => {
      const facts = readPackage(files, folder)
      return facts ? [{ folder, facts }] : []
    })
  return packages.length > 0 ? packages : root ? [{ folder: '.', facts: root }] : []
}

function pnpmGlobs(files: SourceFiles): readonly string[] {
  const text = files.read('pnpm-workspace.yaml')
  if (text === undefined) return []
  const tree = readYaml(text, 'pnpm-workspace.yaml').documents[0]?.tree
  const packages = tree?.kind === 'mapping' ? tree.entries.get('packages') : undefined
  return packages?.kind === 'list' ? packages.items.flatMap((item) => textOf(item) ?? []) : []
}

/** Folders that a workspace glob means: `*` is one step, `**` any number of them. */
function foldersOf(files: SourceFiles, glob: string): readonly string[] {
  const steps = tidyPath(glob).split('/')
  let found = ['.']
  for (const step of steps) {
    found = found.flatMap((folder) => {
      if (step === '**') return [folder, ...below(files, folder, 5)]
      if (!step.includes('*')) return [pathFrom(folder, step)]
      const pattern = new RegExp(`^${step.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`)
      return subfolders(files, folder).filter((path) => pattern.test(path.split('/').at(-1) ?? ''))
    })
  }
  return found
}

function subfolders(files: SourceFiles, folder: string): string[] {
  return files
    .list(folder)
    .filter((name) => name.endsWith('/') && !name.startsWith('.') && name !== 'node_modules/')
    .map((name) => pathFrom(folder, name.slice(0, -1)))
}

function below(files: SourceFiles, folder: string, depth: number): string[] {
  return depth === 0 ? [] : subfolders(files, folder).flatMap((path) => [path, ...below(files, path, depth - 1)])
}
