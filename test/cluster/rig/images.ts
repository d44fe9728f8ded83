import { command } from '../host/command.ts'

/**
 * Imports an image archive into a node's containerd, and names it by digest too, so that `name@sha256:...` in a pod is found
 * without a registry. Returns the names it has now.
 */
export async function importImage(socket: string, archive: string): Promise<readonly string[]> {
  const ctr = (...args: string[]): Promise<string> =>
    command('ctr', ['--address', socket, '--namespace', 'k8s.io', ...args], { timeoutMs: 300_000 })
  const before = await listed(ctr)
  await ctr('images', 'import', archive)
  const names: string[] = []
  for (const [name, digest] of await listed(ctr)) {
    if (name.includes('@') || name.startsWith('sha256:') || before.get(name) === digest) continue
    const byDigest = `${name.replace(/:[^:/]+$/, '')}@${digest}`
    await ctr('images', 'tag', '--force', name, byDigest)
    names.push(name, byDigest)
  }
  return names
}

async function listed(ctr: (...args: string[]) => Promise<string>): Promise<ReadonlyMap<string, string>> {
  const table = (await ctr('images', 'list')).split('\n').slice(1).filter(Boolean)
  return new Map(
    table.map((line) => {
      const [name = '', , digest = ''] = line.split(/\s+/)
      return [name, digest] as const
    }),
  )
}
