import { nearest } from '../nearest.ts'
import type { ProblemDetails } from '../problem.ts'
import { type Collection, collections } from '../schema/collections.ts'
import type { Node, RefKind } from '../schema/node.ts'
import { written } from '../schema/short-form.ts'
import { joined } from './expectation.ts'
import { refuseMissing, requiredOf } from './read-object.ts'
import type { PendingReference, Reading } from './reading.ts'

type Content = Readonly<Record<string, unknown>>

/** Judges what can be judged only when the whole catalog is read: names, references, and what overlays add up to. */
export function settle(content: Content, given: Content, reading: Reading): void {
  const names = namesIn(given, reading)
  for (const reference of reading.references) settleReference(reference, names, reading.problems)
  const named = Object.keys((given.environments as Content | undefined) ?? {})
  const environments = named.length > 0 ? named : ['development']
  for (const { path, environment } of reading.overlays) {
    if (environments.includes(environment)) continue
    const near = nearest(environment, environments)
    reading.problems.push({
      code: 'SW1011',
      message: `the fleet has no environment \`${environment}\`; it has ${environments.join(', ')}`,
      where: { path },
      hint: near === undefined ? `add \`${environment}\` to the fleet's environments` : `write ${near}`,
    })
  }
  for (const collection of collections) settleOverlays(collection, content, reading)
}

/** Names of all parts with their kind, `host` names in one space; a name used twice there is a problem. */
function namesIn(given: Content, reading: Reading): ReadonlyMap<RefKind, ReadonlySet<string>> {
  const names = new Map<RefKind, ReadonlySet<string>>()
  const hosts = new Map<string, Collection>()
  for (const collection of collections) {
    const found = given[collection.key]
    const keys = typeof found === 'object' && found !== null ? Object.keys(found) : []
    names.set(collection.kind, new Set(keys))
    if (!collection.host) continue
    for (const key of keys) {
      const other = hosts.get(key)
      if (!other) hosts.set(key, collection)
      else {
        reading.problems.push({
          code: 'SW1010',
          message: `the ${collection.kind} \`${key}\` has the name of the ${other.kind} at ${other.key}.${key}`,
          where: { path: `${collection.key}.${key}` },
          hint: `rename one of them, such as ${key}-${collection.kind}`,
        })
      }
    }
  }
  return names
}

function settleReference(
  { path, name, to }: PendingReference,
  names: ReadonlyMap<RefKind, ReadonlySet<string>>,
  problems: ProblemDetails[],
): void {
  if (to.some((kind) => names.get(kind)?.has(name))) return
  const other = [...names].find(([, known]) => known.has(name))?.[0]
  if (other) {
    problems.push({
      code: 'SW1009',
      message: `expected a ${joined(to)}, found the ${other} \`${name}\``,
      where: { path },
    })
    return
  }
  const candidates = to.flatMap((kind) => [...(names.get(kind) ?? [])])
  const near = nearest(name, candidates)
  problems.push({
    code: 'SW1008',
    message: `there is no ${joined(to)} called \`${name}\``,
    where: { path },
    hint:
      near !== undefined
        ? `write ${near}`
        : candidates.length > 0
          ? `there is ${joined(candidates.slice(0, 12))}`
          : `define \`${name}\` first`,
  })
}

/** An overlay may leave out what its base has; together they must be whole. */
function settleOverlays(collection: Collection, content: Content, reading: Reading): void {
  const overlayNode = collection.node.fields.on?.type
  if (overlayNode?.kind !== 'record' || overlayNode.of.kind !== 'overlay') return
  for (const [name, part] of Object.entries((content[collection.key] as Content | undefined) ?? {})) {
    const overlays = (part as Content).on as Content | undefined
    if (overlays === undefined) continue
    for (const environment of Object.keys(overlays)) {
      reading.path.push(collection.key, name, 'on', environment)
      requireWhole(overlayNode.of.of, part, overlays[environment], reading)
      reading.path.length = 0
    }
  }
}

/** The base is whole by itself, so only what the overlay touches can miss something. */
function requireWhole(node: Node, base: unknown, overlay: unknown, reading: Reading): void {
  if (overlay === null || overlay === undefined) return
  switch (node.kind) {
    case 'object': {
      const below = (base ?? {}) as Content
      const above = overlay as Content
      for (const key of requiredOf(node, reading)) {
        if (above[key] === null || (above[key] === undefined && below[key] === undefined))
          refuseMissing(node, key, reading)
      }
      for (const key of Object.keys(above)) {
        const field = node.fields[key]
        if (field) requireBelow(field.type, key, below[key], above[key], reading)
      }
      return
    }
    case 'record':
      for (const [key, item] of Object.entries(overlay))
        requireBelow(node.of, key, (base as Content | undefined)?.[key], item, reading)
      return
    case 'short':
      requireWhole(node.full, isWritten(base) ? written(node, base) : undefined, written(node, overlay), reading)
      return
    default:
      return
  }
}

function requireBelow(node: Node, key: string, base: unknown, overlay: unknown, reading: Reading): void {
  reading.path.push(key)
  requireWhole(node, base, overlay, reading)
  reading.path.pop()
}

function isWritten(value: unknown): boolean {
  return value !== undefined && value !== null
}
