/**
 * Makes src/schema/kubernetes.schema.json from the swagger file of a Kubernetes release: the kinds that we write and what
 * they refer to, every object closed to unknown fields, descriptions left out.
 * Use: node packages/render/scripts/reduce-schema.ts PATH/api/openapi-spec/swagger.json
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Definition {
  readonly type?: string
  readonly format?: string
  readonly $ref?: string
  readonly items?: Definition
  readonly properties?: Readonly<Record<string, Definition>>
  readonly additionalProperties?: Definition
  readonly required?: readonly string[]
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string
    readonly version: string
    readonly kind: string
  }[]
}

const kinds = [
  'v1/Namespace',
  'v1/ServiceAccount',
  'v1/ConfigMap',
  'v1/Secret',
  'v1/Service',
  'v1/PersistentVolumeClaim',
  'v1/ResourceQuota',
  'v1/LimitRange',
  'v1/Pod',
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'autoscaling/v2/HorizontalPodAutoscaler',
  'policy/v1/PodDisruptionBudget',
  'networking.k8s.io/v1/NetworkPolicy',
  'networking.k8s.io/v1/Ingress',
  'scheduling.k8s.io/v1/PriorityClass',
  'coordination.k8s.io/v1/Lease',
  'rbac.authorization.k8s.io/v1/Role',
  'rbac.authorization.k8s.io/v1/RoleBinding',
  'rbac.authorization.k8s.io/v1/ClusterRole',
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
  'apiextensions.k8s.io/v1/CustomResourceDefinition',
]

const path = process.argv[2]
if (!path) throw new Error('name the swagger.json of a Kubernetes release')
const swagger = JSON.parse(readFileSync(path, 'utf8')) as {
  info: { version: string }
  definitions: Record<string, Definition>
}
const names = new Map<string, string>()
const definitions: Record<string, unknown> = {}

/** JSONSchemaProps refers to itself in ways that only its own validator understands; quantities and the like are open. */
const open = new Set(['io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps'])

function short(name: string): string {
  return name.replace(/^io\.k8s\.(api|apimachinery\.pkg|apiextensions-apiserver\.pkg\.apis)\./, '')
}

function reduce(definition: Definition): object {
  if (definition.$ref) {
    const name = definition.$ref.replace('#/definitions/', '')
    visit(name)
    return { $ref: short(name) }
  }
  const { type, format, items, properties, additionalProperties, required } = definition
  return {
    ...(type && { type }),
    ...(format && /int-or-string/.test(format) && { format }),
    ...(required && { required }),
    ...(items && { items: reduce(items) }),
    ...(additionalProperties && { additionalProperties: reduce(additionalProperties) }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, reduce(value)])),
      additionalProperties: false,
    }),
  }
}

function visit(name: string): void {
  if (names.has(name)) return
  names.set(name, short(name))
  const definition = swagger.definitions[name]
  if (!definition) throw new Error(`the swagger file does not define ${name}`)
  definitions[short(name)] = {}
  definitions[short(name)] = open.has(name) ? {} : reduce(definition)
}

const roots: Record<string, string> = {}
for (const [name, definition] of Object.entries(swagger.definitions)) {
  for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? []) {
    const id = [group, version, kind].filter(Boolean).join('/')
    if (!kinds.includes(id) || roots[id]) continue
    visit(name)
    roots[id] = short(name)
  }
}
const missing = kinds.filter((kind) => !roots[kind])
if (missing.length > 0) throw new Error(`the swagger file lacks ${missing.join(', ')}`)
const text = JSON.stringify({ version: swagger.info.version, roots, definitions })
writeFileSync(new URL('../src/schema/kubernetes.schema.json', import.meta.url), `${text}\n`)
console.log(`${kinds.length} kinds, ${Object.keys(definitions).length} definitions, ${text.length} bytes`)
