import { namePattern } from '../part-name.ts'
import { unitPattern } from '../units/unit.ts'
import type { Field, Node, ObjectNode, RecordKeys, UnitKind } from './node.ts'

/** A JSON Schema (draft 2020-12), as plain data. */
export type JsonSchema = { readonly [key: string]: unknown }

const unitExamples: Readonly<Record<UnitKind, readonly string[]>> = {
  duration: ['250ms', '20s', '5m', '1h', '1d'],
  size: ['256Mi', '2Gi', '500MB'],
  rate: ['5/s', '60/min', '1000/d'],
  percent: ['99.9%'],
  cpu: ['500m'],
  date: ['2026-11-20'],
  cron: ['0 2 * * *'],
}

/**
 * The JSON Schema of a catalog in YAML or JSON, made from the same schema that reads it. It says all that JSON Schema
 * can: what must hold between values (references, bounds of units) is judged by `seaworthy check` alone.
 */
export function jsonSchemaOf(root: ObjectNode, id: string): JsonSchema {
  const definitions = new Map<string, JsonSchema>()
  const { description, properties, required } = objectSchema(root, false, definitions) as {
    readonly description: string
    readonly properties: JsonSchema
    readonly required?: readonly string[]
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: id,
    title: 'Seaworthy catalog',
    description,
    type: 'object',
    properties: { $schema: { type: 'string', description: 'This schema, for editors.' }, ...properties },
    ...(required && { required }),
    additionalProperties: false,
    $defs: Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** The schema of one node; `overlay`: nothing is required, and `null` means the default. */
function schemaOf(node: Node, overlay: boolean, definitions: Map<string, JsonSchema>): JsonSchema {
  switch (node.kind) {
    case 'text':
      return {
        type: 'string',
        ...(node.pattern !== undefined && { pattern: node.pattern }),
        ...(node.examples && { examples: node.examples }),
      }
    case 'name':
      return { type: 'string', pattern: namePattern, maxLength: 63 }
    case 'flag':
      return { type: 'boolean' }
    case 'integer':
    case 'number':
      return {
        type: node.kind,
        ...(node.min !== undefined && { minimum: node.min }),
        ...(node.max !== undefined && { maximum: node.max }),
      }
    case 'unit':
      return unitSchema(node.unit)
    case 'choice':
      return { enum: node.of }
    case 'list':
      return { type: 'array', items: schemaOf(node.of, false, definitions) }
    case 'pair':
      return { type: 'array', items: schemaOf(node.of, false, definitions), minItems: 2, maxItems: 2 }
    case 'record': {
      const names = keySchema(node.keys)
      const value = schemaOf(node.of, overlay, definitions)
      return {
        type: 'object',
        additionalProperties: overlay ? { anyOf: [value, { type: 'null' }] } : value,
        ...(names && { propertyNames: names }),
      }
    }
    case 'object':
      return definition(node, overlay, definitions)
    case 'overlay':
      return definition(node.of, true, definitions)
    case 'reference':
      return { type: 'string', pattern: namePattern, description: `Name of a ${node.to.join(', ')}.` }
    case 'json':
      return {}
    case 'either':
      return { anyOf: node.of.map((form) => schemaOf(form, overlay, definitions)) }
    case 'short':
      return { anyOf: [schemaOf(node.short, overlay, definitions), definition(node.full, overlay, definitions)] }
    default:
      return node satisfies never
  }
}

function unitSchema(unit: UnitKind): JsonSchema {
  const text = { type: 'string', pattern: unitPattern(unit), examples: unitExamples[unit] }
  return unit === 'cpu' ? { anyOf: [{ type: 'number', exclusiveMinimum: 0 }, text] } : text
}

function keySchema(keys: RecordKeys | undefined): JsonSchema | undefined {
  switch (keys) {
    case 'name':
    case 'environment':
      return { pattern: namePattern, maxLength: 63 }
    case 'variable':
      return { pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }
    default:
      return undefined
  }
}

/** A reference to the object's definition, which is made on first use. */
function definition(node: ObjectNode, overlay: boolean, definitions: Map<string, JsonSchema>): JsonSchema {
  const name = overlay ? `${node.name}Overlay` : node.name
  if (!definitions.has(name)) {
    definitions.set(name, {})
    definitions.set(name, objectSchema(node, overlay, definitions))
  }
  return { $ref: `#/$defs/${name}` }
}

function objectSchema(node: ObjectNode, overlay: boolean, definitions: Map<string, JsonSchema>): JsonSchema {
  const required = overlay ? [] : Object.keys(node.fields).filter((key) => node.fields[key]?.required)
  return {
    description: overlay ? `${node.doc} Overlay: what is not written stays, null goes back to the default.` : node.doc,
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(node.fields).map(([key, field]) => [key, fieldSchema(field, overlay, definitions)]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

function fieldSchema(field: Field, overlay: boolean, definitions: Map<string, JsonSchema>): JsonSchema {
  const schema = schemaOf(field.type, overlay, definitions)
  return {
    ...(overlay ? { anyOf: [schema, { type: 'null' }] } : schema),
    description: field.doc,
    ...(field.default !== undefined && !overlay && { default: field.default }),
  }
}
