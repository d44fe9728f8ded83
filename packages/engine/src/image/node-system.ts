import { baseFiles, type ImageUser, nonRoot } from './base-files.ts'
import type { LayerSpec } from './build-image.ts'
import type { Architecture } from './image-config.ts'
import type { ImageFile } from './image-file.ts'
import { executableNeeds } from './shared-libraries.ts'

/** Which Node an image carries. */
export interface NodeSystemOptions {
  readonly user?: ImageUser
  /** The `node` binary for the image. Default: the one that runs this. */
  readonly node?: string
  /** The tree in which that binary's libraries are looked for. Default: `/`. */
  readonly systemRoot?: string
  /** Native addons that will be loaded, whose libraries are packed too. */
  readonly plugins?: readonly string[]
}

/** Where Node lies in every image. */
export const nodePath = '/usr/local/bin/node'

/**
 * The lowest layer of a Node image: Node, the shared libraries it names, certificates, and a user that is not root.
 * Throws what `executableNeeds` throws.
 */
export async function nodeSystem(
  options: NodeSystemOptions = {},
): Promise<{ readonly architecture: Architecture; readonly layer: LayerSpec }> {
  const node = options.node ?? process.execPath
  const { architecture, libraries } = await executableNeeds(node, {
    ...(options.plugins && { plugins: options.plugins }),
    ...(options.systemRoot && { root: options.systemRoot }),
  })
  const files: ImageFile[] = [
    ...baseFiles(options.user ?? nonRoot),
    packed(nodePath, node),
    ...libraries.map(({ path, source }) => packed(path, source)),
  ]
  return { architecture, layer: { note: 'system: node and its libraries', files } }
}

function packed(path: string, source: string): ImageFile {
  return { kind: 'file', path, mode: 0o755, source: { kind: 'file', path: source } }
}
