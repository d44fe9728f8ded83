/** One token of a script; comments and white space are left out. */
export interface Token {
  readonly kind: 'word' | 'number' | 'text' | 'template' | 'pattern' | 'mark'
  readonly text: string
  /** Offset of its first character. */
  readonly at: number
  /** Index of the bracket that closes this one; -1 for any other token, and for a bracket that is never closed. */
  readonly closes: number
}

const opening: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
const beforePattern = new Set(['return', 'typeof', 'case', 'of', 'in', 'do', 'else', 'void', 'delete', 'await', 'new'])

/**
 * Splits TypeScript into tokens, well enough to find calls, object literals and constants in it: brackets are paired,
 * texts, templates, comments and regular expressions are not looked into. Never throws; nonsense gives odd tokens.
 */
export function tokensOf(source: string): readonly Token[] {
  const tokens: { kind: Token['kind']; text: string; at: number; closes: number }[] = []
  const open: number[] = []
  let at = 0
  while (at < source.length) {
    const end = skipped(source, at)
    if (end > at) {
      at = end
      continue
    }
    const [kind, stop] = tokenAt(source, at, tokens.at(-1))
    const text = source.slice(at, stop)
    if (kind === 'mark' && text in opening) open.push(tokens.length)
    else if (kind === 'mark' && ')]}'.includes(text)) {
      const partner = tokens[open.at(-1) ?? -1]
      if (partner && opening[partner.text] === text) {
        partner.closes = tokens.length
        open.pop()
      }
    }
    tokens.push({ kind, text, at, closes: -1 })
    at = stop
  }
  return tokens
}

/** The offset after white space or a comment that begins at `at`; `at` itself when neither does. */
function skipped(source: string, at: number): number {
  const character = source[at] ?? ''
  if (/\s/.test(character)) return at + 1
  if (character !== '/') return at
  if (source[at + 1] === '/') return endOr(source.indexOf('\n', at), source.length)
  if (source[at + 1] === '*') return endOr(source.indexOf('*/', at + 2), source.length - 2) + 2
  return at
}

function tokenAt(
  source: string,
  at: number,
  before: Pick<Token, 'kind' | 'text'> | undefined,
): [Token['kind'], number] {
  const character = source[at] ?? ''
  if (/[\p{ID_Start}$_#]/u.test(character)) return ['word', matchEnd(/[\p{ID_Continue}$#\u200c\u200d]+/uy, source, at)]
  if (/[0-9]/.test(character)) return ['number', matchEnd(/[0-9][\w.]*/y, source, at)]
  if (character === '"' || character === "'") return ['text', quotedEnd(source, at, character)]
  if (character === '`') return ['template', templateEnd(source, at)]
  if (character === '/' && patternMayStand(before)) {
    const end = matchEnd(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/y, source, at)
    if (end > at) return ['pattern', end]
  }
  if (source.startsWith('...', at)) return ['mark', at + 3]
  if (source.startsWith('=>', at)) return ['mark', at + 2]
  return ['mark', at + 1]
}

function patternMayStand(before: Pick<Token, 'kind' | 'text'> | undefined): boolean {
  if (!before) return true
  if (before.kind === 'mark') return !')]}'.includes(before.text)
  return before.kind === 'word' && beforePattern.has(before.text)
}

function matchEnd(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(source) ? pattern.lastIndex : at
}

function quotedEnd(source: string, at: number, quote: string): number {
  for (let index = at + 1; index < source.length; index += 1) {
    if (source[index] === '\\') index += 1
    else if (source[index] === quote || source[index] === '\n') return index + 1
  }
  return source.length
}

/** A template with everything in it, also templates inside of its expressions. */
function templateEnd(source: string, at: number): number {
  let depth = 0
  for (let index = at + 1; index < source.length; index += 1) {
    const character = source[index]
    if (character === '\\') index += 1
    else if (depth === 0 && character === '`') return index + 1
    else if (depth === 0 && character === '$' && source[index + 1] === '{') {
      depth = 1
      index += 1
    } else if (depth > 0 && character === '{') depth += 1
    else if (depth > 0 && character === '}') depth -= 1
    else if (depth > 0 && character === '`') index = templateEnd(source, index) - 1
  }
  return source.length
}

function endOr(index: number, otherwise: number): number {
  return index === -1 ? otherwise : index
}
