import { external, postgres, redis, secret, volume } from './data.ts'
import { environment, machine } from './fleet.ts'
import type { ObjectNode, RefKind } from './node.ts'
import { escalation } from './objectives.ts'
import { job, service } from './service.ts'

/** Where the parts of one kind stand in a catalog. */
export interface Collection {
  readonly kind: RefKind
  /** Key of the fleet under which they stand. */
  readonly key: string
  readonly node: ObjectNode
  /** Whether its names are host names, of which no two kinds may share one. */
  readonly host: boolean
}

/** All kinds of parts, in the order in which a catalog lists them. */
export const collections: readonly Collection[] = [
  { kind: 'service', key: 'services', node: service, host: true },
  { kind: 'job', key: 'jobs', node: job, host: true },
  { kind: 'postgres', key: 'postgres', node: postgres, host: true },
  { kind: 'redis', key: 'redis', node: redis, host: true },
  { kind: 'volume', key: 'volumes', node: volume, host: true },
  { kind: 'external', key: 'externals', node: external, host: true },
  { kind: 'secret', key: 'secrets', node: secret, host: false },
  { kind: 'machine', key: 'machines', node: machine, host: false },
  { kind: 'environment', key: 'environments', node: environment, host: false },
  { kind: 'escalation', key: 'escalations', node: escalation, host: false },
]

const byKind = Object.fromEntries(collections.map((collection) => [collection.kind, collection])) as Readonly<
  Record<RefKind, Collection>
>

/** The collection of one kind. */
export function collectionOf(kind: RefKind): Collection {
  return byKind[kind]
}
