import { customKinds } from '../../../packages/render/src/schema/custom-kinds.ts'
import type { SchemaNode } from '../../../packages/render/src/schema/schema-node.ts'

/** Plural of a kind, as it is part of paths. */
function pluralOf(kind: string): string {
  return `${kind.toLowerCase()}s`
}

/** A schema as the API server takes it: it has its own way to refuse unknown fields. */
function structural({ additionalProperties, properties, items, ...node }: SchemaNode): object {
  return {
    ...node,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, structural(each)])),
    }),
    ...(items && { items: structural(items) }),
    ...(additionalProperties && { additionalProperties: structural(additionalProperties) }),
  }
}

/**
 * Definitions of the kinds of other projects that we render, made from the very schemas that we hold what we render to:
 * an API server with them accepts those kinds and refuses any field that we do not know.
 */
export function customDefinitions(): readonly object[] {
  return Object.entries(customKinds).map(([id, { properties: { metadata: _, ...properties } = {}, ...schema }]) => {
    const [group = '', version = '', kind = ''] = id.split('/')
    const plural = pluralOf(kind)
    return {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: {
        name: `${plural}.${group}`,
        annotations: { 'api-approved.kubernetes.io': 'unapproved, a definition for tests' },
      },
      spec: {
        group,
        scope: 'Namespaced',
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: {
              openAPIV3Schema: structural({ ...schema, properties: { ...properties, metadata: { type: 'object' } } }),
            },
          },
        ],
      },
    }
  })
}
