import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { join } from 'node:path'

/** Bytes after which a log is put aside, and how many of those are kept. */
const rotateAt = 16 * 2 ** 20
const kept = 3

/** The file that a replica or job writes to. */
export function logFile(stateDir: string, id: string): string {
  return join(stateDir, 'logs', `${id}.log`)
}

/** The last lines of a file, oldest first, with `masks` blotted out; empty when there is none. Reads at most 1 MiB. */
export function lastLines(file: string, count: number, masks: readonly string[]): readonly string[] {
  let handle: number
  try {
    handle = openSync(file, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(handle)
    const length = Math.min(size, Math.max(4096, Math.min(2 ** 20, count * 400)))
    const buffer = Buffer.alloc(length)
    readSync(handle, buffer, 0, length, size - length)
    const lines = buffer.toString('utf8').split('\n')
    if (length < size) lines.shift()
    if (lines.at(-1) === '') lines.pop()
    return lines.slice(-count).map((line) => mask(line, masks))
  } finally {
    closeSync(handle)
  }
}

/**
 * The line that says best why a program ended: the last one that names an error, or the last one. Stack frames and
 * Node's own farewell are passed over. At most 300 characters.
 */
export function tellingLine(lines: readonly string[]): string | undefined {
  const said = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(at |Node\.js v|\^|\}|node:internal)/.test(line))
  const line = said.findLast((text) => /error|fatal|panic|cannot|refused|denied/i.test(text)) ?? said.at(-1)
  return line !== undefined && line.length > 300 ? `${line.slice(0, 299)}…` : line
}

/** Blots secrets out. Values shorter than four characters would blot out everything else too and are left. */
export function mask(line: string, masks: readonly string[]): string {
  let text = line
  for (const secret of masks) if (secret.length >= 4) text = text.replaceAll(secret, '••••')
  return text
}

/**
 * Puts a large log aside by copying and truncating: the program holds it open for appending and goes on where it was
 * cut. Lines written between the two steps (microseconds) are lost; renaming would send all later ones astray.
 */
export function rotateLog(file: string, limit: number = rotateAt): boolean {
  try {
    if (statSync(file).size < limit) return false
    for (let number = kept - 1; number >= 1; number -= 1) {
      if (existsSync(`${file}.${number}`)) renameSync(`${file}.${number}`, `${file}.${number + 1}`)
    }
    copyFileSync(file, `${file}.1`)
    truncateSync(file, 0)
    return true
  } catch {
    return false
  }
}
