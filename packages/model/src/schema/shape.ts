import { isPart } from '../author/part.ts'
import { isPlainObject } from '../json-value.ts'
import type { Node } from './node.ts'

/** Whether a value has the outward shape of what a node takes, so that it is worth reading it as that. */
export function fits(node: Node, value: unknown): boolean {
  switch (node.kind) {
    case 'text':
    case 'name':
    case 'choice':
      return typeof value === 'string'
    case 'flag':
      return typeof value === 'boolean'
    case 'integer':
    case 'number':
      return typeof value === 'number'
    case 'unit':
      return typeof value === 'string' || (node.unit === 'cpu' && typeof value === 'number')
    case 'list':
    case 'pair':
      return Array.isArray(value)
    case 'record':
    case 'object':
    case 'overlay':
      return isPlainObject(value) && !isPart(value)
    case 'reference':
      return typeof value === 'string' || isPart(value)
    case 'json':
      return true
    case 'either':
      return node.of.some((form) => fits(form, value))
    case 'short':
      return fits(node.short, value) || fits(node.full, value)
    default:
      return node satisfies never
  }
}
