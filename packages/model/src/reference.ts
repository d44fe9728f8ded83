import type { RefKind } from './schema/node.ts'

/** A value that stands for another part of the fleet; made by `service(...)`, `postgres(...)`, `secret(...)` and their like. */
export interface Ref<Kind extends RefKind = RefKind> {
  readonly kind: Kind
  readonly name: string
}

/** A reference in a resolved fleet: what is meant, and of which kind it is. */
export interface ResolvedRef<Kind extends RefKind = RefKind> {
  readonly kind: Kind
  readonly name: string
}
