import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BlobStore, StoredLayer } from './blob-store.ts'
import { type Compression, compressor, packerVersion } from './compression.ts'
import { DigestTap } from './digest.ts'
import { type FingerprintedFile, fingerprint, layerKey } from './fingerprint.ts'
import { arrangeFiles, type ImageFile } from './image-file.ts'
import { layerTar } from './layer-tar.ts'

/** How a layer is packed. */
export interface Packing {
  readonly compression: Compression
  /** Seconds since 1970 that every entry carries. */
  readonly mtime: number
}

/** Packs files into a layer, or finds the one packed earlier from the same content. Throws SW6701, SW6702, SW6703. */
export async function packLayer(files: readonly ImageFile[], packing: Packing, store: BlobStore): Promise<StoredLayer> {
  const marked = await fingerprint(arrangeFiles(files))
  const key = layerKey(marked, ['tar 1', packerVersion(packing.compression), packing.mtime])
  return store.layer(key, (target) => pack(marked, packing, target))
}

async function pack(files: readonly FingerprintedFile[], packing: Packing, target: string): Promise<StoredLayer> {
  const plain = new DigestTap()
  const packed = new DigestTap()
  const tar = Readable.from(tapped(layerTar(files, packing.mtime), plain))
  const stage = compressor(packing.compression)
  const output = createWriteStream(target)
  await (stage
    ? pipeline(tar, stage, (source: AsyncIterable<Uint8Array>) => tapped(source, packed), output)
    : pipeline(tar, (source: AsyncIterable<Uint8Array>) => tapped(source, packed), output))
  return { digest: packed.digest(), size: packed.size, diffId: plain.digest(), plainSize: plain.size }
}

async function* tapped(source: AsyncIterable<Uint8Array>, tap: DigestTap): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    tap.update(chunk)
    yield chunk
  }
}
