import type { RefKind } from '../schema/node.ts'
import type { Note } from './note.ts'
import type { Place } from './yaml/tree.ts'

/** Stands for another part of the draft. */
export interface DraftRef {
  readonly kind: RefKind
  readonly name: string
}

/** A part of the fleet to be written: what it is and what is said of it, as an author would, with references as values. */
export interface DraftPart {
  readonly kind: 'service' | 'job' | 'postgres' | 'redis' | 'volume' | 'external' | 'secret' | 'machine'
  readonly name: string
  readonly spec: Readonly<Record<string, unknown>>
  /** Remarks by field of `spec`; under the empty name, on the part itself. */
  readonly remarks: Readonly<Record<string, readonly string[]>>
  readonly at: Place
}

/** A config to be written, and what did not come over. */
export interface Draft {
  readonly name: string
  readonly parts: readonly DraftPart[]
  readonly environments: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly notes: readonly Note[]
  /** Files that were read, in order. */
  readonly sources: readonly string[]
}

/** Whether a value is a reference to a part. */
export function isDraftRef(value: unknown): value is DraftRef {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.keys(value).sort().join() === 'kind,name' &&
    typeof (value as DraftRef).name === 'string'
  )
}

/** The parts that a value refers to. */
export function referencesIn(value: unknown): readonly DraftRef[] {
  if (isDraftRef(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(referencesIn)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(referencesIn)
  return []
}
