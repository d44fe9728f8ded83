import type { DraftPart } from '../draft.ts'

const reserved: ReadonlySet<string> = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if implements import in instanceof interface let new null package private protected public return static ' +
    'super switch this throw true try typeof var void while with yield async of arguments eval undefined ' +
    'service job postgres redis volume external secret machine environment escalation fleet'
  ).split(' '),
)

const suffixes: Readonly<Record<DraftPart['kind'], string>> = {
  service: 'Service',
  job: 'Job',
  postgres: 'Database',
  redis: 'Cache',
  volume: 'Files',
  external: 'Outside',
  secret: 'Secret',
  machine: 'Machine',
}

/** A constant's name for each part: its own in camel case, with its kind behind where that is taken. */
export function nameVariables(parts: readonly DraftPart[], taken: readonly string[]): ReadonlyMap<DraftPart, string> {
  const used = new Set<string>([...reserved, ...taken])
  const names = new Map<DraftPart, string>()
  for (const part of parts) {
    const plain = part.name.replace(/[^A-Za-z0-9]+(.)?/g, (_, letter: string | undefined) =>
      (letter ?? '').toUpperCase(),
    )
    const start = /^\d/.test(plain) ? `_${plain}` : plain
    let name = part.kind === 'secret' && !/secret$/i.test(start) && used.has(start) ? `${start}Secret` : start
    if (used.has(name)) name = `${start}${suffixes[part.kind]}`
    for (let count = 2; used.has(name); count += 1) name = `${start}${suffixes[part.kind]}${count}`
    used.add(name)
    names.set(part, name)
  }
  return names
}
