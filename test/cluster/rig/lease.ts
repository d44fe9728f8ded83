import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identify, isAlive } from '../host/processes.ts'
import { readState, rigFolder } from './state.ts'

// The folder says that tests started the rig and may end it; a file in it, that a process still uses it.
function leaseFolder(name: string): string {
  return join(rigFolder(name), 'leases')
}

/** Whether a person started the rig, so that tests leave it running. */
export function isKept(name: string): boolean {
  return readState(name)?.ready === true && !existsSync(leaseFolder(name))
}

/** Makes a rig that tests started a person's. */
export function keep(name: string): void {
  rmSync(leaseFolder(name), { recursive: true, force: true })
}

/** Notes that this process uses a rig that tests started; returns what gives the note back. */
export function takeLease(name: string): () => void {
  mkdirSync(leaseFolder(name), { recursive: true })
  const path = join(leaseFolder(name), String(process.pid))
  writeFileSync(path, JSON.stringify(identify(process.pid)))
  return () => rmSync(path, { force: true })
}

/** Whether a living process still uses a rig that tests started. */
export function isLeased(name: string): boolean {
  const folder = leaseFolder(name)
  if (!existsSync(folder)) return false
  return readdirSync(folder).some((file) => isAlive(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
}
