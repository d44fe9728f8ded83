import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { toolCache } from '../tools/cache.ts'

/** The repository that this rig belongs to. */
export const repositoryRoot: string = join(import.meta.dirname, '..', '..', '..')

/** The rig's name: `$SEAWORTHY_CLUSTER_NAME`, or one that this checkout has for itself. */
export function rigName(env: NodeJS.ProcessEnv = process.env): string {
  return env.SEAWORTHY_CLUSTER_NAME || createHash('sha256').update(repositoryRoot).digest('hex').slice(0, 8)
}

/** Lock of one rig. It lies in the tool cache, because a rig leaves nothing behind where it ran. */
export function rigLock(name: string): string {
  return join(toolCache(), `rig-${name}.lock`)
}

/** Lock for choosing addresses, common to all rigs of the machine that use this cache. */
export function addressLock(): string {
  return join(toolCache(), 'addresses.lock')
}
