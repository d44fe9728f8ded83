import { Readable, type Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createGzip, createZstdCompress, createZstdDecompress } from 'node:zlib'

/** How a layer's tar is packed. */
export type Compression = 'none' | 'gzip' | 'zstd'

/** A new compressing stream, or nothing for `none`. gzip carries neither a time nor a name, so equal input is equal output. */
export function compressor(compression: Compression): Transform | undefined {
  switch (compression) {
    case 'none':
      return undefined
    case 'gzip':
      return createGzip({ level: 6 })
    case 'zstd':
      return createZstdCompress({
        params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
      })
    default:
      return compression satisfies never
  }
}

/** The bytes that were packed. */
export async function* unpacked(
  packed: AsyncIterable<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  const stream = decompressor(compression)
  if (!stream) return yield* packed
  const flow = pipeline(Readable.from(packed), stream)
  // A failure reaches the reader below; awaited afterwards, it must not count as unhandled in between.
  flow.catch(() => undefined)
  yield* stream
  await flow
}

function decompressor(compression: Compression): Transform | undefined {
  switch (compression) {
    case 'none':
      return undefined
    case 'gzip':
      return createGunzip()
    case 'zstd':
      return createZstdDecompress()
    default:
      return compression satisfies never
  }
}

/**
 * What the packed bytes depend on besides their input: the library inside this Node. Two machines with the same Node pack
 * zstd to the same bytes; zlib may also choose by the processor's features.
 */
export function packerVersion(compression: Compression): string {
  switch (compression) {
    case 'none':
      return 'none'
    case 'gzip':
      return `zlib ${process.versions.zlib}`
    case 'zstd':
      return `zstd ${process.versions.zstd}`
    default:
      return compression satisfies never
  }
}

/** The media type of a layer packed so (OCI image specification 1.1, "Media types"). */
export function layerMediaType(compression: Compression): string {
  return `application/vnd.oci.image.layer.v1.tar${compression === 'none' ? '' : `+${compression}`}`
}
