import { imageProblem } from './problem-codes.ts'

/** Which files of a folder are left out. */
export interface IgnoreRule {
  /** True when a path, relative to the root with `/` between its parts, is left out. */
  ignores(path: string): boolean
  /** True when something below an ignored folder may be wanted after all. */
  readonly takesBack: boolean
}

interface Pattern {
  readonly keep: boolean
  readonly matches: RegExp
}

/**
 * Reads the text of a `.dockerignore` as Docker does: one pattern a line from the root, `*`, `?`, `[a-z]` and `**`, `!` to
 * take back, `#` to comment; what matches a folder matches all below it, and the last line that matches decides.
 * Throws SW6709.
 */
export function parseIgnore(text: string): IgnoreRule {
  const patterns = text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '!')
    .map(readPattern)
  return {
    takesBack: patterns.some(({ keep }) => keep),
    ignores: (path) => {
      let ignored = false
      for (const { keep, matches } of patterns) if (ignored === keep && matches.test(path)) ignored = !keep
      return ignored
    },
  }
}

function readPattern(line: string): Pattern {
  const keep = line.startsWith('!')
  const parts = (keep ? line.slice(1).trim() : line).split('/').filter((part) => part !== '' && part !== '.')
  const folders = parts.map((part, index) => {
    if (part !== '**') return `${segment(part, line)}${index < parts.length - 1 ? '/' : ''}`
    return index < parts.length - 1 ? '(?:.*/)?' : '.*'
  })
  return { keep, matches: new RegExp(`^${folders.join('')}(?:/.*)?$`, 's') }
}

/** One part of a path, by the rules of Go's `filepath.Match`. */
function segment(part: string, line: string): string {
  let out = ''
  for (let at = 0; at < part.length; at += 1) {
    const character = part.charAt(at)
    if (character === '*') out += part.charAt(at + 1) === '*' ? '.*' : '[^/]*'
    else if (character === '?') out += '[^/]'
    else if (character === '\\') {
      at += 1
      if (at >= part.length) throw unreadable(line, 'ends in a lone backslash')
      out += escaped(part.charAt(at))
    } else if (character === '[') {
      const end = part.indexOf(']', at + 2)
      if (end < 0) throw unreadable(line, 'has an unclosed [')
      out += `[${part.slice(at + 1, end).replaceAll('\\', '\\\\')}]`
      at = end
    } else out += escaped(character)
  }
  return out
}

function escaped(character: string): string {
  return /[\w\-/]/.test(character) ? character : `\\${character}`
}

function unreadable(line: string, why: string): Error {
  return imageProblem({ code: 'SW6709', message: `The ignore pattern ${JSON.stringify(line)} ${why}.` })
}
