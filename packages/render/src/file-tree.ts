/** Files to write, by path from the output folder. */
export type FileTree = ReadonlyMap<string, string>

/** Joins trees under folders. Throws when two of them hold the same path. */
export function joinTrees(parts: Readonly<Record<string, FileTree>>): FileTree {
  const joined = new Map<string, string>()
  for (const [folder, tree] of Object.entries(parts)) {
    for (const [path, text] of tree) {
      const full = folder === '' ? path : `${folder}/${path}`
      if (joined.has(full)) throw new Error(`two renderers write ${full}`)
      joined.set(full, text)
    }
  }
  return joined
}
