import { createHash } from 'node:crypto'
import type { FleetDocument } from './document.ts'

/**
 * JSON with sorted keys and no white space (RFC 8785: keys by UTF-16 code units, numbers and texts as ECMAScript
 * writes them), so that the same data always give the same text. Throws a TypeError for what JSON cannot hold.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`)
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`a ${typeof value} has no JSON form`)
  const source = value as Readonly<Record<string, unknown>>
  const fields = Object.keys(source)
    .sort()
    .filter((key) => source[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(source[key])}`)
  return `{${fields.join(',')}}`
}

/** The identity of a fleet: the SHA-256 of its canonical JSON, in hexadecimal. */
export function identityOf(document: FleetDocument): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex')
}
