import { createReadStream } from 'node:fs'
import { DigestTap } from './digest.ts'
import type { FingerprintedFile } from './fingerprint.ts'
import { imageProblem } from './problem-codes.ts'
import { tarEnd, tarHeader, tarPadding } from './tar.ts'

/**
 * The bytes of a layer's tar, in the order of `files`, every entry at `mtime` (seconds since 1970).
 * Throws SW6702 when a file no longer has the content it was fingerprinted with.
 */
export async function* layerTar(files: readonly FingerprintedFile[], mtime: number): AsyncGenerator<Uint8Array> {
  for (const { file, size, content } of files) {
    const name = file.path.slice(1)
    yield tarHeader({
      name: file.kind === 'directory' ? `${name}/` : name,
      kind: file.kind,
      mode: file.mode,
      uid: file.uid ?? 0,
      gid: file.gid ?? 0,
      size,
      mtime,
      ...(file.kind === 'symlink' ? { target: file.target } : {}),
    })
    if (file.kind !== 'file') continue
    if (file.source.kind === 'bytes') yield file.source.bytes
    else yield* checkedContent(file.source.path, size, content)
    yield tarPadding(size)
  }
  yield tarEnd()
}

async function* checkedContent(path: string, size: number, content: string): AsyncGenerator<Uint8Array> {
  const tap = new DigestTap()
  if (size > 0) {
    // One byte more than expected would shift every entry after it, so reading stops at the size in the header.
    for await (const chunk of createReadStream(path, { end: size - 1, highWaterMark: 1 << 20 })) {
      tap.update(chunk)
      yield chunk
    }
  }
  if (tap.size !== size || tap.digest() !== content) {
    throw imageProblem({
      code: 'SW6702',
      message: `${path} changed while the image was built.`,
      where: { file: path },
      hint: 'Stop what writes to it, or ignore it, and build again.',
    })
  }
}
