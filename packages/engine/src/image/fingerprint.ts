import { createReadStream } from 'node:fs'
import { type Digest, DigestTap, digestOf } from './digest.ts'
import type { ImageFile } from './image-file.ts'
import { imageProblem } from './problem-codes.ts'

/** A file of a layer together with the digest of its content; folders and links have that of nothing. */
export interface FingerprintedFile {
  readonly file: ImageFile
  /** Bytes of content. */
  readonly size: number
  readonly content: Digest
}

const nothing = digestOf('')

/** Reads every file once and notes its digest and true size. Throws SW6701. */
export async function fingerprint(files: readonly ImageFile[]): Promise<readonly FingerprintedFile[]> {
  const marked: FingerprintedFile[] = []
  for (const file of files) {
    if (file.kind !== 'file') marked.push({ file, size: 0, content: nothing })
    else if (file.source.kind === 'bytes') {
      marked.push({ file, size: file.source.bytes.byteLength, content: digestOf(file.source.bytes) })
    } else marked.push({ file, ...(await read(file.source.path)) })
  }
  return marked
}

/**
 * The identity of a layer before it is packed: same names, modes, owners, links and contents give the same key, wherever
 * the files lie on this machine.
 */
export function layerKey(files: readonly FingerprintedFile[], packing: readonly (string | number)[]): Digest {
  const lines = files.map(({ file, content }) =>
    JSON.stringify([
      file.path,
      file.kind,
      file.mode,
      file.uid ?? 0,
      file.gid ?? 0,
      file.kind === 'symlink' ? file.target : content,
    ]),
  )
  return digestOf(JSON.stringify([packing, lines]))
}

async function read(path: string): Promise<{ size: number; content: Digest }> {
  const tap = new DigestTap()
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) tap.update(chunk)
  } catch (cause) {
    throw imageProblem({ code: 'SW6701', message: `Cannot read ${path}.`, where: { file: path }, cause })
  }
  return { size: tap.size, content: tap.digest() }
}
