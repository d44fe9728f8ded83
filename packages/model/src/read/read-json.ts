import { isPart } from '../author/part.ts'
import { isPlainObject } from '../json-value.ts'
import { foundOf } from './expectation.ts'
import { type Reading, refuse, refusedValue } from './reading.ts'

const deepest = 64

/** Reads any plain data: texts, finite numbers, booleans, null, lists and objects of these, up to 64 levels deep. */
export function readJson(value: unknown, reading: Reading, depth: number = 0): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (depth > deepest) return refuse(reading, 'SW1012', `expected plain data, found more than ${deepest} levels of it`)
  if (Array.isArray(value)) {
    const items: unknown[] = []
    for (const [index, item] of value.entries()) {
      reading.path.push(index)
      const read = readJson(item, reading, depth + 1)
      reading.path.pop()
      if (read === refusedValue) return refusedValue
      items.push(read)
    }
    return Object.freeze(items)
  }
  if (!isPlainObject(value) || isPart(value)) {
    return refuse(reading, 'SW1012', `expected plain data, found ${foundOf(value)}`)
  }
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    reading.path.push(key)
    const read =
      key === '__proto__'
        ? refuse(reading, 'SW1012', 'the key `__proto__` cannot be used')
        : readJson(item, reading, depth + 1)
    reading.path.pop()
    if (read === refusedValue) return refusedValue
    result[key] = read
  }
  return Object.freeze(result)
}
