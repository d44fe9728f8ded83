import type { BlobStore } from './blob-store.ts'
import { type Digest, digestOf, hexOf } from './digest.ts'
import { parseReference } from './reference.ts'
import type { Member, WritableImage } from './write-image.ts'

/** The files of an OCI image layout (specification 1.1, "Image layout"), named for containerd and for podman alike. */
export function layoutMembers(image: WritableImage, store: BlobStore): readonly Member[] {
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [
      {
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        digest: image.digest,
        size: Buffer.byteLength(image.manifest),
        annotations: {
          // containerd names the image by the first, podman and skopeo by the second.
          'io.containerd.image.name': image.reference,
          'org.opencontainers.image.ref.name': parseReference(image.reference).tag,
        },
        platform: {
          architecture: image.architecture,
          os: 'linux',
          ...(image.architecture === 'arm64' && { variant: 'v8' }),
        },
      },
    ],
  })
  const blobs = new Map<Digest, Member>()
  const textBlob = (text: string): void => {
    blobs.set(digestOf(text), textMember(blobName(digestOf(text)), text))
  }
  textBlob(image.config)
  textBlob(image.manifest)
  for (const { digest, size } of image.layers) {
    blobs.set(digest, { name: blobName(digest), size, content: () => store.read(digest) })
  }
  return [
    textMember('oci-layout', '{"imageLayoutVersion":"1.0.0"}'),
    textMember('index.json', index),
    ...[...blobs.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  ]
}

/** A member from text. */
export function textMember(name: string, text: string): Member {
  const bytes = Buffer.from(text)
  return { name, size: bytes.byteLength, content: () => [bytes] }
}

function blobName(digest: Digest): string {
  return `blobs/sha256/${hexOf(digest)}`
}
