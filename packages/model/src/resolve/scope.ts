import type { RefKind } from '../schema/node.ts'

/** What resolving a value may look at besides the value. */
export interface Scope {
  /** Name of the fleet. */
  readonly fleet: string
  /** Name of the part being resolved. */
  name: string
  /** Kind of each part whose name is a host name. */
  readonly kinds: ReadonlyMap<string, RefKind>
  /** Set when a value followed from the scope, so that a default can't be shared between parts. */
  looked: boolean
}
