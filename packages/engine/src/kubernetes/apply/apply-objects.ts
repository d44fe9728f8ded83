import { type KubernetesObject, objectId } from '@seaworthy/render'
import { fieldManager, type Kind, type KubernetesApi, type LiveObject } from '../api/api-client.ts'

/** What applying an object did. */
export interface Applied {
  readonly object: string
  readonly change: 'created' | 'changed' | 'unchanged'
}

/** Requests under way at once. */
const atOnce = 8

/** Applies objects under our field manager: those of the cluster in order first, then the others, several at a time. */
export async function applyObjects(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
  options: { readonly force?: boolean; readonly dryRun?: boolean } = {},
): Promise<readonly Applied[]> {
  const results: Applied[] = []
  const one = async (object: KubernetesObject, index: number): Promise<void> => {
    const before = await api.get(object, object.metadata.namespace, object.metadata.name)
    const after = await api.apply(object, options)
    results[index] = {
      object: objectId(object),
      change: before === undefined ? 'created' : sameContent(before, after) ? 'unchanged' : 'changed',
    }
  }
  const rows = [...objects.entries()]
  for (const [index, object] of rows) if (object.metadata.namespace === undefined) await one(object, index)
  const rest = rows.filter(([, object]) => object.metadata.namespace !== undefined).values()
  const work = async (): Promise<void> => {
    for (const [index, object] of rest) await one(object, index)
  }
  await Promise.all(Array.from({ length: atOnce }, work))
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
