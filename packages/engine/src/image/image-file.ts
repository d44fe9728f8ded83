import { imageProblem } from './problem-codes.ts'

/** Where a file's bytes come from. */
export type FileSource =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** A file of this machine. */
  | { readonly kind: 'file'; readonly path: string }

interface Placed {
  /** Absolute path in the image, such as `/app/main.ts`. */
  readonly path: string
  /** Permission bits, such as 0o644. */
  readonly mode: number
  /** Owner; both 0 unless said otherwise. */
  readonly uid?: number
  readonly gid?: number
}

/** One entry of a layer. Times are not kept: every entry carries the image's one time, so that equal content is equal bytes. */
export type ImageFile =
  | (Placed & { readonly kind: 'file'; readonly source: FileSource })
  | (Placed & { readonly kind: 'directory' })
  | (Placed & { readonly kind: 'symlink'; readonly target: string })

/** A regular file from text. */
export function textFile(path: string, text: string, mode = 0o644): ImageFile {
  return { kind: 'file', path, mode, source: { kind: 'bytes', bytes: new TextEncoder().encode(text) } }
}

/** An empty folder. */
export function emptyDirectory(path: string, mode = 0o755, owner: { uid?: number; gid?: number } = {}): ImageFile {
  return { kind: 'directory', path, mode, ...owner }
}

/**
 * The entries in the order in which a layer carries them: parents first, then by bytes, with the parent folders that nobody
 * named added as `0755 root`. Throws SW6703 when a path is not absolute or stands twice for different things.
 */
export function arrangeFiles(files: readonly ImageFile[]): readonly ImageFile[] {
  const byPath = new Map<string, ImageFile>()
  for (const file of files) {
    checkPath(file.path)
    const before = byPath.get(file.path)
    if (before && !(before.kind === 'directory' && file.kind === 'directory')) {
      throw imageProblem({
        code: 'SW6703',
        message: `${file.path} is given twice, as a ${before.kind} and as a ${file.kind}.`,
        hint: 'Leave one of them out.',
      })
    }
    byPath.set(file.path, file)
  }
  for (const file of files) {
    for (let parent = parentOf(file.path); parent !== ''; parent = parentOf(parent)) {
      const there = byPath.get(parent)
      if (there?.kind === 'file') {
        throw imageProblem({ code: 'SW6703', message: `${parent} is a file, and ${file.path} lies below it.` })
      }
      if (!there) byPath.set(parent, emptyDirectory(parent))
    }
  }
  return [...byPath.values()].sort((a, b) => compareBytes(a.path, b.path))
}

function checkPath(path: string): void {
  const parts = path.split('/')
  const bad = parts[0] !== '' || parts.length < 2 || parts.slice(1).some((part) => ['', '.', '..'].includes(part))
  if (bad || path.includes('\0')) {
    throw imageProblem({
      code: 'SW6703',
      message: `Expected an absolute, normal path in the image, found ${JSON.stringify(path)}.`,
    })
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'))
}

/** Byte order, with `/` before every other byte, so that a folder's content follows it at once. */
function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a.replaceAll('/', '\0')), Buffer.from(b.replaceAll('/', '\0')))
}
