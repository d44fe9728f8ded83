import type { Ref } from './reference.ts'

/**
 * What an overlay of `T` may hold: any of its fields at any depth, and `null` for "back to the default". Lists,
 * references and single values replace what they overlay; objects merge with it.
 */
export type Overlay<T> = T extends Ref | readonly unknown[]
  ? T
  : T extends object
    ? { readonly [Key in keyof T]?: Overlay<T[Key]> | null }
    : T
