import { type BlobStore, defaultStoreDirectory, openBlobStore, type StoredLayer } from './blob-store.ts'
import { type Compression, layerMediaType } from './compression.ts'
import { type Digest, digestOf } from './digest.ts'
import { type Architecture, imageConfig, type RunSettings, timestamp } from './image-config.ts'
import type { ImageFile } from './image-file.ts'
import { packLayer } from './layer.ts'
import { formatReference, parseReference } from './reference.ts'
import { type ArchiveFormat, writeImage } from './write-image.ts'

/** One layer, from the bottom up. */
export interface LayerSpec {
  /** What the layer holds; it appears in the image's history. */
  readonly note: string
  readonly files: readonly ImageFile[]
}

/** All that an image is made from. Equal specifications with equal files give equal bytes. */
export interface ImageSpec {
  /** Such as `registry.example.com/shop/api:1.4`. */
  readonly reference: string
  readonly architecture: Architecture
  readonly layers: readonly LayerSpec[]
  readonly run: RunSettings
  /** The one time in the image. Default: 1970-01-01, or SOURCE_DATE_EPOCH where it is set. */
  readonly created?: Date
  /** Default: `zstd`. */
  readonly compression?: Compression
}

/** What a build may be given instead of the machine's own. */
export interface BuildOptions {
  readonly store?: BlobStore
  readonly env?: NodeJS.ProcessEnv
}

/** A layer as the manifest names it. */
export interface ImageLayer extends StoredLayer {
  readonly note: string
  readonly mediaType: string
}

/** A built image: its layers lie in the store, its config and manifest in memory. */
export interface Image {
  /** The full reference, such as `docker.io/library/hello:1`. */
  readonly reference: string
  /** Digest of the manifest, by which a cluster should name the image. */
  readonly digest: Digest
  readonly layers: readonly ImageLayer[]
  readonly config: string
  readonly manifest: string
  readonly compression: Compression
  /** Writes the image to a file or, for `oci-layout`, into a folder; what is there under that name is replaced. */
  write(path: string, format: ArchiveFormat): Promise<void>
}

const manifestType = 'application/vnd.oci.image.manifest.v1+json'
const configType = 'application/vnd.oci.image.config.v1+json'

/**
 * Builds an image without a daemon, a registry or another image.
 *
 * ```ts
 * const image = await buildImage(await nodeService({ reference: 'shop/api:1.4', root: 'services/api', entry: 'main.ts' }))
 * image.digest // 'sha256:4f1c...'
 * await image.write('api.tar', 'oci-archive')
 * ```
 *
 * Throws SW6701 to SW6703 for files that cannot be packed, SW6706 for a bad reference.
 */
export async function buildImage(spec: ImageSpec, options: BuildOptions = {}): Promise<Image> {
  const env = options.env ?? process.env
  const store = options.store ?? openBlobStore(defaultStoreDirectory(env))
  const reference = formatReference(parseReference(spec.reference))
  const created = spec.created ?? new Date(Number(env.SOURCE_DATE_EPOCH ?? 0) * 1000)
  const compression = spec.compression ?? 'zstd'
  const mediaType = layerMediaType(compression)
  const packing = { compression, mtime: Math.floor(created.getTime() / 1000) }

  const layers: ImageLayer[] = []
  for (const { note, files } of spec.layers)
    layers.push({ ...(await packLayer(files, packing, store)), note, mediaType })

  const config = imageConfig({ architecture: spec.architecture, created, run: spec.run, layers })
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: configType, digest: digestOf(config), size: Buffer.byteLength(config) },
    layers: layers.map(({ digest, size }) => ({ mediaType, digest, size })),
    annotations: { 'org.opencontainers.image.created': timestamp(created) },
  })
  const parts = { reference, digest: digestOf(manifest), layers, config, manifest, compression }
  return Object.freeze({
    ...parts,
    write: (path: string, format: ArchiveFormat) =>
      writeImage({ ...parts, architecture: spec.architecture, mtime: packing.mtime }, path, format, store),
  })
}
