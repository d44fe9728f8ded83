import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile } from '../state/atomic-file.ts'

/** The password in a file that only the controller's user can read; made at first use from that many random bytes. */
export function generatedPassword(file: string, bytes = 24): string {
  if (existsSync(file)) return readFileSync(file, 'utf8')
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const password = randomBytes(bytes).toString('base64url')
  replaceFile(file, password, 0o600)
  return password
}
