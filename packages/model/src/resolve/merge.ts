import { isPlainObject } from '../json-value.ts'
import type { Node } from '../schema/node.ts'
import { fits } from '../schema/shape.ts'
import { written } from '../schema/short-form.ts'

/**
 * The one merge rule: objects merge key by key, everything else replaces. `null` replaces like any value; it means
 * "back to the default" when the result is resolved.
 */
export function merge(base: unknown, overlay: unknown): unknown {
  if (overlay === undefined) return base
  if (!isPlainObject(base) || !isPlainObject(overlay)) return overlay
  const result: Record<string, unknown> = { ...base }
  for (const key of Object.keys(overlay)) result[key] = merge(base[key], overlay[key])
  return result
}

/**
 * The merge rule on values as they are written: where both layers say something, short forms are written out first, so
 * that `slo: '99.9%'` and `slo: { window: '7d' }` merge. The same as merging the desugared layers, without writing out
 * what no overlay touches.
 */
export function mergeWritten(node: Node, base: unknown, overlay: unknown): unknown {
  if (overlay === undefined) return base
  if (base === undefined || base === null || overlay === null) return overlay
  switch (node.kind) {
    case 'object':
      return mergeKeys(base, overlay, (key) => node.fields[key]?.type ?? { kind: 'json' })
    case 'record':
      return mergeKeys(base, overlay, () => node.of)
    case 'short':
      return mergeWritten(node.full, written(node, base), written(node, overlay))
    case 'either': {
      const form = node.of.find((candidate) => fits(candidate, overlay))
      return form && form === node.of.find((candidate) => fits(candidate, base))
        ? mergeWritten(form, base, overlay)
        : overlay
    }
    case 'json':
      return merge(base, overlay)
    default:
      return overlay
  }
}

function mergeKeys(base: unknown, overlay: unknown, nodeOf: (key: string) => Node): unknown {
  const below = base as Readonly<Record<string, unknown>>
  const above = overlay as Readonly<Record<string, unknown>>
  const result: Record<string, unknown> = { ...below }
  for (const key of Object.keys(above)) result[key] = mergeWritten(nodeOf(key), below[key], above[key])
  return result
}
