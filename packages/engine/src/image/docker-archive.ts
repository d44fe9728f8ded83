import type { BlobStore } from './blob-store.ts'
import { unpacked } from './compression.ts'
import { digestOf, hexOf } from './digest.ts'
import { textMember } from './oci-layout.ts'
import type { Member, WritableImage } from './write-image.ts'

/**
 * The files of a `docker save` archive (Docker image specification 1.2, "Combined image JSON + filesystem changeset
 * format"). Layers are unpacked tars, since the loaders of that age know nothing else for certain.
 */
export function dockerArchiveMembers(image: WritableImage, store: BlobStore): readonly Member[] {
  const configName = `${hexOf(digestOf(image.config))}.json`
  const layers = new Map<string, Member>()
  for (const { digest, diffId, plainSize } of image.layers) {
    const name = `${hexOf(diffId)}.tar`
    layers.set(name, {
      name,
      size: plainSize,
      content: () => unpacked(store.read(digest), image.compression),
    })
  }
  const manifest = [
    {
      Config: configName,
      RepoTags: [image.reference],
      Layers: image.layers.map(({ diffId }) => `${hexOf(diffId)}.tar`),
    },
  ]
  return [
    textMember('manifest.json', JSON.stringify(manifest)),
    textMember(configName, image.config),
    ...layers.values(),
  ]
}
