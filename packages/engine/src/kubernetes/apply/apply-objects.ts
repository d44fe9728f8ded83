import { type KubernetesObject, objectId } from '@seaworthy/render'
import { fieldManager, type Kind, type KubernetesApi, type LiveObject } from '../api/api-client.ts'

/** What applying an object did. */
export interface Applied {
  readonly object: string
  readonly change: 'created' | 'changed' | 'unchanged'
}

/** Applies objects in order, each under our field manager. */
export async function applyObjects(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
  options: { readonly force?: boolean; readonly dryRun?: boolean } = {},
): Promise<readonly Applied[]> {
  const results: Applied[] = []
  for (const object of objects) {
    const before = await api.get(object, object.metadata.namespace, object.metadata.name)
    const after = await api.apply(object, options)
    results.push({
      object: objectId(object),
      change: before === undefined ? 'created' : sameContent(before, after) ? 'unchanged' : 'changed',
    })
  }
  return results
}

/** Whether two readings of an object differ in nothing but bookkeeping. */
function sameContent(before: LiveObject, after: LiveObject): boolean {
  const strip = ({
    metadata: { resourceVersion: _, managedFields: __, ...metadata },
    ...object
  }: LiveObject & { metadata: { managedFields?: unknown } }): string =>
    JSON.stringify({ ...object, metadata, status: undefined })
  return before.metadata.resourceVersion === after.metadata.resourceVersion || strip(before) === strip(after)
}

/** The label selector of everything that this product made for a fleet. */
export function ownedBy(fleet: string): string {
  return `app.kubernetes.io/managed-by=seaworthy,app.kubernetes.io/part-of=${fleet}`
}

/**
 * Deletes what we made for a fleet and do not want any more: objects that carry our labels *and* whose fields our field
 * manager owns. Anything else is left alone, whatever it is called.
 */
export async function prune(
  api: KubernetesApi,
  fleet: string,
  namespace: string,
  kinds: readonly Kind[],
  wanted: readonly KubernetesObject[],
): Promise<readonly string[]> {
  const keep = new Set(wanted.map((object) => `${object.kind}/${object.metadata.name}`))
  const removed: string[] = []
  for (const kind of kinds) {
    const { items } = await api.list(kind, namespace, ownedBy(fleet))
    for (const item of items) {
      const fields = (item.metadata as { managedFields?: readonly { manager?: string }[] }).managedFields ?? []
      const ours = fields.some((field) => field.manager === fieldManager)
      if (!ours || keep.has(`${kind.kind}/${item.metadata.name}`)) continue
      await api.delete(kind, namespace, item.metadata.name)
      removed.push(`${kind.kind}/${item.metadata.name}`)
    }
  }
  return removed
}
