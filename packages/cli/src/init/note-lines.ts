import type { Note, NoteKind } from '@seaworthy/model'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'

const titles: Readonly<Record<NoteKind, string>> = {
  lost: 'not carried over',
  changed: 'carried over, behaves differently',
  guessed: 'guessed: look at it',
  needless: 'has no meaning here, nothing to do',
}

/** What did not come over as it was written, by how much it matters; notes that say the same stand together. */
export function noteLines(notes: readonly Note[], io: Pick<Io, 'color' | 'columns'>, all: boolean): readonly string[] {
  const { bold, dim, bad } = paint(io.color)
  return (['lost', 'guessed', 'changed', 'needless'] as const).flatMap((kind) => {
    const mine = notes.filter((note) => note.kind === kind)
    if (mine.length === 0) return []
    const title = `${titles[kind]} (${mine.length})`
    const heading = kind === 'lost' ? bad(title) : bold(title)
    if (kind === 'needless' && !all) return ['', `${heading}: ${needlessKeys(mine)}${dim('; --all says why')}`]
    return ['', heading, ...grouped(mine).flatMap((group) => groupLines(group, dim, io.columns))]
  })
}

interface Group {
  readonly note: Note
  readonly places: readonly string[]
}

function grouped(notes: readonly Note[]): readonly Group[] {
  const groups = new Map<string, { note: Note; places: string[] }>()
  for (const note of notes) {
    const key = `${note.what}\n${note.instead}`
    const group = groups.get(key) ?? { note, places: [] }
    const place = `${note.file}:${note.line}`
    if (!group.places.includes(place)) group.places.push(place)
    groups.set(key, group)
  }
  return [...groups.values()]
}

function groupLines({ note, places }: Group, dim: (text: string) => string, columns: number): string[] {
  const width = columns > 40 ? columns : 120
  const shown = places.slice(0, 4).join(' ')
  const more = places.length > 4 ? ` and ${places.length - 4} more` : ''
  return [
    `  ${dim(`${shown}${more}`)}`,
    ...wrapped(note.what, width - 4).map((line) => `    ${line}`),
    ...(note.instead === ''
      ? []
      : wrapped(`→ ${note.instead}`, width - 4).map((line, index) => `    ${index === 0 ? line : `  ${line}`}`)),
  ]
}

/** The keys alone, each with how often: `container_name (3), version`. */
function needlessKeys(notes: readonly Note[]): string {
  const counts = new Map<string, number>()
  for (const note of notes) {
    const steps = note.path.split('.')
    const key = steps[0] === 'services' ? steps.slice(2, 3).join('.') : (steps[0] ?? note.path)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([key, count]) => (count === 1 ? key : `${key} (${count})`)).join(', ')
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
