import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { engineProblem } from '../../problem-codes.ts'

/** A user of this machine. */
export interface MachineUser {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** Who a program runs as: the controller's own user, or another one because the controller is root. */
export type RunAs =
  | { readonly kind: 'self'; readonly why?: string }
  | { readonly kind: 'user'; readonly user: MachineUser }

/** Looks a user up by name or number. */
export function findUser(name: string, passwd = '/etc/passwd'): MachineUser | undefined {
  let text: string
  try {
    text = readFileSync(passwd, 'utf8')
  } catch {
    return undefined
  }
  for (const line of text.split('\n')) {
    const [user = '', , uid = '', gid = ''] = line.split(':')
    if (user !== '' && (user === name || uid === name)) return { name: user, uid: Number(uid), gid: Number(gid) }
  }
  return undefined
}

/**
 * Who a service runs as. A named user needs root and must exist (SW4016). Without a name, a controller that is root
 * steps down: to the owner of the working directory, or to `nobody`, when that user can read what is to be run;
 * otherwise it stays root and says so. `rootAllowed` is the catalog's own exception.
 */
export function runAs(
  wanted: {
    readonly user: string | undefined
    readonly rootAllowed: boolean
    readonly reads: readonly string[]
    readonly where: string
  },
  self: { readonly uid: number } = { uid: process.getuid?.() ?? -1 },
): RunAs {
  if (wanted.user !== undefined) {
    const user = findUser(wanted.user)
    if (!user) {
      throw engineProblem({
        code: 'SW4016',
        message: `The user "${wanted.user}" does not exist on this machine.`,
        where: { path: `${wanted.where}.user` },
        hint: `Create it (\`useradd --system ${wanted.user}\`) or name another.`,
      })
    }
    if (user.uid === self.uid) return { kind: 'self' }
    return self.uid === 0 ? { kind: 'user', user } : { kind: 'self', why: `only root can become ${user.name}` }
  }
  if (self.uid !== 0 || wanted.rootAllowed) return { kind: 'self' }
  for (const user of candidates(wanted.reads[0] ?? '/')) {
    if (wanted.reads.every((file) => canRead(user, file))) return { kind: 'user', user }
  }
  return { kind: 'self', why: `no other user can read ${wanted.reads.join(' and ')}` }
}

function candidates(directory: string): readonly MachineUser[] {
  const { uid } = statSync(directory)
  const owner = uid === 0 ? undefined : findUser(String(uid))
  const nobody = findUser('nobody')
  return [owner, nobody].filter((user) => user !== undefined)
}

/** Whether a user may enter every directory on the way to a file or folder and read that, by the mode bits. */
export function canRead(user: MachineUser, file: string): boolean {
  try {
    const needed = statSync(file).isDirectory() ? 0o5 : 0o4
    return (bitsFor(user, file) & needed) === needed && canEnter(user, dirname(file))
  } catch {
    return false
  }
}

/** Whether a user may pass through a directory and those above it, by the mode bits. */
export function canEnter(user: MachineUser, directory: string): boolean {
  try {
    for (let path = directory; ; path = dirname(path)) {
      if ((bitsFor(user, path) & 0o1) === 0) return false
      if (path === dirname(path)) return true
    }
  } catch {
    return false
  }
}

function bitsFor(user: MachineUser, path: string): number {
  const { mode, uid, gid } = statSync(path)
  return uid === user.uid ? mode >> 6 : gid === user.gid ? mode >> 3 : mode
}
