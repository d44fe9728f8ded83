import { interpolate } from './interpolate.ts'

/** One variable of an env file. */
export interface EnvEntry {
  readonly value: string
  /** Line of the file, from 1. */
  readonly line: number
  /** Names of the variables that the value was put together from. */
  readonly variables: readonly string[]
}

export interface EnvFile {
  readonly entries: ReadonlyMap<string, EnvEntry>
  readonly faults: readonly { readonly line: number; readonly message: string }[]
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  c: '\\c',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  $: '$$',
  '"': '"',
  '\\': '\\',
}

/**
 * Reads an env file by the rules of Compose (specification, `env_file` format): quotes, escapes, inline comments,
 * `export`, values over several lines, and interpolation of what is not in single quotes. `raw` takes values as they are.
 */
export function readDotenv(
  text: string,
  lookup: (name: string) => string | undefined = () => undefined,
  format: 'compose' | 'raw' = 'compose',
): EnvFile {
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const entries = new Map<string, EnvEntry>()
  const faults: { line: number; message: string }[] = []
  let at = 0
  let line = 1

  const known = (name: string): string | undefined => lookup(name) ?? entries.get(name)?.value
  const expanded = (value: string): { value: string; variables: readonly string[] } => {
    const done = interpolate(value, known)
    if (done.invalid) faults.push({ line, message: `\`${done.invalid}\` is no variable` })
    return { value: done.text, variables: done.variables.map((variable) => variable.name) }
  }

  while (at < source.length) {
    const end = source.indexOf('\n', at)
    const whole = source.slice(at, end < 0 ? undefined : end)
    const first = /^\s*(?:export\s+)?(?<name>[^=:#\s][^=:\n]*?)\s*(?:(?<sign>[=:])[^\S\n]*|$)/.exec(whole)
    if (/^\s*(#.*)?$/.test(whole)) {
      next(end)
    } else if (!first?.groups?.name || !/^[\p{L}\p{N}_.[\]-]+$/u.test(first.groups.name)) {
      faults.push({ line, message: `\`${whole.trim().split('=')[0]}\` is no variable name` })
      next(end)
    } else if (!first.groups.sign) {
      const value = lookup(first.groups.name)
      if (value !== undefined) entries.set(first.groups.name, { value, line, variables: [first.groups.name] })
      next(end)
    } else if (format === 'raw') {
      entries.set(first.groups.name, { value: whole.slice(whole.indexOf(first.groups.sign) + 1), line, variables: [] })
      next(end)
    } else {
      readValue(first.groups.name, at + first[0].length, end)
    }
  }
  return { entries, faults }

  function next(end: number): void {
    at = end < 0 ? source.length : end + 1
    line += 1
  }

  function readValue(name: string, start: number, end: number): void {
    const quote = source[start]
    if (quote !== '"' && quote !== "'") {
      const value = source.slice(start, end < 0 ? undefined : end)
      entries.set(name, { ...expanded((value.split(' #')[0] ?? '').trimEnd()), line })
      next(end)
      return
    }
    let raw = ''
    let to = start + 1
    for (; to < source.length && source[to] !== quote; to += 1) {
      if (source[to] === '\\' && source[to + 1] === quote) to += 1
      else if (source[to] === '\\' && to + 1 < source.length) {
        raw += source[to]
        to += 1
      }
      raw += source[to]
    }
    if (to >= source.length) {
      faults.push({ line, message: `the quoted value of ${name} does not end` })
      next(end)
      return
    }
    const value = quote === "'" ? { value: raw, variables: [] } : expanded(unescaped(raw))
    entries.set(name, { ...value, line })
    line += source.slice(start, to).split('\n').length - 1
    const rest = source.indexOf('\n', to)
    next(rest)
  }
}

function unescaped(text: string): string {
  return text.replace(/\\(?:0(\d{0,3})|([abcfnrtv$"\\]))/g, (whole, octal: string | undefined, letter: string) =>
    octal === undefined
      ? (escapes[letter] ?? whole)
      : octal === ''
        ? '\u0000'
        : String.fromCharCode(Number.parseInt(octal, 8)),
  )
}
