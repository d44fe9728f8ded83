import { command } from '../host/command.ts'

/** An image as a node knows it. */
export interface LoadedImage {
  /** Such as `seaworthy.test/hello:1`. */
  readonly name: string
  /** Such as `seaworthy.test/hello@sha256:...`; what a pod should name. */
  readonly byDigest: string
}

/**
 * Imports an image archive into a node's containerd, and names each image by digest too, so that `name@sha256:...` in a pod
 * is found without a registry.
 */
export async function importImage(socket: string, archive: string): Promise<readonly LoadedImage[]> {
  const ctr = (...args: string[]): Promise<string> =>
    command('ctr', ['--address', socket, '--namespace', 'k8s.io', ...args], { timeoutMs: 300_000 })
  const said = await ctr('images', 'import', archive)
  const loaded = [...said.matchAll(/^unpacking (\S+) \((sha256:[0-9a-f]{64})\)/gm)].map(
    ([, name = '', digest = '']) => ({
      name,
      byDigest: `${name.replace(/:[^:/]+$/, '')}@${digest}`,
    }),
  )
  for (const { name, byDigest } of loaded) await ctr('images', 'tag', '--force', name, byDigest)
  return loaded
}
