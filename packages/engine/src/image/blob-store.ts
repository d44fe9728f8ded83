import { randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type Digest, DigestTap, hexOf } from './digest.ts'
import { imageProblem } from './problem-codes.ts'
import { limitStore, type StoreLimit, usualLimit } from './store-limit.ts'

/** A packed layer that lies in the store. */
export interface StoredLayer {
  /** Digest and size (bytes) of the packed bytes. */
  readonly digest: Digest
  readonly size: number
  /** Digest and size (bytes) of the tar inside. */
  readonly diffId: Digest
  readonly plainSize: number
}

/** `$XDG_CACHE_HOME/seaworthy/images`, or the same under `~/.cache`. */
export function defaultStoreDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'seaworthy', 'images')
}

/**
 * Packed layers kept by digest, so that what did not change is packed once. Any number of processes may use one folder:
 * files appear whole (write, then rename) and equal names have equal content.
 */
export interface BlobStore {
  /** The layer packed earlier for this key, or what `pack` writes now. */
  layer(key: Digest, pack: (target: string) => Promise<StoredLayer>): Promise<StoredLayer>
  /** The blob's bytes, checked against its digest while they flow. Throws SW6710 at the end of a damaged one. */
  read(digest: Digest): AsyncGenerator<Uint8Array>
}

/** A store in a folder, which is made when it is missing and kept within `limit`. */
export function openBlobStore(directory: string, limit: StoreLimit = usualLimit): BlobStore {
  const blobPath = (digest: Digest): string => join(directory, 'blobs', hexOf(digest))
  const notePath = (key: Digest): string => join(directory, 'layers', `${hexOf(key)}.json`)

  return {
    async layer(key, pack) {
      const known = await recall(notePath(key))
      if (known && (await isWhole(blobPath(known.digest), known.size))) {
        const now = new Date()
        await utimes(blobPath(known.digest), now, now).catch(() => undefined)
        return known
      }
      await mkdir(join(directory, 'blobs'), { recursive: true })
      await mkdir(join(directory, 'layers'), { recursive: true })
      const draft = join(directory, `draft-${randomUUID()}`)
      try {
        const made = await pack(draft)
        await rename(draft, blobPath(made.digest))
        const note = join(directory, `draft-${randomUUID()}`)
        await writeFile(note, JSON.stringify(made))
        await rename(note, notePath(key))
        await limitStore(join(directory, 'blobs'), limit, Date.now())
        return made
      } finally {
        await rm(draft, { force: true })
      }
    },

    async *read(digest) {
      const tap = new DigestTap()
      for await (const chunk of createReadStream(blobPath(digest), { highWaterMark: 1 << 20 })) {
        tap.update(chunk)
        yield chunk
      }
      if (tap.digest() === digest) return
      await rm(blobPath(digest), { force: true })
      throw imageProblem({
        code: 'SW6710',
        message: `The cached layer ${digest} is damaged and has been removed.`,
        where: { file: blobPath(digest) },
        hint: 'Build the image again.',
      })
    },
  }
}

/** Writes a stream to a file; resolves when it is on its way to the disk whole. */
export async function writeStream(source: AsyncIterable<Uint8Array>, path: string): Promise<void> {
  await pipeline(source, createWriteStream(path))
}

async function recall(path: string): Promise<StoredLayer | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    // A missing or half-written note only costs packing again.
    return undefined
  }
}

async function isWhole(path: string, size: number): Promise<boolean> {
  return stat(path).then(
    (found) => found.size === size,
    () => false,
  )
}
