import type { DraftRef } from '../draft.ts'
import type { Place } from '../yaml/tree.ts'

/** One variable of a program as its container would have it. */
export interface EnvVariable {
  readonly name: string
  /** Undefined: it is passed through from a shell that does not have it. */
  readonly value: string | undefined
  readonly at: Place
  /** Names of the variables that the value was put together from. */
  readonly variables: readonly string[]
}

/** One program that another waits for. */
export interface Dependency {
  /** Its key. */
  readonly on: string
  readonly condition: 'started' | 'healthy' | 'completed'
  readonly required: boolean
  readonly at: Place
}

/** A program that others may need, and that may need others. */
export interface Wireable {
  /** What its file calls it. */
  readonly key: string
  /** What it becomes. */
  readonly ref: DraftRef
  readonly at: Place
  /** Paths of its variables and dependencies in the file, for notes. */
  readonly paths: { readonly env: string; readonly dependencies: string }
  readonly env: readonly EnvVariable[]
  readonly dependencies: readonly Dependency[]
  /** Host names under which others find it. */
  readonly hosts: readonly string[]
  /** Its own port, and the numbers under which it was called besides. */
  readonly ports: { readonly port?: number; readonly protocol?: string; readonly also?: readonly number[] }
}
