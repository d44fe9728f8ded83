import type { Dirent, Stats } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { dirname, join, posix, relative, resolve } from 'node:path'
import { type IgnoreRule, parseIgnore } from './ignore.ts'
import type { ImageFile } from './image-file.ts'
import { imageProblem } from './problem-codes.ts'

/** Which files of a folder are packed, and where to. */
export interface FolderOptions {
  /** Folder of this machine. */
  readonly root: string
  /** Absolute path in the image under which the root's content appears. */
  readonly into: string
  readonly ignore?: IgnoreRule
}

/**
 * The files of a folder as image entries, in byte order. Rights are reduced to what a reader in a container needs (0755 for
 * folders and executables, else 0644) and owners to root, so that a checkout's umask does not change the image. Links stay
 * links. Sockets and devices are left out. Throws SW6701, and SW6708 for a link that leads out of the root.
 */
export async function folderFiles({ root, into, ignore = parseIgnore('') }: FolderOptions): Promise<ImageFile[]> {
  const base = resolve(root)
  const files: ImageFile[] = []
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await list(folder)) {
      const path = join(folder, entry.name)
      const inside = relative(base, path)
      const ignored = ignore.ignores(inside)
      if (entry.isDirectory() && (!ignored || ignore.takesBack)) await visit(path)
      if (ignored) continue
      const file = await asImageFile(path, posix.join(into, inside), base)
      if (file) files.push(file)
    }
  }
  await visit(base)
  return files
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))
  } catch (cause) {
    throw imageProblem({ code: 'SW6701', message: `Cannot read the folder ${folder}.`, where: { file: folder }, cause })
  }
}

async function asImageFile(path: string, into: string, root: string): Promise<ImageFile | undefined> {
  const facts: Stats = await lstat(path)
  if (facts.isDirectory()) return { kind: 'directory', path: into, mode: 0o755 }
  if (facts.isFile()) {
    return { kind: 'file', path: into, mode: facts.mode & 0o111 ? 0o755 : 0o644, source: { kind: 'file', path } }
  }
  if (!facts.isSymbolicLink()) return undefined
  const target = await readlink(path)
  const end = relative(root, resolve(dirname(path), target))
  if (target.startsWith('/') || end.startsWith('..')) {
    throw imageProblem({
      code: 'SW6708',
      message: `${path} links to ${target}, outside ${root}.`,
      where: { file: path },
      hint: 'Ignore it, or pack a folder that holds both ends.',
    })
  }
  return { kind: 'symlink', path: into, mode: 0o777, target }
}
