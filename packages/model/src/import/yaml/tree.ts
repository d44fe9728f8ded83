/** Where something was written: a file as it is called from the project's folder, and a line from 1. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** A leaf of a file. */
export interface Scalar {
  readonly kind: 'scalar'
  readonly value: string | number | boolean | null
  readonly at: Place
  /** Names of the variables that the text was put together from. */
  readonly variables?: readonly string[]
}

export interface List {
  readonly kind: 'list'
  readonly items: readonly Tree[]
  readonly at: Place
}

export interface Mapping {
  readonly kind: 'mapping'
  readonly entries: ReadonlyMap<string, Tree>
  readonly at: Place
}

/** A file's content in which every value still knows where it was written. */
export type Tree = Scalar | List | Mapping

/** The text of a scalar as a program would get it; undefined for null and for what is no scalar. */
export function textOf(tree: Tree | undefined): string | undefined {
  if (tree?.kind !== 'scalar' || tree.value === null) return undefined
  return String(tree.value)
}

/** The value as plain data, places forgotten. */
export function plainOf(tree: Tree): unknown {
  switch (tree.kind) {
    case 'scalar':
      return tree.value
    case 'list':
      return tree.items.map(plainOf)
    case 'mapping':
      return Object.fromEntries([...tree.entries].map(([key, value]) => [key, plainOf(value)]))
    default:
      return tree satisfies never
  }
}

/** A leaf made by the reader itself, at the place of what it was made from. */
export function scalar(value: Scalar['value'], at: Place, variables?: readonly string[]): Scalar {
  return { kind: 'scalar', value, at, ...(variables && variables.length > 0 && { variables }) }
}

export function list(items: readonly Tree[], at: Place): List {
  return { kind: 'list', items, at }
}

export function mapping(entries: Iterable<readonly [string, Tree]>, at: Place): Mapping {
  return { kind: 'mapping', entries: new Map(entries), at }
}
