import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { customKinds } from '../../../packages/render/src/schema/custom-kinds.ts'
import kubernetes from '../../../packages/render/src/schema/kubernetes.schema.json' with { type: 'json' }

/** Our own schemas as kubeconform reads them; returns its `-schema-location`. */
export function schemaFiles(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const definitions = Object.fromEntries(
    Object.entries(kubernetes.definitions).map(([name, node]) => [name, pointed(node)]),
  )
  const write = (id: string, schema: object): void => {
    const parts = id.split('/')
    // kubeconform calls the group of core kinds by their version, and writes kinds in lower case.
    const [kind = '', version = '', group = version] = parts.reverse()
    writeFileSync(join(folder, `${group}_${version}_${kind.toLowerCase()}.json`), JSON.stringify(schema))
  }
  for (const [id, root] of Object.entries(kubernetes.roots)) write(id, { $ref: `#/definitions/${root}`, definitions })
  for (const [id, node] of Object.entries(customKinds)) write(id, node)
  return join(folder, '{{ .Group }}_{{ .ResourceAPIVersion }}_{{ .ResourceKind }}.json')
}

/** References by name as JSON pointers, and Kubernetes' own formats as plain JSON Schema has them. */
function pointed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(pointed)
  if (node === null || typeof node !== 'object') return node
  const { $ref, format, ...rest } = node as Record<string, unknown>
  if (typeof $ref === 'string') return { $ref: `#/definitions/${$ref}` }
  if (format === 'int-or-string') return { type: ['string', 'integer'] }
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, pointed(value)]))
}
