import { createHash } from 'node:crypto'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { canEnter, type MachineUser } from '../launch/run-as.ts'

/** Where data live that another user must reach, when the state directory lies in a home that is closed to others. */
const systemData = '/var/lib/seaworthy'

/**
 * The directory that holds a resource's data, made if need be. It stands in the state directory, unless the user that
 * the server runs as cannot get there; then under /var/lib/seaworthy, by a name that the state directory alone has.
 */
export function dataDirectory(stateDir: string, resource: string, user: MachineUser | undefined): string {
  const reachable = user === undefined || canEnter(user, stateDir)
  const scope = createHash('sha256').update(stateDir).digest('hex').slice(0, 16)
  const parent = reachable ? join(stateDir, 'data') : join(systemData, scope)
  const directory = join(parent, resource)
  mkdirSync(parent, { recursive: true, mode: 0o755 })
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (user) chownSync(directory, user.uid, user.gid)
  return directory
}
