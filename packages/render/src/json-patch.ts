import type { Json } from '@seaworthy/model'

/** One operation of a JSON Patch (RFC 6902). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace'; readonly path: string; readonly value: Json }
  | { readonly op: 'remove'; readonly path: string }

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** Whether two JSON values are equal, whatever the order of keys. */
export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameJson(item, b[i] as Json))
  if (isMap(a) && isMap(b)) {
    const keys = Object.keys(a)
    return (
      keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
    )
  }
  return a === b
}

function pointer(path: string, key: string): string {
  return `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/**
 * The JSON Patch that turns `from` into `to`. Maps are compared key by key, lists of equal length item by item, lists of
 * different length are replaced whole.
 */
export function diff(from: Json, to: Json, path = ''): PatchOperation[] {
  if (sameJson(from, to)) return []
  if (isMap(from) && isMap(to)) {
    const removed = Object.keys(from)
      .filter((key) => !Object.hasOwn(to, key))
      .map((key): PatchOperation => ({ op: 'remove', path: pointer(path, key) }))
    const changed = Object.entries(to).flatMap(([key, value]): PatchOperation[] => {
      const before = Object.hasOwn(from, key) ? from[key] : undefined
      return before === undefined
        ? [{ op: 'add', path: pointer(path, key), value }]
        : diff(before, value, pointer(path, key))
    })
    return [...removed, ...changed]
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    return (to as Json[]).flatMap((value, i) => diff((from as Json[])[i] as Json, value, `${path}/${i}`))
  }
  return [{ op: 'replace', path, value: to }]
}
