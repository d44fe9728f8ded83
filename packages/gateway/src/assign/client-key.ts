import { fieldOf } from '../message/fields.ts'
import type { RequestHead } from '../message/request-head.ts'
import type { StickyBy } from '../snapshot.ts'

/** The value of a cookie in the request; `undefined` when it is not there. */
export function cookieOf(block: string, name: string): string | undefined {
  const cookies = fieldOf(block, 'cookie')
  if (cookies === undefined) return undefined
  for (const part of cookies.split(';')) {
    const equals = part.indexOf('=')
    if (equals !== -1 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim()
  }
  return undefined
}

/** What identifies the client for the coin, `undefined` when it has shown nothing or the service is not sticky. */
export function clientIdOf(sticky: StickyBy, head: RequestHead, clientAddress: string): string | undefined {
  switch (sticky.kind) {
    case 'none':
      return undefined
    case 'cookie':
      return cookieOf(head.block, sticky.name) || undefined
    case 'header':
      return fieldOf(head.block, sticky.name.toLowerCase()) || undefined
    case 'ip':
      return clientAddress
    default:
      return sticky satisfies never
  }
}
