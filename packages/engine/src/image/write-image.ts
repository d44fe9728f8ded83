import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobStore, StoredLayer } from './blob-store.ts'
import { writeStream } from './blob-store.ts'
import type { Compression } from './compression.ts'
import type { Digest } from './digest.ts'
import { dockerArchiveMembers } from './docker-archive.ts'
import type { Architecture } from './image-config.ts'
import { layoutMembers } from './oci-layout.ts'
import { tarEnd, tarHeader, tarPadding } from './tar.ts'

/**
 * - `oci-layout`: a folder (OCI image layout 1.0), for skopeo, podman and registries' tools;
 * - `oci-archive`: the same in one tar, for `ctr images import`, `podman load` and `docker load` (Docker 25 or later);
 * - `docker-archive`: what `docker save` wrote before OCI, for every Docker.
 */
export type ArchiveFormat = 'oci-layout' | 'oci-archive' | 'docker-archive'

/** What a writer needs to know of an image. */
export interface WritableImage {
  readonly reference: string
  readonly digest: Digest
  readonly architecture: Architecture
  readonly layers: readonly StoredLayer[]
  readonly config: string
  readonly manifest: string
  readonly compression: Compression
  /** Seconds since 1970. */
  readonly mtime: number
}

/** One file of an archive or layout. */
export interface Member {
  readonly name: string
  /** Bytes. */
  readonly size: number
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>
}

/** Writes beside the target and renames, so that a reader sees the old image or the new one, whole. */
export async function writeImage(
  image: WritableImage,
  path: string,
  format: ArchiveFormat,
  store: BlobStore,
): Promise<void> {
  const draft = join(dirname(path), `.${randomUUID()}.draft`)
  await mkdir(dirname(path), { recursive: true })
  try {
    switch (format) {
      case 'oci-layout':
        await writeFolder(layoutMembers(image, store), draft)
        break
      case 'oci-archive':
        await writeStream(archive(layoutMembers(image, store), image.mtime), draft)
        break
      case 'docker-archive':
        await writeStream(archive(dockerArchiveMembers(image, store), image.mtime), draft)
        break
      default:
        format satisfies never
    }
    await rm(path, { force: true, recursive: format === 'oci-layout' })
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true, recursive: true })
  }
}

async function writeFolder(members: readonly Member[], folder: string): Promise<void> {
  for (const member of members) {
    const path = join(folder, member.name)
    await mkdir(dirname(path), { recursive: true })
    await writeStream(asyncly(member), path)
  }
}

async function* asyncly(member: Member): AsyncGenerator<Uint8Array> {
  yield* member.content()
}

async function* archive(members: readonly Member[], mtime: number): AsyncGenerator<Uint8Array> {
  const common = { uid: 0, gid: 0, mtime }
  const folders = new Set<string>()
  for (const member of members) {
    for (const folder of foldersOf(member.name)) {
      if (folders.has(folder)) continue
      folders.add(folder)
      yield tarHeader({ ...common, name: `${folder}/`, kind: 'directory', mode: 0o755, size: 0 })
    }
    yield tarHeader({ ...common, name: member.name, kind: 'file', mode: 0o644, size: member.size })
    yield* member.content()
    yield tarPadding(member.size)
  }
  yield tarEnd()
}

function foldersOf(name: string): string[] {
  const parts = name.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
