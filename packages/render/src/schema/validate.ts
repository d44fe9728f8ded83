import { type KubernetesObject, objectId } from '../kubernetes/object.ts'
import { customKinds } from './custom-kinds.ts'
import kubernetes from './kubernetes.schema.json' with { type: 'json' }
import { type Definitions, type Misfit, misfits } from './schema-node.ts'

const roots: Readonly<Record<string, string>> = kubernetes.roots
const definitions = kubernetes.definitions as unknown as Definitions

/** A misfit, and of which object. */
export interface ObjectMisfit extends Misfit {
  readonly object: string
}

/** Every unknown field, wrong type and missing field of the given objects; a kind without a schema is itself a misfit. */
export function validateObjects(objects: readonly KubernetesObject[]): ObjectMisfit[] {
  return objects.flatMap((object) => {
    const id = `${object.apiVersion}/${object.kind}`
    const root = roots[id]
    const schema = root === undefined ? customKinds[id] : { $ref: root }
    const found = schema
      ? misfits(object, schema, definitions)
      : [{ path: 'kind', message: `${id} has no schema here` }]
    return found.map((misfit) => ({ object: objectId(object), ...misfit }))
  })
}
