import type { Place } from './yaml/tree.ts'

/**
 * How much a note matters. `lost`: something had a meaning and has none in the config; `changed`: it is carried over and
 * behaves differently; `guessed`: it was not written anywhere, so look at it; `needless`: it has no meaning here.
 */
export type NoteKind = 'lost' | 'changed' | 'guessed' | 'needless'

/** One thing that did not come over as it was written. */
export interface Note {
  readonly kind: NoteKind
  readonly file: string
  /** From 1. */
  readonly line: number
  /** Path in that file, such as `services.web.logging`. */
  readonly path: string
  /** What it is, in one sentence. */
  readonly what: string
  /** What to do instead; empty for `needless` ones. */
  readonly instead: string
}

/** Collects notes while files are read. */
export interface Notes {
  readonly all: readonly Note[]
  lost(at: Place, path: string, what: string, instead: string): void
  changed(at: Place, path: string, what: string, instead: string): void
  guessed(at: Place, path: string, what: string, instead: string): void
  needless(at: Place, path: string, what: string): void
}

/** An empty collection of notes. */
export function collectNotes(): Notes {
  const all: Note[] = []
  const adder =
    (kind: NoteKind) =>
    (at: Place, path: string, what: string, instead = ''): void => {
      all.push({ kind, file: at.file, line: at.line, path, what, instead })
    }
  return {
    all,
    lost: adder('lost'),
    changed: adder('changed'),
    guessed: adder('guessed'),
    needless: adder('needless'),
  }
}
