import type { Origin } from './author/part.ts'
import type { ProblemDetails } from './problem.ts'
import type { Json } from './unit-types.ts'

/**
 * A fleet as it was written, as frozen plain data: units and short forms in the author's notation, references as names,
 * overlays kept. This is what canonical JSON and the fleet's identity are made of, and what YAML and JSON hold.
 */
export type FleetDocument = {
  readonly schema: 1
  readonly name: string
} & { readonly [key: string]: Json }

/** What is known of a document besides its content. */
export interface DocumentNotes {
  /** What was wrong; the values in question are left out of the document. */
  readonly problems: readonly ProblemDetails[]
  /** Where parts were made, by catalog path such as `services.api`. */
  readonly origins: ReadonlyMap<string, Origin>
}

/** Ties notes to a document, whichever copy of this package made it. */
const notes: unique symbol = Symbol.for('seaworthy.document') as never

const none: DocumentNotes = { problems: [], origins: new Map() }

/** Freezes a document together with its notes; the notes are no part of its content. */
export function documentWith(content: Readonly<Record<string, unknown>>, known: DocumentNotes): FleetDocument {
  const document = { ...content }
  Object.defineProperty(document, notes, { value: known })
  return Object.freeze(document) as FleetDocument
}

/** Whether a value is a document made by `fleet(...)` or read by this package. */
export function isDocument(value: unknown): value is FleetDocument {
  return typeof value === 'object' && value !== null && notes in value
}

/** What is known of a document besides its content. */
export function notesOf(document: FleetDocument): DocumentNotes {
  return (document as { readonly [notes]?: DocumentNotes })[notes] ?? none
}

/** What is wrong with a document, all of it; empty when it can be resolved. */
export function problemsOf(document: FleetDocument): readonly ProblemDetails[] {
  return notesOf(document).problems
}
