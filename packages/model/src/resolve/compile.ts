import { fits } from '../read/shape.ts'
import type { Field, Node, ObjectNode, RefKind } from '../schema/node.ts'
import { readUnit } from '../units/unit.ts'
import { derive } from './derive.ts'
import { written } from './desugar.ts'
import type { Scope } from './scope.ts'

/** Turns a valid written value into its resolved form. */
export type Resolve = (value: unknown, scope: Scope) => unknown

/** Makes the resolver of a node: short forms written out, defaults filled in, units parsed, results frozen. */
export function compile(node: Node): Resolve {
  switch (node.kind) {
    case 'unit':
      return (value) => unitValue(node.unit, value)
    case 'list':
    case 'pair': {
      const each = compile(node.of)
      return (value, scope) => Object.freeze((value as readonly unknown[]).map((item) => each(item, scope)))
    }
    case 'record': {
      if (node.of.kind === 'overlay') return (value) => value
      const each = compile(node.of)
      return (value, scope) => {
        const result: Record<string, unknown> = {}
        for (const [key, item] of Object.entries(value as object)) if (item !== null) result[key] = each(item, scope)
        return Object.freeze(result)
      }
    }
    case 'object':
      return compileObject(node)
    case 'reference':
      return node.to.length === 1 ? (value) => value : compileReference(node.to)
    case 'either':
      return compileEither(node)
    case 'short': {
      const full = compile(node.full)
      return (value, scope) => full(written(node, value), scope)
    }
    default:
      return (value) => value
  }
}

/** A percentage beside other forms stays text, or 1 and 100 % could not be told apart. */
function compileEither(node: Extract<Node, { kind: 'either' }>): Resolve {
  const forms = node.of.map((form) => ({
    form,
    resolve: form.kind === 'unit' && form.unit === 'percent' ? (value: unknown) => value : compile(form),
  }))
  return (value, scope) => {
    const found = forms.find(({ form }) => fits(form, value))
    return found ? found.resolve(value, scope) : value
  }
}

function compileReference(to: readonly RefKind[]): Resolve {
  return (value, scope) => {
    const name = String(value)
    const kind = scope.kinds.get(name)
    return Object.freeze({ kind: kind !== undefined && to.includes(kind) ? kind : to[0], name })
  }
}

interface Slot {
  readonly key: string
  readonly resolve: Resolve
  readonly field: Field
  /** The default, resolved; shared by all. Undefined when there is none or it depends on the part. */
  readonly shared: unknown
}

/** Resolves an object; overlays are left out, and an object of a named part gets the part's name. */
function compileObject(node: ObjectNode): Resolve {
  const slots = Object.entries(node.fields)
    .filter(([, { type }]) => !(type.kind === 'record' && type.of.kind === 'overlay'))
    .map(([key, field]): Slot => {
      const resolve = compile(field.type)
      return { key, resolve, field, shared: sharedDefault(resolve, field) }
    })
  return (value, scope) => {
    const source = value as Readonly<Record<string, unknown>>
    const result: Record<string, unknown> = {}
    for (const { key, resolve, field, shared } of slots) {
      const item = source[key]
      if (item !== undefined && item !== null) {
        result[key] = resolve(item, scope)
        continue
      }
      const derived = field.derived && derive(field.derived, result, source, scope)
      if (derived !== undefined) result[key] = derived
      else if (shared !== undefined) result[key] = shared
      else if (field.default !== undefined) result[key] = resolve(field.default, scope)
    }
    return Object.freeze(result)
  }
}

function sharedDefault(resolve: Resolve, field: Field): unknown {
  if (field.default === undefined) return undefined
  const scope: Scope = { fleet: '', name: '', kinds: new Map(), looked: false }
  const value = resolve(field.default, scope)
  return scope.looked ? undefined : value
}

function unitValue(unit: Extract<Node, { kind: 'unit' }>['unit'], value: unknown): unknown {
  const result = readUnit(unit, value)
  return result.ok ? result.value : value
}
