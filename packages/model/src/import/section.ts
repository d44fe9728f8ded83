import type { Notes } from './note.ts'
import { ownValue } from './own-value.ts'
import { type Mapping, type Place, type Tree, textOf } from './yaml/tree.ts'

/** What is to be said of a key that has no counterpart. */
export interface Uncarried {
  readonly kind: 'lost' | 'changed' | 'needless'
  readonly what: string
  readonly instead?: string
}

/**
 * A mapping while it is read. Every key is either taken by a reader or reported by `close`, so none can be overlooked.
 */
export interface Section {
  /** Path in the file, such as `services.web`. */
  readonly path: string
  readonly at: Place
  /** The value of a key; marks it as read. */
  take(key: string): Tree | undefined
  /** The text of a key; marks it as read. Undefined for null, absent, and for what is no leaf. */
  text(key: string): string | undefined
  /** The text of a key that is only looked at: it is reported all the same. */
  peek(key: string): string | undefined
  /** What stands under a key; undefined for null and where it is absent. */
  kindOf(key: string): Tree['kind'] | undefined
  /** Whether a key is `true`; marks it as read. */
  flag(key: string): boolean
  /** The items of a key that holds a list or one leaf; marks it as read. */
  items(key: string): readonly Tree[]
  /** A mapping below; marks it as read. Undefined when it is none. */
  section(key: string): Section | undefined
  has(key: string): boolean
  /** Keys in the order of the file. */
  readonly keys: readonly string[]
  placeOf(key: string): Place
  /** Reports every key that nobody took: by the table, or as unknown to `format`. */
  close(notes: Notes, table?: Readonly<Record<string, Uncarried>>, format?: string): void
}

/** Begins to read a mapping. */
export function openSection(tree: Mapping, path: string): Section {
  const taken = new Set<string>()
  const below = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const take = (key: string): Tree | undefined => {
    taken.add(key)
    return tree.entries.get(key)
  }
  return {
    path,
    at: tree.at,
    take,
    text: (key) => textOf(take(key)),
    peek: (key) => textOf(tree.entries.get(key)),
    kindOf(key) {
      const value = tree.entries.get(key)
      return value?.kind === 'scalar' && value.value === null ? undefined : value?.kind
    },
    flag: (key) => textOf(take(key)) === 'true',
    items(key) {
      const value = take(key)
      if (!value || (value.kind === 'scalar' && value.value === null)) return []
      return value.kind === 'list' ? value.items : [value]
    },
    section(key) {
      const value = take(key)
      return value?.kind === 'mapping' ? openSection(value, below(key)) : undefined
    },
    has: (key) => tree.entries.has(key),
    keys: [...tree.entries.keys()],
    placeOf: (key) => tree.entries.get(key)?.at ?? tree.at,
    close(notes, table = {}, format = 'Compose specification') {
      for (const [key, value] of tree.entries) {
        if (taken.has(key)) continue
        const known = ownValue(table, key)
        if (known) notes[known.kind](value.at, below(key), known.what, known.instead ?? '')
        else if (key.startsWith('x-'))
          notes.needless(
            value.at,
            below(key),
            'an extension field: what it lends to others came with them, the rest only other tools read',
          )
        else
          notes.lost(value.at, below(key), `\`${key}\` is not a key of the ${format}`, 'Correct the key, or leave it.')
      }
    },
  }
}
