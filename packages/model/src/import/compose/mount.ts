import { type Tree, textOf } from '../yaml/tree.ts'

/** Something that a container sees in its file system. */
export interface Mount {
  readonly type: 'volume' | 'bind' | 'tmpfs' | 'other'
  /** Name of the volume or path on the host; absent for an anonymous volume. */
  readonly source?: string
  readonly target: string
  readonly readOnly: boolean
  /** Options beyond read-only, as written. */
  readonly options: readonly string[]
}

/** Reads one entry of `volumes`, short (`source:target:options`) or long; undefined when it is neither. */
export function readMount(entry: Tree): Mount | undefined {
  if (entry.kind === 'mapping') return longMount(entry.entries)
  const text = textOf(entry)
  if (!text) return undefined
  const parts = splitColons(text)
  const [first = '', second, third] = parts
  if (second === undefined) return { type: 'volume', target: cleanPath(first), readOnly: false, options: [] }
  const options = (third ?? '').split(',').filter((option) => option !== '' && option !== 'rw')
  return {
    type: isPath(first) ? 'bind' : 'volume',
    source: first,
    target: cleanPath(second),
    readOnly: options.includes('ro'),
    options: options.filter((option) => option !== 'ro'),
  }
}

function longMount(entries: ReadonlyMap<string, Tree>): Mount | undefined {
  const target = textOf(entries.get('target'))
  if (!target) return undefined
  const type = textOf(entries.get('type')) ?? 'volume'
  const source = textOf(entries.get('source'))
  return {
    type: type === 'volume' || type === 'bind' || type === 'tmpfs' ? type : 'other',
    ...(source && { source }),
    target: cleanPath(target),
    readOnly: textOf(entries.get('read_only')) === 'true',
    options: ['bind', 'volume', 'tmpfs', 'image', 'consistency'].filter((key) => entries.has(key)),
  }
}

/** Splits at colons, but not at that of a Windows drive. */
function splitColons(text: string): string[] {
  const parts: string[] = []
  let part = ''
  for (const letter of text) {
    if (letter === ':' && !/^[A-Za-z]$/.test(part)) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part]
}

function isPath(source: string): boolean {
  return /^([./~]|\\\\|[A-Za-z]:)/.test(source)
}

function cleanPath(path: string): string {
  return path.length > 1 ? path.replace(/\/{2,}/g, '/').replace(/\/$/, '') : path
}
