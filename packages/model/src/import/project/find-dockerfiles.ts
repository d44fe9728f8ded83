import { pathFrom, type SourceFiles } from '../source-files.ts'

const skipped = /^(node_modules|dist|build|vendor|test|tests|examples?|docs|\..*)\/$/

/** Folders down to the third level that hold a Dockerfile, the nearest to the root first. */
export function findDockerfiles(files: SourceFiles, folder = '.', depth = 3): readonly string[] {
  const names = files.list(folder)
  const own = names.includes('Dockerfile') ? [folder] : []
  const below = depth === 0 ? [] : names.filter((name) => name.endsWith('/') && !skipped.test(name))
  return [...own, ...below.flatMap((name) => findDockerfiles(files, pathFrom(folder, name.slice(0, -1)), depth - 1))]
}
