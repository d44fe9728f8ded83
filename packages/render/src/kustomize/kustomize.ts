import type { Json } from '@seaworthy/model'
import type { FileTree } from '../file-tree.ts'
import { diff } from '../json-patch.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { toYaml, toYamlDocuments } from '../yaml.ts'

/** The objects of one environment. */
export interface RenderedEnvironment {
  readonly name: string
  readonly namespace: string
  readonly objects: readonly KubernetesObject[]
}

/** An object by kind and name: what it is called in every environment. */
function key(object: KubernetesObject): string {
  const name = object.kind === 'Namespace' ? '' : object.metadata.name
  return `${object.apiVersion}/${object.kind}/${name}`
}

/** The object without its namespace, which the overlay sets. */
function withoutNamespace(object: KubernetesObject): KubernetesObject {
  const { namespace: _, ...metadata } = object.metadata
  return { ...object, metadata: object.kind === 'Namespace' ? { ...metadata, name: 'namespace' } : metadata }
}

/** In which file of the base an object stands: that of its program. */
function fileOf(object: KubernetesObject): string {
  return `${object.metadata.labels?.['app.kubernetes.io/name'] ?? 'fleet'}.yaml`
}

function target(object: KubernetesObject): object {
  const [group, version] = object.apiVersion.includes('/')
    ? object.apiVersion.split('/')
    : [undefined, object.apiVersion]
  return {
    ...(group && { group }),
    version,
    kind: object.kind,
    name: object.kind === 'Namespace' ? 'namespace' : object.metadata.name,
  }
}

/**
 * A Kustomize base and one overlay per environment. The base holds the objects of the first environment without their
 * namespace; an overlay sets its namespace, adds and deletes objects, and patches the rest by JSON Patch, so that
 * `kubectl kustomize overlays/NAME` is exactly what the renderer gives for that environment.
 */
export function kustomizeTree(environments: readonly RenderedEnvironment[]): FileTree {
  const first = environments[0]
  if (!first) return new Map()
  const base = first.objects.map(withoutNamespace)
  const files = new Map<string, KubernetesObject[]>()
  for (const object of base) {
    const file = object.kind === 'Namespace' ? 'namespace.yaml' : fileOf(object)
    files.set(file, [...(files.get(file) ?? []), object])
  }
  const tree = new Map<string, string>()
  for (const [file, objects] of files) tree.set(`base/${file}`, toYamlDocuments(objects))
  tree.set(
    'base/kustomization.yaml',
    toYaml({
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: [...files.keys()].sort(),
    }),
  )
  for (const environment of environments) {
    for (const [path, text] of overlay(base, environment)) tree.set(`overlays/${environment.name}/${path}`, text)
  }
  return tree
}

function overlay(base: readonly KubernetesObject[], environment: RenderedEnvironment): FileTree {
  const known = new Map(base.map((object) => [key(object), object]))
  const wanted = new Map(environment.objects.map((object) => [key(object), withoutNamespace(object)]))
  const added = [...wanted].filter(([id]) => !known.has(id)).map(([, object]) => object)
  const deleted = [...known].filter(([id]) => !wanted.has(id)).map(([, object]) => object)
  const changed = [...wanted].flatMap(([id, object]) => {
    const before = known.get(id)
    const operations = before ? diff(before as unknown as Json, object as unknown as Json) : []
    return before && operations.length > 0 ? [{ target: target(before), patch: toYaml(operations) }] : []
  })
  const removals = deleted.map((object) => ({
    target: target(object),
    patch: toYaml({
      $patch: 'delete',
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: { name: object.metadata.name },
    }),
  }))
  const patches = [...changed, ...removals]
  return new Map([
    ...(added.length > 0 ? [['added.yaml', toYamlDocuments(added)] as const] : []),
    [
      'kustomization.yaml',
      toYaml({
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        namespace: environment.namespace,
        resources: ['../../base', ...(added.length > 0 ? ['added.yaml'] : [])],
        ...(patches.length > 0 && { patches }),
      }),
    ],
  ])
}
