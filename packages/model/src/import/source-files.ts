import { posix } from 'node:path'

/** The files that readers may look at; paths are relative to the project's folder, with `/`. */
export interface SourceFiles {
  /** The text of a file; undefined when it is not there or not a file. */
  read(path: string): string | undefined
  /** Names in a folder, folders with `/` at the end, sorted; empty when it is not there. */
  list(folder: string): readonly string[]
}

/** Files held in memory, by path. */
export function memoryFiles(files: Readonly<Record<string, string>>): SourceFiles {
  const paths = Object.keys(files)
  return {
    read: (path) => files[tidyPath(path)],
    list(folder) {
      const prefix = tidyPath(folder) === '.' ? '' : `${tidyPath(folder)}/`
      const names = paths
        .filter((path) => path.startsWith(prefix))
        .map((path) => {
          const [name = '', ...deeper] = path.slice(prefix.length).split('/')
          return deeper.length > 0 ? `${name}/` : name
        })
      return [...new Set(names)].sort()
    },
  }
}

/** A path without `./`, `//`, `a/..` and a slash at its end; `.` for the folder itself. */
export function tidyPath(path: string): string {
  const normal = posix.normalize(path)
  return normal.length > 1 && normal.endsWith('/') ? normal.slice(0, -1) : normal
}

/** `path` as seen from the project, when it is written in a file of `folder`; absolute ones stay. */
export function pathFrom(folder: string, path: string): string {
  return posix.isAbsolute(path) ? tidyPath(path) : tidyPath(posix.join(folder, path))
}

export function folderOf(path: string): string {
  return posix.dirname(path)
}
