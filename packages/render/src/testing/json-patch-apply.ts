import type { Json } from '@seaworthy/model'
import type { PatchOperation } from '../json-patch.ts'

/** Applies a JSON Patch (RFC 6902); written apart from the diff that it is tested against. */
export function applyPatch(value: Json, operations: readonly PatchOperation[]): Json {
  let root = structuredClone(value) as unknown
  for (const operation of operations) {
    const keys = operation.path
      .split('/')
      .slice(1)
      .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = keys.pop()
    if (last === undefined) {
      root = operation.op === 'remove' ? null : structuredClone(operation.value)
      continue
    }
    const parent = keys.reduce(
      (node, key) => Object.getOwnPropertyDescriptor(node, key)?.value as unknown,
      root,
    ) as Record<string, unknown>
    if (operation.op === 'remove') delete parent[last]
    // Not by assignment: a key may be called `__proto__`.
    else
      Object.defineProperty(parent, last, {
        value: structuredClone(operation.value),
        configurable: true,
        enumerable: true,
        writable: true,
      })
  }
  return root as Json
}
