/** Anything that could make two readers see two paths: escapes, empty or dot segments, backslashes, path parameters. */
const suspicious = /%|\/\/|\/\.|\\|;/
const unreserved = /[A-Za-z0-9\-._~]/

/**
 * The one spelling of a path that is matched *and* forwarded, or `undefined` where readers could disagree: `%2f`, `%5c`, `%00`,
 * a backslash, an empty segment, a dot segment (also as `%2e` or `..;x`), a broken escape. Escaped unreserved characters are
 * decoded and the others get upper-case hexadecimal digits (RFC 3986 §6.2.2), so `/%61dmin` cannot slip past a route for `/admin`.
 */
export function canonicalPath(path: string): string | undefined {
  if (!suspicious.test(path)) return path
  if (path.includes('\\') || path.includes('//')) return undefined
  const spelled = path.includes('%') ? normaliseEscapes(path) : path
  if (spelled === undefined) return undefined
  for (const segment of spelled.split('/')) {
    const bare = segment.split(';', 1)[0]
    if (bare === '.' || bare === '..') return undefined
  }
  return spelled
}

function normaliseEscapes(path: string): string | undefined {
  let result = ''
  for (let i = 0; i < path.length; i++) {
    const character = path.charAt(i)
    if (character !== '%') {
      result += character
      continue
    }
    const digits = path.slice(i + 1, i + 3)
    if (!/^[0-9A-Fa-f]{2}$/.test(digits)) return undefined
    const code = Number.parseInt(digits, 16)
    if (code === 0 || code === 0x2f || code === 0x5c) return undefined
    const decoded = String.fromCharCode(code)
    result += unreserved.test(decoded) ? decoded : `%${digits.toUpperCase()}`
    i += 2
  }
  return result
}
