/** The part of JSON Schema that Kubernetes' own definitions use once they are closed to unknown fields. */
export interface SchemaNode {
  readonly type?: string
  readonly format?: string
  readonly $ref?: string
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | false
  readonly enum?: readonly string[]
}

/** Definitions by name. */
export type Definitions = Readonly<Record<string, SchemaNode>>

/** One way in which an object does not fit. */
export interface Misfit {
  /** Place in the object, such as `spec.template.spec.containers[0].imagee`. */
  readonly path: string
  readonly message: string
}

function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function fitsType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value)
  return typeName(value) === type
}

/** Every way in which a value does not fit a schema; none when it does. */
export function misfits(value: unknown, node: SchemaNode, definitions: Definitions, path = ''): Misfit[] {
  if (node.$ref) return misfits(value, definitions[node.$ref] ?? {}, definitions, path)
  if (node.format === 'int-or-string') {
    return typeof value === 'string' || Number.isInteger(value)
      ? []
      : [{ path, message: `must be a whole number or text, not ${typeName(value)}` }]
  }
  if (node.type && !fitsType(value, node.type))
    return [{ path, message: `must be ${node.type}, not ${typeName(value)}` }]
  if (node.enum && !node.enum.includes(String(value)))
    return [{ path, message: `must be one of ${node.enum.join(', ')}, not ${String(value)}` }]
  if (Array.isArray(value))
    return node.items
      ? value.flatMap((item, i) => misfits(item, node.items as SchemaNode, definitions, `${path}[${i}]`))
      : []
  if (value === null || typeof value !== 'object') return []
  const missing = (node.required ?? [])
    .filter((key) => !(key in value))
    .map((key) => ({ path: join(path, key), message: 'is missing' }))
  const wrong = Object.entries(value).flatMap(([key, inner]): Misfit[] => {
    const field = node.properties?.[key] ?? (node.additionalProperties || undefined)
    if (field) return misfits(inner, field, definitions, join(path, key))
    return node.additionalProperties === false
      ? [{ path: join(path, key), message: 'is not a field of this kind' }]
      : []
  })
  return [...missing, ...wrong]
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}
