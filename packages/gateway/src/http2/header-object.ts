import type { OutgoingHttpHeaders } from 'node:http2'
import { pairsOf } from '../message/fields.ts'

/** A block of field lines as the object that `node:http2` takes: lower-case names, several values as a list. */
export function headerObject(block: string): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = Object.create(null)
  const pairs = pairsOf(block)
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = (pairs[i] ?? '').toLowerCase()
    const value = pairs[i + 1] ?? ''
    const before = headers[name]
    if (before === undefined) headers[name] = value
    else if (Array.isArray(before)) before.push(value)
    else headers[name] = [before, value]
  }
  return headers
}

/** The regular fields of raw HTTP/2 headers; several cookies become one (RFC 9113 §8.2.3). */
export function regularPairs(raw: readonly string[]): string[] {
  const pairs: string[] = []
  let cookieAt = -1
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? ''
    const value = raw[i + 1] ?? ''
    if (name.startsWith(':')) continue
    if (name === 'cookie' && cookieAt !== -1) {
      pairs[cookieAt] += `; ${value}`
      continue
    }
    if (name === 'cookie') cookieAt = pairs.length + 1
    pairs.push(name, value)
  }
  return pairs
}

/** A header object of `node:http2` as a block of field lines, without pseudo-fields. */
export function blockOfObject(headers: Readonly<Record<string, string | string[] | number | undefined>>): string {
  let block = ''
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const one of Array.isArray(value) ? value : [String(value)]) block += `${name}: ${one}\r\n`
  }
  return block
}
