import type { Field, Node, ObjectNode, RefKind } from '../schema/node.ts'
import { fits } from '../schema/shape.ts'
import { written } from '../schema/short-form.ts'
import { readUnit } from '../units/unit.ts'
import { derive } from './derive.ts'
import { fastObjects } from './fast-object.ts'
import type { Scope } from './scope.ts'

/** Turns a valid written value into its resolved form. */
export type Resolve = (value: unknown, scope: Scope) => unknown

/** What a part was written and resolved as elsewhere: fields that are written alike are taken over. */
export interface Sibling {
  readonly written: Readonly<Record<string, unknown>>
  readonly resolved: Readonly<Record<string, unknown>>
}

/** Resolves an object with the help of a sibling. */
export type ResolvePart = (value: unknown, scope: Scope, sibling?: Sibling) => unknown

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
        const source = value as Readonly<Record<string, unknown>>
        for (const key of Object.keys(source)) if (source[key] !== null) result[key] = each(source[key], scope)
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

/** Resolves the object of a part, which gets its name from the scope. */
export function compilePart(node: ObjectNode): ResolvePart {
  return compileObject(node, true)
}

/** Resolves an object; overlays are left out. */
function compileObject(node: ObjectNode, named: boolean = false): ResolvePart {
  const slots = Object.entries(node.fields)
    .filter(([, { type }]) => !(type.kind === 'record' && type.of.kind === 'overlay'))
    .map(([key, field]): Slot => {
      const resolve = compile(field.type)
      return { key, resolve, field, shared: sharedDefault(resolve, field) }
    })
  const names = slots.map(({ key }) => key)
  const make = fastObjects(named ? ['name', ...names] : names)
  const first = named ? 1 : 0
  return (value, scope, sibling) => {
    const source = value as Readonly<Record<string, unknown>>
    const values: unknown[] = new Array(slots.length + first)
    if (named) values[0] = scope.name
    const resolved = (key: string): unknown => values[names.indexOf(key) + first]
    // By index: `entries()` would make a pair for each of the half million values of a large fleet.
    for (let index = 0; index < slots.length; index += 1) {
      const slot = slots[index]
      if (slot) values[index + first] = valueIn(slot, source, scope, sibling, resolved)
    }
    return Object.freeze(make(values))
  }
}

function valueIn(
  { key, resolve, field, shared }: Slot,
  source: Readonly<Record<string, unknown>>,
  scope: Scope,
  sibling: Sibling | undefined,
  resolved: (key: string) => unknown,
): unknown {
  const item = source[key]
  if (sibling && item === sibling.written[key] && !field.derived) return sibling.resolved[key]
  if (item !== undefined && item !== null) return resolve(item, scope)
  const derived = field.derived && derive(field.derived, resolved, source, scope)
  if (derived !== undefined) return derived
  return shared ?? (field.default === undefined ? undefined : resolve(field.default, scope))
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
