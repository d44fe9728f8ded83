import { readFile, realpath } from 'node:fs/promises'
import { join, posix, relative, resolve } from 'node:path'
import { nonRoot } from './base-files.ts'
import type { ImageSpec, LayerSpec } from './build-image.ts'
import { folderFiles } from './folder-files.ts'
import { type IgnoreRule, parseIgnore } from './ignore.ts'
import type { ImageFile } from './image-file.ts'
import { type NodeSystemOptions, nodePath, nodeSystem } from './node-system.ts'
import { productionPackages } from './production-packages.ts'

/** A Node service that is to become an image. */
export interface NodeServiceOptions extends Omit<NodeSystemOptions, 'plugins'> {
  readonly reference: string
  /** Folder with the service's package.json. */
  readonly folder: string
  /** File that is run, relative to `folder`, such as `src/main.ts`. */
  readonly entry: string
  /** Folder that holds `folder` and every package it needs; the repository of a workspace. Default: `folder`. */
  readonly root?: string
  /** Arguments after the entry. */
  readonly args?: readonly string[]
  /** Options of Node, before the entry. */
  readonly nodeOptions?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** TCP ports that the service listens on. */
  readonly ports?: readonly number[]
  readonly labels?: Readonly<Record<string, string>>
}

const home = '/app'
// Never packed, whatever the ignore file says: what npm installed for development, history, and secrets by convention.
const alwaysIgnored = 'node_modules\n**/node_modules\n.git\n**/.env\n**/.env.*'

/**
 * The image of a Node service in three layers, so that a change of code ships only code: the system (Node, the shared
 * libraries it names, certificates, a user that is not root), the installed production dependencies, the service's own files
 * (what `.dockerignore` in its folder, or else in the root, leaves).
 * Throws what `executableNeeds`, `productionPackages`, `folderFiles` and `parseIgnore` throw.
 */
export async function nodeService(options: NodeServiceOptions): Promise<ImageSpec> {
  const root = await realpath(options.root ?? options.folder).catch(() => resolve(options.root ?? options.folder))
  const folder = await realpath(options.folder).catch(() => resolve(options.folder))
  const user = options.user ?? nonRoot
  const place = (path: string): string => posix.join(home, relative(root, path))
  const packages = await productionPackages(folder, root)

  const installed: ImageFile[] = packages.links.map(({ path, target }) => ({
    kind: 'symlink',
    path: place(path),
    mode: 0o777,
    target: relative(join(path, '..'), target),
  }))
  const nested = parseIgnore('node_modules')
  for (const path of packages.installed) {
    installed.push(...(await folderFiles({ root: path, into: place(path), ignore: nested })))
  }
  const own: ImageFile[] = []
  for (const path of packages.own) {
    own.push(...(await folderFiles({ root: path, into: place(path), ignore: await ignoreOf(path, root) })))
  }
  const plugins = installed.flatMap((file) =>
    file.kind === 'file' && file.source.kind === 'file' && file.path.endsWith('.node') ? [file.source.path] : [],
  )
  const { architecture, layer } = await nodeSystem({ ...options, plugins })
  const layers: LayerSpec[] = [
    layer,
    { note: 'installed packages', files: unique(installed) },
    { note: 'service', files: unique(own) },
  ]
  return {
    reference: options.reference,
    architecture,
    layers: layers.filter(({ files }) => files.length > 0),
    run: {
      user: `${user.uid}:${user.gid}`,
      entrypoint: [
        nodePath,
        ...(options.nodeOptions ?? []),
        posix.join(place(folder), options.entry),
        ...(options.args ?? []),
      ],
      env: { NODE_ENV: 'production', PATH: '/usr/local/bin', ...options.env },
      workingDirectory: place(folder),
      ...(options.ports && { ports: options.ports.map((port) => `${port}/tcp`) }),
      ...(options.labels && { labels: options.labels }),
    },
  }
}

/** A package inside another one's folder is met twice; the first meeting counts. */
function unique(files: readonly ImageFile[]): ImageFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()]
}

async function ignoreOf(folder: string, root: string): Promise<IgnoreRule> {
  const read = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined)
  const text = (await read(join(folder, '.dockerignore'))) ?? (await read(join(root, '.dockerignore'))) ?? ''
  return parseIgnore(`${text}\n${alwaysIgnored}`)
}
