/** One instruction of a Dockerfile. */
export interface Instruction {
  /** In capitals. */
  readonly name: string
  readonly value: string
  /** Line on which it begins, from 1. */
  readonly line: number
}

/** Takes a Dockerfile apart: continued lines joined, comments and here-documents left out, the escape directive honoured. */
export function readInstructions(text: string): readonly Instruction[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const directive = lines.slice(0, 5).find((line) => /^#\s*escape\s*=/i.test(line))
  const joint = directive?.includes('`') ? '`' : '\\'
  const found: Instruction[] = []
  for (let at = 0; at < lines.length; at += 1) {
    const start = at
    if (/^\s*(#.*)?$/.test(lines[at] ?? '')) continue
    let whole = (lines[at] ?? '').trim()
    while (whole.endsWith(joint) && at + 1 < lines.length) {
      at += 1
      const next = (lines[at] ?? '').trim()
      whole = whole.slice(0, -1).trimEnd()
      whole = next.startsWith('#') ? `${whole} ${joint}` : `${whole} ${next}`
    }
    const match = /^([A-Za-z]+)\s+([\s\S]*)$/.exec(whole)
    if (!match) continue
    const value = (match[2] ?? '').trim()
    for (const [, word = ''] of value.matchAll(/<<-?\s*["']?([A-Za-z_][A-Za-z0-9_]*)["']?/g)) {
      while (at + 1 < lines.length && (lines[at + 1] ?? '').trim() !== word) at += 1
      at += 1
    }
    found.push({ name: (match[1] ?? '').toUpperCase(), value, line: start + 1 })
  }
  return found
}

/** The JSON list of an exec form, or undefined when it is the shell form. */
export function execForm(value: string): readonly string[] | undefined {
  if (!value.startsWith('[')) return undefined
  try {
    const list: unknown = JSON.parse(value)
    return Array.isArray(list) && list.every((item) => typeof item === 'string') ? list : undefined
  } catch {
    return undefined
  }
}

/** `KEY=value KEY2="a b"` or `KEY value`, as ENV, ARG and LABEL write them. */
export function keyValues(value: string): readonly (readonly [string, string])[] {
  if (!/^[^\s=]+=/.test(value)) {
    const match = /^(\S+)\s+([\s\S]*)$/.exec(value)
    return match ? [[match[1] ?? '', match[2] ?? '']] : []
  }
  return [...value.matchAll(/([^\s=]+)=("(?:[^"\\]|\\.)*"|'[^']*'|(?:[^\s\\]|\\.)*)/g)].map(
    ([, key = '', raw = '']) => [
      key,
      raw.startsWith('"') || raw.startsWith("'")
        ? raw.slice(1, -1).replace(/\\(["\\$])/g, '$1')
        : raw.replace(/\\(.)/g, '$1'),
    ],
  )
}
