import type { Json } from '@seaworthy/model'
import { diff, type KubernetesObject, objectId, type PatchOperation } from '@seaworthy/render'
import type { KubernetesApi, LiveObject } from '../api/api-client.ts'

/** What applying an object would do to the cluster. */
export interface ObjectChange {
  readonly object: string
  readonly change: 'create' | 'change' | 'none'
  /** What would become different, by JSON pointer. */
  readonly operations: readonly PatchOperation[]
}

/** Fields that the server keeps for itself. */
const bookkeeping = new Set(['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid'])

function content({ status: _, metadata, ...object }: LiveObject): Json {
  const kept = Object.fromEntries(Object.entries(metadata).filter(([key]) => !bookkeeping.has(key)))
  return { ...object, metadata: kept } as unknown as Json
}

/**
 * What applying objects would change, asked of the server by a dry run, so that defaults and admission are counted in.
 * Fields that others have set differently since are told too.
 */
export async function objectChanges(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
): Promise<readonly ObjectChange[]> {
  const missing = new Set<string>()
  const changes: ObjectChange[] = []
  for (const object of objects) {
    const { namespace, name } = object.metadata
    const before =
      namespace !== undefined && missing.has(namespace) ? undefined : await api.get(object, namespace, name)
    if (before === undefined) {
      if (object.kind === 'Namespace') missing.add(name)
      changes.push({ object: objectId(object), change: 'create', operations: [] })
      continue
    }
    const after = await api.apply(object, { dryRun: true, force: true })
    const operations = diff(content(before), content(after))
    changes.push({ object: objectId(object), change: operations.length > 0 ? 'change' : 'none', operations })
  }
  return changes
}
