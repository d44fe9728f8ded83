import type { PathStep } from '../catalog-path.ts'
import { type Context, replicasOf } from './context.ts'
import { bytes, count, names, percent } from './figures.ts'
import { type Rule, refusal, warning } from './rule.ts'

/** Connections that PostgreSQL keeps back for its superuser (`superuser_reserved_connections`). */
const reservedConnections = 3
/** Connections of one replica under the default of node-postgres and of most pools. */
const usualPool = 10

/** Rules on databases, caches and volumes. */
export const storageRules: readonly Rule[] = [
  refusal({
    code: 'SW1110',
    title: 'Database files that many may write',
    meaning:
      'PostgreSQL and Redis own their files: a second server on the same ones destroys them. Use access `one`; more instances each have their own disk.',
    *check({ fleet }) {
      for (const [key, parts] of [
        ['postgres', fleet.postgres],
        ['redis', fleet.redis],
      ] as const) {
        for (const [name, { storage }] of Object.entries(parts)) {
          if (storage.access === 'one') continue
          yield {
            path: [key, name, 'storage', 'access'],
            message: `expected access \`one\` for the files of a ${key} server, found \`${storage.access}\``,
            hint: "set `access: 'one'`; for more instances of PostgreSQL set `replicas` and `operator: 'cloudnative-pg'`",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1111',
    title: 'Database instances without an operator',
    meaning:
      'More than one PostgreSQL instance needs something that replicates and fails over. Name the operator that does, or run one instance.',
    *check({ fleet }) {
      for (const [name, { replicas, operator }] of Object.entries(fleet.postgres)) {
        if (replicas === 1 || operator !== 'none') continue
        yield {
          path: ['postgres', name, 'replicas'],
          message: `expected 1 instance without an operator, found ${replicas}`,
          hint: "set `operator: 'cloudnative-pg'`, or `replicas: 1`",
        }
      }
    },
  }),
  refusal({
    code: 'SW1112',
    title: 'More replicas than database connections',
    meaning:
      'Even with one connection each, the replicas that need the database at full scale do not fit into `maxConnections` (three are reserved).',
    *check(context) {
      for (const { name, most, room } of clientsOf(context)) {
        if (most <= room) continue
        yield {
          path: ['postgres', name, 'maxConnections'],
          message: `expected connections for ${count(most, 'replica')} at full scale, found ${room} (${reservedConnections} are reserved)`,
          hint: `set maxConnections to ${Math.ceil((most * usualPool + reservedConnections) / 50) * 50} for a pool of ${usualPool} each, or put a pooler in between`,
        }
      }
    },
  }),
  warning({
    code: 'SW2110',
    title: 'Connection pools larger than the database',
    meaning:
      'With the usual pool of ten connections a replica, the services at full scale ask for more than the database has.',
    *check(context) {
      for (const { name, most, room, services } of clientsOf(context)) {
        if (most > room || most * usualPool <= room) continue
        yield {
          path: ['postgres', name, 'maxConnections'],
          message: `expected room for ${count(most, 'replica')} with ${usualPool} connections each (${names(services)}), found ${room}`,
          hint: `set maxConnections to ${Math.ceil((most * usualPool + reservedConnections) / 50) * 50}, or keep each pool at ${Math.max(1, Math.floor(room / most))} or fewer and silence this`,
        }
      }
    },
  }),
  refusal({
    code: 'SW1113',
    title: 'Volume that its users cannot share',
    meaning:
      'On Kubernetes a volume with access `one` is mounted by one node, and `many-readers` by none that writes, but its users are more than that.',
    *check({ fleet, environment, dependents }) {
      if (environment.engine !== 'kubernetes') return
      for (const [name, { storage }] of Object.entries(fleet.volumes)) {
        const users = dependents.get(name) ?? []
        const replicas = users.reduce((sum, { service }) => sum + replicasOf(service).most, 0)
        const writers = users.filter(({ need }) => !need.readOnly)
        const path: PathStep[] = ['volumes', name, 'storage', 'access']
        const mounted = names(users.map(({ service }) => service.name))
        if (storage.access === 'one' && replicas > 1) {
          yield {
            path,
            message: `expected access \`many\` for ${count(replicas, 'replica')} that mount it (${mounted}), found \`one\``,
            hint: `set \`access: '${writers.length > 0 ? 'many' : 'many-readers'}'\`, with a storage class that offers it`,
          }
        } else if (storage.access === 'many-readers' && writers.length > 0) {
          yield {
            path,
            message: `expected access \`many\` for users that write (${names(writers.map(({ service }) => service.name))}), found \`many-readers\``,
            hint: "set `access: 'many'`, or `readOnly: true` on the needs",
          }
        }
      }
    },
  }),
  refusal({
    code: 'SW1114',
    title: 'Mounts that collide',
    meaning: 'Two volumes or disks appear at one path of a service, or something without files is to be mounted.',
    *check({ having }) {
      for (const service of having.needs) {
        const taken = new Set(Object.keys(service.storage).map(trimmed))
        for (const [index, { on, mount }] of service.needs.entries()) {
          if (mount === undefined) continue
          const path: PathStep[] = ['services', service.name, 'needs', index, 'mount']
          if (on.kind !== 'volume') {
            yield {
              path,
              message: `expected a mount on a volume, found one on the ${on.kind} \`${on.name}\``,
              hint: 'take `mount` away: its address comes in a variable',
            }
          } else if (taken.has(trimmed(mount))) {
            yield {
              path,
              message: `expected a directory of its own for \`${on.name}\`, found \`${mount}\` taken`,
              hint: `mount it at another path, such as \`${trimmed(mount)}/${on.name}\``,
            }
          }
          taken.add(trimmed(mount))
        }
      }
    },
  }),
  warning({
    code: 'SW2111',
    title: 'Redis disk too small to rewrite its log',
    meaning:
      'While Redis rewrites its append-only file, the old and the new one are on the disk together, each as large as the data.',
    *check({ fleet }) {
      for (const [name, { persist, storage, maxMemory }] of Object.entries(fleet.redis)) {
        if (!persist || storage.size >= 2 * maxMemory) continue
        yield {
          path: ['redis', name, 'storage', 'size'],
          message: `expected a disk of at least ${bytes(2 * maxMemory)} for ${bytes(maxMemory)} of data, found ${bytes(storage.size)} (${percent(storage.size / (2 * maxMemory))})`,
          hint: `set storage to ${bytes(2 * maxMemory)}, or \`persist: false\` if the data may go`,
        }
      }
    },
  }),
]

interface Clients {
  readonly name: string
  /** Replicas at full scale. */
  readonly most: number
  /** Connections that are not reserved. */
  readonly room: number
  readonly services: readonly string[]
}

function* clientsOf({ fleet, dependents }: Context): Iterable<Clients> {
  for (const [name, { maxConnections }] of Object.entries(fleet.postgres)) {
    const users = dependents.get(name) ?? []
    const most = users.reduce((sum, { service }) => sum + replicasOf(service).most, 0)
    yield { name, most, room: maxConnections - reservedConnections, services: users.map(({ service }) => service.name) }
  }
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}
