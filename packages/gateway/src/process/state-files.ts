import { createHash } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open, readFile, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { GatewaySnapshot } from '../snapshot.ts'

/** Longest path that every system takes for a unix socket, bytes. */
const socketPathLimit = 100

/** Where a gateway keeps what must outlive its processes. */
export interface StateFiles {
  readonly directory: string
  /** The unix socket of the control API. */
  readonly control: string
  readonly snapshot: string
  /** The ports that listeners really had, so that they have them again. */
  readonly ports: string
  /** Claimed by the worker that starts a new holder. */
  readonly takeover: string
  readonly log: string
  readonly accessLog: string
}

/** The files of a state directory; a socket path that would be too long moves to the temporary directory under a hash. */
export function stateFiles(stateDir: string): StateFiles {
  const directory = resolve(stateDir)
  const inside = join(directory, 'gateway.sock')
  const hash = createHash('sha256').update(directory).digest('hex').slice(0, 20)
  return {
    directory,
    control: Buffer.byteLength(inside) <= socketPathLimit ? inside : join(tmpdir(), `seaworthy-${hash}.sock`),
    snapshot: join(directory, 'gateway.snapshot.json'),
    ports: join(directory, 'gateway.ports.json'),
    takeover: join(directory, 'gateway.takeover'),
    log: join(directory, 'logs', 'gateway.log'),
    accessLog: join(directory, 'logs', 'access.log'),
  }
}

/** Makes the directories that the files stand in. */
export function makeDirectories(files: StateFiles): void {
  mkdirSync(dirname(files.log), { recursive: true, mode: 0o750 })
}

/** Replaces a file so that after a crash at any moment there is the old one or the new one, whole: write, fsync, rename, fsync. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const directory = await open(dirname(path), 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}

/** The snapshot that was in force last; `undefined` when none was ever written. */
export async function readSnapshot(files: StateFiles): Promise<GatewaySnapshot | undefined> {
  const text = await readFile(files.snapshot, 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as GatewaySnapshot)
}
