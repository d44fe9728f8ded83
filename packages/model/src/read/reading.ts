import type { Part } from '../author/part.ts'
import { formatPath, type PathStep } from '../catalog-path.ts'
import type { ProblemDetails } from '../problem.ts'
import type { ObjectNode, RefKind } from '../schema/node.ts'

/** Stands for a value that was refused: its problem is on the list, and the value is left out. */
export const refusedValue: unique symbol = Symbol('refused')

/** A name that must turn out to stand for a part of one of the kinds. */
export interface PendingReference {
  readonly path: string
  readonly name: string
  readonly to: readonly RefKind[]
}

/** The state of reading one catalog: where we are, what was wrong so far, and what can be judged only at the end. */
export interface Reading {
  /** Steps to the value being read. */
  readonly path: PathStep[]
  readonly problems: ProblemDetails[]
  readonly references: PendingReference[]
  /** Environments that overlays name. */
  readonly overlays: { readonly path: string; readonly environment: string }[]
  /** Called for each part that stands where a reference is expected. */
  readonly meet: (part: Part) => void
  /** Above zero inside of an overlay, where nothing is required and `null` means the default. */
  overlayDepth: number
  readonly patterns: Map<string, RegExp>
  readonly required: Map<ObjectNode, readonly string[]>
}

/** A reading at its beginning. */
export function startReading(meet: (part: Part) => void = () => {}): Reading {
  return {
    path: [],
    problems: [],
    references: [],
    overlays: [],
    meet,
    overlayDepth: 0,
    patterns: new Map(),
    required: new Map(),
  }
}

/** Notes a problem at the place being read and returns the mark of a refused value. */
export function refuse(reading: Reading, code: string, message: string, hint?: string): typeof refusedValue {
  const path = formatPath(reading.path)
  reading.problems.push({ code, message, ...(path && { where: { path } }), ...(hint !== undefined && { hint }) })
  return refusedValue
}
