import type { Ref } from '../reference.ts'
import type { RefKind } from '../schema/node.ts'

/** Marks parts made by this package's functions, whichever copy of it made them. */
const mark: unique symbol = Symbol.for('seaworthy.part') as never

/** Holds a stack from which the author's line can be read, formatted only when it is asked for. */
export interface Origin {
  readonly stack?: string
}

/** A part of a fleet as its author made it: what it is, its name, and what was said of it. */
export interface Part<Kind extends RefKind = RefKind, Spec = unknown> extends Ref<Kind> {
  readonly spec: Spec
}

/** Makes a part; `maker` is the function that the author called, so that the stack begins at the author's line. */
export function part<Kind extends RefKind, Spec>(
  kind: Kind,
  name: string,
  spec: Spec,
  maker: (...parameters: never[]) => unknown,
): Part<Kind, Spec> {
  const origin: Origin = {}
  Error.captureStackTrace(origin, maker)
  const made = { kind, name, spec }
  Object.defineProperty(made, mark, { value: origin })
  return Object.freeze(made)
}

/** Whether a value is a part, by its mark. */
export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && mark in value
}

/** Where a part was made. */
export function originOf(made: Part): Origin {
  return (made as { readonly [mark]?: Origin })[mark] ?? {}
}
