import type { FleetSpec } from '../authored.generated.ts'
import { documentWith, type FleetDocument } from '../document.ts'
import { isPlainObject } from '../json-value.ts'
import { foundOf } from '../read/expectation.ts'
import { readName, wrongKind } from '../read/read-scalar.ts'
import { readValue } from '../read/read-value.ts'
import { type Reading, refuse, refusedValue, startReading } from '../read/reading.ts'
import { settle } from '../read/settle.ts'
import { type Collection, collectionOf, collections } from '../schema/collections.ts'
import { fleet as fleetNode } from '../schema/fleet.ts'
import type { RefKind } from '../schema/node.ts'
import { isPart, type Origin, originOf, type Part } from './part.ts'
import type {
  EnvironmentPart,
  EscalationPart,
  ExternalPart,
  JobPart,
  MachinePart,
  PostgresPart,
  RedisPart,
  SecretPart,
  ServicePart,
  VolumePart,
} from './parts.ts'

/** Lists of parts; what they refer to (databases, secrets, machines, escalations, ...) comes along by itself. */
export interface FleetLists {
  readonly services?: readonly ServicePart[]
  readonly jobs?: readonly JobPart[]
  readonly postgres?: readonly PostgresPart[]
  readonly redis?: readonly RedisPart[]
  readonly volumes?: readonly VolumePart[]
  readonly externals?: readonly ExternalPart[]
  readonly secrets?: readonly SecretPart[]
  readonly machines?: readonly MachinePart[]
  readonly environments?: readonly EnvironmentPart[]
  readonly escalations?: readonly EscalationPart[]
}

/** What a fleet is made of. */
export interface FleetParts extends FleetLists, Omit<FleetSpec, keyof FleetLists | 'schema' | 'name'> {}

/**
 * Puts a fleet together: `export default fleet('shop', { services: [api, worker] })`. A pure function: what is wrong
 * with the parts is noted in the document (`problemsOf`), all of it, and nothing is thrown.
 */
export function fleet(name: string, parts: FleetParts = {}): FleetDocument {
  const gathering = startGathering()
  const origin: Origin = {}
  Error.captureStackTrace(origin, fleet)
  gathering.origins.set('', origin)
  const { reading } = gathering
  const content: Record<string, unknown> = { schema: 1 }
  reading.path.push('name')
  const readable =
    typeof name === 'string'
      ? readName(name, reading)
      : wrongKind({ kind: 'name' }, name, reading, "begin with the fleet's name: fleet('shop', { ... })")
  content.name = readable === refusedValue ? 'fleet' : readable
  reading.path.pop()
  const rest: Record<string, unknown> = {}
  if (!isPlainObject(parts)) wrongKind(fleetNode, parts, reading)
  else {
    for (const [key, value] of Object.entries(parts)) {
      const collection = collections.find((candidate) => candidate.key === key)
      if (!collection) rest[key] = value
      else if (value !== undefined) gatherList(collection, value, gathering)
    }
  }
  // Fields of the fleet itself may refer to parts too, so they are read before the gathered parts are.
  const own = readValue(fleetNode, { name: 'fleet', ...rest }, reading)
  if (isPlainObject(own)) for (const key of Object.keys(rest)) if (key in own) content[key] = own[key]
  readGathered(gathering)
  for (const { key, kind } of collections) {
    const read = gathering.content.get(kind)
    if (read && Object.keys(read).length > 0) content[key] = Object.freeze(read)
  }
  settle(content, namesOf(gathering), reading)
  return documentWith(content, { problems: Object.freeze(reading.problems), origins: gathering.origins })
}

interface Gathering {
  readonly reading: Reading
  readonly queue: Part[]
  readonly known: Map<string, Part>
  readonly content: Map<RefKind, Record<string, unknown>>
  readonly origins: Map<string, Origin>
}

function startGathering(): Gathering {
  const queue: Part[] = []
  const reading = startReading((part) => void queue.push(part))
  return { reading, queue, known: new Map(), content: new Map(), origins: new Map() }
}

function gatherList(collection: Collection, value: unknown, { reading, queue }: Gathering): void {
  reading.path.push(collection.key)
  if (!Array.isArray(value)) {
    const hint = isPart(value) ? `put it in a list: [${value.name}]` : `list parts made by ${collection.kind}(...)`
    wrongKind({ kind: 'list', of: collection.node }, value, reading, hint)
  } else {
    for (const [index, item] of value.entries()) {
      reading.path.push(index)
      if (isPart(item) && item.kind === collection.kind) queue.push(item)
      else {
        const home = isPart(item) ? `put it in ${collectionOf(item.kind).key}` : undefined
        const expected = `expected what ${collection.kind}(...) returns, found ${foundOf(item)}`
        refuse(
          reading,
          isPart(item) ? 'SW1009' : 'SW1003',
          expected,
          item === undefined ? 'a part must be defined above its use' : home,
        )
      }
      reading.path.pop()
    }
  }
  reading.path.pop()
}

/** Reads the parts in the queue, which grows as they refer to others. */
function readGathered(gathering: Gathering): void {
  const { reading, queue, known, content, origins } = gathering
  // An index instead of shift(): the queue may hold thousands.
  for (let index = 0; index < queue.length; index += 1) {
    const part = queue[index]
    if (!part) continue
    const collection = collectionOf(part.kind)
    const key = `${collection.key}.${part.name}`
    const other = known.get(key)
    if (other === part) continue
    reading.path.push(collection.key, part.name)
    if (other) {
      if (!same(other, part)) refuseTwin(part, reading)
    } else {
      known.set(key, part)
      origins.set(key, originOf(part))
      const named = typeof part.name === 'string' && readName(part.name, reading) !== refusedValue
      const read = readValue(collection.node, part.spec, reading)
      const home = content.get(part.kind) ?? {}
      content.set(part.kind, home)
      if (named && read !== refusedValue) home[part.name] = read
    }
    reading.path.length = 0
  }
}

/** The names that parts were given, also of those that could not be read. */
function namesOf({ known }: Gathering): Readonly<Record<string, unknown>> {
  const names = Object.fromEntries(collections.map(({ key }) => [key, {} as Record<string, true>]))
  for (const { kind, name } of known.values()) {
    const home = names[collectionOf(kind).key]
    if (home) home[name] = true
  }
  return names
}

function refuseTwin(part: Part, reading: Reading): void {
  refuse(
    reading,
    'SW1010',
    `two different ${part.kind} parts are called \`${part.name}\``,
    'make it once, keep it in a constant and use that in both places',
  )
}

/** Whether two parts of one name say the same, so that they are one. */
function same(a: Part, b: Part): boolean {
  return a.spec === b.spec || deepEqual(a.spec, b.spec)
}

function deepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (isPart(a) && isPart(b)) return a.kind === b.kind && a.name === b.name
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]))
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && deepEqual(a[key], b[key]))
}
