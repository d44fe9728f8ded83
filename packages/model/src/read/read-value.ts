import { isPart } from '../author/part.ts'
import type { Node } from '../schema/node.ts'
import { fits } from '../schema/shape.ts'
import { expectationOf, foundOf } from './expectation.ts'
import { readJson } from './read-json.ts'
import { readObject, readRecord } from './read-object.ts'
import { readReference } from './read-reference.ts'
import { readScalar, wrongKind } from './read-scalar.ts'
import { type Reading, refuse, refusedValue } from './reading.ts'

/**
 * Reads an untrusted value as what a node of the schema takes. What comes back is frozen plain data in the author's
 * own notation, references as names; what was wrong is noted as problems and left out.
 */
export function readValue(node: Node, value: unknown, reading: Reading): unknown {
  switch (node.kind) {
    case 'list':
    case 'pair':
      return readList(node, value, reading)
    case 'record':
      return readRecord(node, value, reading)
    case 'object':
      return readObject(node, value, reading)
    case 'overlay': {
      reading.overlayDepth += 1
      const overlay = readObject(node.of, value, reading)
      reading.overlayDepth -= 1
      return overlay
    }
    case 'reference':
      return readReference(node, value, reading)
    case 'json':
      return readJson(value, reading)
    case 'either':
      return readEither(node, value, reading)
    case 'short':
      if (fits(node.full, value)) return readObject(node.full, value, reading)
      return fits(node.short, value) ? readValue(node.short, value, reading) : wrongKind(node, value, reading)
    default:
      return readScalar(node, value, reading)
  }
}

function readEither(node: Extract<Node, { kind: 'either' }>, value: unknown, reading: Reading): unknown {
  const form = node.of.find((candidate) => fits(candidate, value))
  if (!form) return wrongKind(node, value, reading)
  const read = readValue(form, value, reading)
  // A bare name would be taken for text when it is read again, so a reference among other forms is written out.
  return form.kind === 'short' && isPart(value) && read !== refusedValue ? Object.freeze({ [form.as]: read }) : read
}

function readList(node: Extract<Node, { kind: 'list' | 'pair' }>, value: unknown, reading: Reading): unknown {
  if (!Array.isArray(value)) {
    const alone = value !== null && fits(node.of, value)
    const written = typeof value === 'string' ? JSON.stringify(value) : isPart(value) ? value.name : '...'
    return wrongKind(node, value, reading, alone ? `put it in a list: [${written}]` : undefined)
  }
  if (node.kind === 'pair' && value.length !== 2) {
    return refuse(reading, 'SW1003', `expected ${expectationOf(node)}, found a list of ${value.length}`)
  }
  const items: unknown[] = []
  // A list replaces what it overlays, so its items are whole ones.
  const depth = reading.overlayDepth
  reading.overlayDepth = 0
  for (let index = 0; index < value.length; index += 1) {
    reading.path.push(index)
    const item: unknown = value[index]
    const read =
      item === undefined
        ? refuse(
            reading,
            'SW1003',
            `expected ${expectationOf(node.of)}, found ${foundOf(item)}`,
            'a part must be defined above its use',
          )
        : readValue(node.of, item, reading)
    if (read !== refusedValue) items.push(read)
    reading.path.pop()
  }
  reading.overlayDepth = depth
  return node.kind === 'pair' && items.length !== 2 ? refusedValue : Object.freeze(items)
}
