import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { identify, isAlive } from '../host/processes.ts'
import { readState, rigFolder } from './state.ts'

/** Notes that this process uses a rig that tests started; returns what gives the note back. */
export function takeLease(name: string): () => void {
  const folder = join(rigFolder(name), 'leases')
  mkdirSync(folder, { recursive: true })
  const path = join(folder, String(process.pid))
  writeFileSync(path, JSON.stringify(identify(process.pid)))
  return () => rmSync(path, { force: true })
}

/** Whether a living process still uses the rig. */
export function isLeased(name: string): boolean {
  if (!readState(name)) return false
  const folder = join(rigFolder(name), 'leases')
  try {
    return readdirSync(folder).some((file) => isAlive(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
  } catch {
    return false
  }
}
