import { isPlainObject } from '../json-value.ts'

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
