import { readdirSync, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SourceFiles } from '@seaworthy/model'

/** Larger files hold no configuration that a person wrote. */
const largest = 2 ** 20

/** The files of a folder, each read once; what cannot be read is not there. */
export function folderFiles(folder: string): SourceFiles {
  const texts = new Map<string, string | undefined>()
  const lists = new Map<string, readonly string[]>()
  return {
    read(path) {
      if (!texts.has(path)) texts.set(path, readText(resolve(folder, path)))
      return texts.get(path)
    },
    list(path) {
      const known = lists.get(path) ?? readNames(resolve(folder, path))
      lists.set(path, known)
      return known
    },
  }
}

function readText(path: string): string | undefined {
  try {
    const state = statSync(path)
    return state.isFile() && state.size <= largest ? readFileSync(path, 'utf8') : undefined
  } catch {
    return undefined
  }
}

function readNames(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort()
  } catch {
    return []
  }
}
