import { pathFrom } from '../source-files.ts'
import { list, mapping, scalar, type Tree, textOf } from '../yaml/tree.ts'
import { matches } from './merge.ts'

/** Where a Compose file holds paths that are relative to its own folder. */
const patterns: readonly string[] = [
  'services.*.build',
  'services.*.build.context',
  'services.*.env_file',
  'services.*.env_file.*',
  'services.*.env_file.*.path',
  'services.*.label_file',
  'services.*.label_file.*',
  'services.*.extends.file',
  'services.*.develop.watch.*.path',
  'configs.*.file',
  'secrets.*.file',
]

/** Turns the relative paths of a file in `folder` into paths from the project's folder. */
export function rebasePaths(tree: Tree, folder: string, path: readonly string[] = []): Tree {
  if (folder === '.') return tree
  switch (tree.kind) {
    case 'scalar': {
      const text = textOf(tree)
      if (text === undefined) return tree
      if (patterns.some((pattern) => matches(path, pattern)) && !isRemote(text))
        return scalar(dotted(pathFrom(folder, text)), tree.at, tree.variables)
      if (matches(path, 'services.*.volumes.*') && /^\.{1,2}\//.test(text)) {
        const [source = '', ...rest] = text.split(':')
        return scalar([dotted(pathFrom(folder, source)), ...rest].join(':'), tree.at, tree.variables)
      }
      if (matches(path, 'services.*.volumes.*.source') && /^\.{1,2}(\/|$)/.test(text))
        return scalar(dotted(pathFrom(folder, text)), tree.at, tree.variables)
      return tree
    }
    case 'list':
      return list(
        tree.items.map((item, index) => rebasePaths(item, folder, [...path, String(index)])),
        tree.at,
      )
    case 'mapping':
      return mapping(
        [...tree.entries].map(([key, value]) => [key, rebasePaths(value, folder, [...path, key])]),
        tree.at,
      )
    default:
      return tree satisfies never
  }
}

function dotted(path: string): string {
  return /^(\.{1,2}(\/|$)|\/)/.test(path) ? path : `./${path}`
}

/** Whether a build context is an address rather than a folder. */
export function isRemote(context: string): boolean {
  return /^(https?:|git:|ssh:|git@|github\.com\/|oci:|docker-image:|service:|target:)/.test(context)
}
