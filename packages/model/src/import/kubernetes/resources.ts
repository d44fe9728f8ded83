import type { DraftPart } from '../draft.ts'
import { readImageName } from '../image.ts'
import type { Notes } from '../note.ts'
import { textOf } from '../yaml/tree.ts'
import type { Claim } from './storage.ts'
import type { Workload } from './workload.ts'

/** A workload that runs PostgreSQL or Redis as the resource. */
export function resourcePart(
  workload: Workload,
  claims: ReadonlyMap<string, Claim>,
  databases: readonly string[],
  notes: Notes,
): DraftPart {
  const { ref, object, container } = workload
  const isPostgres = ref.kind === 'postgres'
  const product = isPostgres ? 'PostgreSQL' : 'Redis'
  const spec: Record<string, unknown> = {}
  if (isPostgres) {
    const major = Number(/^(\d+)/.exec(readImageName(workload.image).tag ?? '')?.[1])
    if (major >= 13 && major <= 30) spec.version = major
    const value = (pattern: RegExp): string | undefined =>
      workload.env.find((variable) => pattern.test(variable.name))?.value
    const database =
      value(/^(POSTGRES_DB|POSTGRESQL_DATABASE)$/) ?? databases[0] ?? value(/^(POSTGRES_USER|POSTGRESQL_USERNAME)$/)
    if (database !== undefined && database !== ref.name.replaceAll('-', '_') && /^[a-z_][a-z0-9_]*$/.test(database))
      spec.database = database
    for (const other of databases.filter((name) => name !== database))
      notes.lost(
        workload.at,
        object.section.path,
        `a resource holds one database; ${other} is a second one`,
        `Make it \`postgres('${other}')\`.`,
      )
  }
  const words = [...container.items('command'), ...container.items('args')].map((item) => textOf(item) ?? '').join(' ')
  const connections = Number(/max_connections=(\d+)/.exec(words)?.[1])
  if (isPostgres && connections >= 5 && connections !== 100) spec.maxConnections = connections
  const settings = words
    .replace(/-c\s+max_connections=\d+/, '')
    .replace(/^(postgres|redis-server|docker-entrypoint\.sh)\b/, '')
    .trim()
  if (settings !== '')
    notes.lost(
      container.at,
      container.path,
      `\`${settings}\` is not handed to ${product}`,
      isPostgres ? 'Set it in the database: ALTER SYSTEM.' : 'Write `maxMemory`, `eviction` and `persist`.',
    )
  const claim = claimOf(workload, claims)
  if (claim !== undefined) spec.storage = claim
  else if (!isPostgres) spec.persist = false
  if (Number(workload.spec.text('replicas') ?? 1) > 1)
    notes.changed(
      workload.spec.placeOf('replicas'),
      `${object.section.path}.spec.replicas`,
      `${product} runs once`,
      isPostgres
        ? "For more: `operator: 'cloudnative-pg'` and `replicas`."
        : 'Keep a Redis of your own as `redis(name, { url })`.',
    )
  notes.changed(
    workload.at,
    object.section.path,
    `${product} is run by Seaworthy; its data are not taken over`,
    'Dump and restore them once, or keep the running one: `url` of the resource.',
  )
  return { kind: ref.kind === 'postgres' ? 'postgres' : 'redis', name: ref.name, spec, remarks: {}, at: workload.at }
}

function claimOf(workload: Workload, claims: ReadonlyMap<string, Claim>): Claim | undefined {
  for (const volume of workload.volumes.values()) {
    if (volume.kind === 'template') return volume.claim
    if (volume.kind === 'claim') return claims.get(volume.claim) ?? '10Gi'
  }
  return undefined
}
