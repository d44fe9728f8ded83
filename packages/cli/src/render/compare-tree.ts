import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FileTree } from '@seaworthy/render'

/** How what is rendered differs from what lies in a folder. */
export interface TreeDifference {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  /** Files in the folder that nothing renders any more. */
  readonly stale: readonly string[]
}

/** Compares rendered files with a folder; a folder that is not there is empty. */
export function compareTree(tree: FileTree, folder: string): TreeDifference {
  const there = new Set(filesIn(folder))
  const names = [...tree.keys()].sort()
  return {
    added: names.filter((name) => !there.has(name)),
    changed: names.filter((name) => there.has(name) && readFileSync(join(folder, name), 'utf8') !== tree.get(name)),
    stale: [...there].filter((name) => !tree.has(name)).sort(),
  }
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  } catch {
    return []
  }
}

/** The lines of a change as a person reads it: those that go, those that come, three around them. */
export function lineDiff(before: string, after: string): readonly string[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const rows: number[][] = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0))
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const row = rows[i] as number[]
      row[j] = a[i] === b[j] ? (rows[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(rows[i + 1]?.[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  const lines: { readonly mark: ' ' | '-' | '+'; readonly text: string }[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ mark: ' ', text: a[i] ?? '' })
      i += 1
      j += 1
    } else if (i < a.length && (j >= b.length || (rows[i + 1]?.[j] ?? 0) >= (rows[i]?.[j + 1] ?? 0))) {
      lines.push({ mark: '-', text: a[i] ?? '' })
      i += 1
    } else {
      lines.push({ mark: '+', text: b[j] ?? '' })
      j += 1
    }
  }
  const near = lines.map((_, at) => lines.slice(Math.max(0, at - 3), at + 4).some(({ mark }) => mark !== ' '))
  return lines.flatMap(({ mark, text }, at) => (near[at] ? [`${mark}${text}`] : near[at - 1] ? ['@'] : []))
}
