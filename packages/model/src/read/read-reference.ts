import { isPart } from '../author/part.ts'
import { formatPath } from '../catalog-path.ts'
import { isPlainObject } from '../json-value.ts'
import type { Node } from '../schema/node.ts'
import { expectationOf, foundOf } from './expectation.ts'
import { wrongKind } from './read-scalar.ts'
import { type Reading, refuse } from './reading.ts'

/** Reads a reference: a part made by `service(...)` and its like, or a name, which must turn out to be one. */
export function readReference(node: Extract<Node, { kind: 'reference' }>, value: unknown, reading: Reading): unknown {
  if (typeof value === 'string') {
    reading.references.push({ path: formatPath(reading.path), name: value, to: node.to })
    return value
  }
  if (isPart(value)) {
    reading.meet(value)
    if (node.to.includes(value.kind)) return value.name
    return refuse(
      reading,
      'SW1009',
      `expected ${expectationOf(node)}, found ${foundOf(value)}`,
      `pass what ${node.to.length === 1 ? `${node.to[0]}(...) returns` : 'one of these functions returns'}`,
    )
  }
  const missing = value === undefined || (isPlainObject(value) && Object.keys(value).length === 0)
  return wrongKind(node, value, reading, missing ? 'a part must be defined above its use' : undefined)
}
