import { isPlainObject } from '../json-value.ts'
import type { Node, UnitKind } from '../schema/node.ts'
import { fits } from '../schema/shape.ts'
import { printUnit } from '../units/unit.ts'

/** A value in force at the end of a path: as it resolved, and as an author would write it. */
export interface Leaf {
  readonly value: unknown
  readonly text: string
  readonly unit?: UnitKind
}

/** The leaf that a resolved value is, or undefined when it has fields or items of its own to show. */
export function leafOf(node: Node, value: unknown): Leaf | undefined {
  switch (node.kind) {
    case 'object':
    case 'short':
    case 'record':
      return Object.keys(value as object).length === 0 ? { value, text: 'none' } : undefined
    case 'list':
    case 'pair': {
      const items = (value as readonly unknown[]).map((item) => leafOf(node.of, item))
      if (items.length === 0) return { value, text: 'none' }
      if (items.some((item) => item === undefined)) return undefined
      const unit = items[0]?.unit
      const text = items.map((item) => item?.text).join(node.kind === 'pair' ? ' to ' : ', ')
      return { value, text, ...(unit && { unit }) }
    }
    case 'either': {
      const form = node.of.find((candidate) => fits(candidate, value)) ?? node.of.find(({ kind }) => kind === 'short')
      if (!form || form.kind === 'unit') return { value, text: String(value), ...(form && { unit: form.unit }) }
      return leafOf(form, value)
    }
    case 'unit':
      return { value, text: printUnit(node.unit, value as number | string), unit: node.unit }
    case 'reference':
      return { value, text: isPlainObject(value) ? `${value.kind} ${value.name}` : String(value) }
    case 'json':
      return { value, text: JSON.stringify(value) }
    default:
      return { value, text: String(value) }
  }
}
