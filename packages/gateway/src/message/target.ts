import type { RefusalName } from './refusal.ts'

/** Characters of a request target; what is left out is refused: controls, space, `#`, and everything beyond ASCII. */
const originForm = /^\/[\x21\x22\x24-\x7e]*$/
const absoluteForm = /^https?:\/\/([^/?#]+)(\/[\x21\x22\x24-\x7e]*)?$/i

/** Longest request target, bytes. */
export const targetLimit = 8_192

/** A target in origin form (or `*` for OPTIONS) and its path. */
export interface Target {
  readonly target: string
  readonly path: string
}

/** Reads a request target; the absolute form must name the Host that the request names (RFC 9112 §3.2). */
export function readTarget(method: string, target: string, authority: string | undefined): Target | RefusalName {
  if (target.length > targetLimit) return 'target-too-long'
  if (target.charCodeAt(0) === 47) {
    if (!originForm.test(target)) return 'bad-target'
    const mark = target.indexOf('?')
    return { target, path: mark === -1 ? target : target.slice(0, mark) }
  }
  if (target === '*' && method === 'OPTIONS') return { target, path: '*' }
  const absolute = absoluteForm.exec(target)
  if (absolute === null) return 'bad-target'
  if (absolute[1]?.toLowerCase() !== authority?.toLowerCase()) return 'host-mismatch'
  return readTarget(method, absolute[2] ?? '/', authority)
}

/** Methods that are passed on; others are answered 501, and CONNECT is none of a reverse proxy's business. */
export const knownMethods: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'QUERY',
  'PROPFIND',
  'PROPPATCH',
  'MKCOL',
  'MKCALENDAR',
  'COPY',
  'MOVE',
  'LOCK',
  'UNLOCK',
  'REPORT',
  'SEARCH',
  'ACL',
  'BIND',
  'UNBIND',
  'REBIND',
  'LINK',
  'UNLINK',
  'PURGE',
])
