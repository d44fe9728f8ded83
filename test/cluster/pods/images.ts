import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import {
  buildImage,
  folderFiles,
  type Image,
  type ImageSpec,
  nodePath,
  nodeService,
  nodeSystem,
} from '@seaworthy/engine'
import { repositoryRoot } from '../rig/rig-name.ts'

/** Names of the images; their digests follow from their content. */
export const podImages = { hello: 'seaworthy.test/hello:1', fixture: 'seaworthy.test/fixture:1' } as const

/** What the rig's own small service (hello/main.ts) is made from. */
export function helloSpec(): Promise<ImageSpec> {
  const folder = join(import.meta.dirname, 'hello')
  return nodeService({ reference: podImages.hello, folder, entry: 'main.ts', ports: [8080] })
}

/** The rig's own small service. Packing would cost more than it saves: the image goes from disk to disk. */
export async function buildHello(): Promise<Image> {
  return buildImage({ ...(await helloSpec()), compression: 'none' })
}

/** The service with a ledger and faults on demand that other tests run as a process (test/fixtures/service.ts). */
export async function buildFixture(): Promise<Image> {
  const { architecture, layer } = await nodeSystem()
  const fixtures = join(repositoryRoot, 'test', 'fixtures')
  const sources = ['service.ts', 'service-bugs.ts'].map((name) => ({
    kind: 'file' as const,
    path: `/app/${name}`,
    mode: 0o644,
    source: { kind: 'file' as const, path: join(fixtures, name) },
  }))
  const ws = await folderFiles({ root: join(repositoryRoot, 'node_modules', 'ws'), into: '/app/node_modules/ws' })
  return buildImage({
    reference: podImages.fixture,
    architecture,
    compression: 'none',
    layers: [layer, { note: 'ws', files: ws }, { note: 'fixture service', files: sources }],
    run: {
      user: '65532:65532',
      entrypoint: [nodePath, '/app/service.ts'],
      env: { HOST: '0.0.0.0', PORT: '8080', NODE_ENV: 'production', PATH: '/usr/local/bin' },
      workingDirectory: '/app',
      ports: ['8080/tcp'],
    },
  })
}

/** Writes an image where `loadImage` can take it; returns the path. */
export async function archiveOf(image: Image, folder: string): Promise<string> {
  const path = join(folder, `${image.digest.replace(':', '-')}.tar`)
  await mkdir(dirname(path), { recursive: true })
  await image.write(path, 'oci-archive')
  return path
}
