import { createHash } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canEnter, type MachineUser } from '../launch/run-as.ts'
import { generatedPassword } from './generated-password.ts'

/** Where data live that another user must reach, when the state directory lies in a home that is closed to others. */
const systemData = '/var/lib/seaworthy'

/**
 * The folder of all resources' data. It stands in the state directory, unless the user that the server runs as cannot
 * get there; then under /var/lib/seaworthy, by a name that the state directory alone has.
 */
function dataFolder(stateDir: string, user: MachineUser | undefined): string {
  const [inside, outside] = candidates(stateDir)
  const folder = user === undefined || canEnter(user, stateDir) ? inside : outside
  mkdirSync(folder, { recursive: true, mode: 0o755 })
  return folder
}

function candidates(stateDir: string): readonly [inside: string, outside: string] {
  const scope = createHash('sha256').update(stateDir).digest('hex').slice(0, 16)
  return [join(stateDir, 'data'), join(systemData, scope)]
}

/** All passwords that data of this state directory were made with. */
export function dataPasswords(stateDir: string): readonly string[] {
  return candidates(stateDir)
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder).flatMap((name) =>
        name.endsWith('.secret') ? [readFileSync(join(folder, name), 'utf8')] : [],
      ),
    )
}

/** The directory that holds a resource's data, made if need be. */
export function dataDirectory(stateDir: string, resource: string, user: MachineUser | undefined): string {
  const directory = join(dataFolder(stateDir, user), resource)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (user) chownSync(directory, user.uid, user.gid)
  return directory
}

/** The password that a resource's data were made with. It lies beside them: who keeps the data keeps the key to them. */
export function dataPassword(stateDir: string, resource: string, user: MachineUser | undefined): string {
  return generatedPassword(join(dataFolder(stateDir, user), `${resource}.secret`))
}
