import { statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Problem } from '../problem.ts'

/** The names under which a catalog is looked for. */
export const catalogNames: readonly string[] = [
  'seaworthy.config.mts',
  'seaworthy.config.ts',
  'seaworthy.config.mjs',
  'seaworthy.yaml',
  'seaworthy.yml',
  'seaworthy.json',
]

/** What a path is; undefined when there is nothing. */
export type PathKind = (path: string) => 'file' | 'folder' | undefined

/** Asks the file system. */
export const pathKind: PathKind = (path) => {
  const found = statSync(path, { throwIfNoEntry: false })
  return found?.isDirectory() ? 'folder' : found ? 'file' : undefined
}

/** The catalog meant by a path: the file itself, or the one catalog in the folder. Throws SW1020 or SW1026. */
export function catalogFile(path: string, kindOf: PathKind = pathKind): string {
  const absolute = resolve(path)
  const kind = kindOf(absolute)
  if (kind === 'file') return absolute
  if (kind === undefined) {
    throw new Problem({ code: 'SW1020', message: `there is no file or folder ${absolute}`, hint: 'mend the path' })
  }
  const found = catalogNames.filter((name) => kindOf(join(absolute, name)) === 'file')
  const [first] = found
  if (first === undefined) {
    throw new Problem({
      code: 'SW1020',
      message: `there is no catalog in ${absolute} (${catalogNames[0]}, seaworthy.yaml or seaworthy.json)`,
      hint: 'run `seaworthy init` there, or name the catalog with --config',
    })
  }
  if (found.length > 1) {
    throw new Problem({
      code: 'SW1026',
      message: `there are several catalogs in ${absolute}: ${found.join(', ')}`,
      hint: 'keep one, or name it with --config',
    })
  }
  return join(absolute, first)
}
