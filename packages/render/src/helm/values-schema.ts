import type { Json } from '@seaworthy/model'

type Schema = { readonly [key: string]: unknown }

function typeOf(value: Json): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

function shapeOf(values: readonly Json[]): Schema {
  const types = [...new Set(values.map(typeOf))].sort()
  const items = values.filter((value) => Array.isArray(value)).flatMap((value) => value as readonly Json[])
  return {
    type: types.length === 1 ? types[0] : types,
    ...(types.includes('array') &&
      items.length > 0 && {
        items: {
          type: items.every((item) => typeOf(item) === typeOf(items[0] as Json))
            ? typeOf(items[0] as Json)
            : [...new Set(items.map(typeOf))].sort(),
        },
      }),
  }
}

/** The JSON Schema (draft 7, as Helm reads it) of a chart's values: every value that any environment sets, and no other. */
export function schemaOf(environments: readonly { readonly [key: string]: Json }[]): Schema {
  const keys = [...new Set(environments.flatMap((values) => Object.keys(values)))].sort()
  const properties = keys.map(
    (key) => [key, shapeOf(environments.flatMap((values) => (key in values ? [values[key] as Json] : [])))] as const,
  )
  const required = keys.filter((key) => environments.every((values) => key in values))
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    additionalProperties: false,
    required,
    properties: { global: { type: 'object' }, enabled: { type: 'boolean' }, ...Object.fromEntries(properties) },
  }
}
