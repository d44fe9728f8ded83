import type { Draft, DraftPart, DraftRef } from '../draft.ts'
import { likelyProtocol } from '../image.ts'
import type { Notes } from '../note.ts'
import { openPartNames } from '../part-names.ts'
import { openSecretBook } from '../secret-book.ts'
import type { SourceFiles } from '../source-files.ts'
import type { Place } from '../yaml/tree.ts'
import { readLocalEnv } from './local-env.ts'
import type { Program } from './program.ts'

/** Adds programs to a draft: as services that find each other and the resources by the ports in their env files. */
export function programParts(
  files: SourceFiles,
  programs: readonly Program[],
  base: Draft,
  published: ReadonlyMap<number, DraftRef>,
  notes: Notes,
): Draft {
  const names = openPartNames()
  for (const part of base.parts) names.take(part.name)
  const refs = programs.map(
    (program): DraftRef => ({ kind: program.kind, name: names.take(program.name, program.kind) }),
  )
  const resources = new Map<number, DraftPart>()
  const ports = new Map([
    ...published,
    ...programs.flatMap((program, index) => (program.port === undefined ? [] : [[program.port, refs[index]] as const])),
  ])
  const secrets = openSecretBook()

  const edges = new Map<string, Set<string>>()
  const reaches = (from: string, to: string): boolean =>
    from === to || [...(edges.get(from) ?? [])].some((next) => reaches(next, to))

  const partAt = (
    from: string,
    port: number,
    scheme: string,
    database: string | undefined,
    at: Place,
  ): DraftRef | undefined => {
    const known = ports.get(port)
    if (known) {
      if (reaches(known.name, from)) return undefined
      edges.set(from, new Set([...(edges.get(from) ?? []), known.name]))
      return known
    }
    const kind = /^postgres(ql)?(\+|$)/.test(scheme) ? 'postgres' : /^rediss?$/.test(scheme) ? 'redis' : undefined
    if (!kind) return undefined
    const name = names.take(kind === 'postgres' ? 'db' : 'cache')
    const plain = database !== undefined && database !== name && /^[a-z_][a-z0-9_]*$/.test(database)
    const part: DraftPart = { kind, name, spec: kind === 'postgres' && plain ? { database } : {}, remarks: {}, at }
    resources.set(port, part)
    ports.set(port, { kind, name })
    notes.guessed(
      at,
      name,
      `${at.file} speaks of a ${kind === 'postgres' ? 'PostgreSQL' : 'Redis'} on this machine; one of the fleet’s own was written`,
      `To keep that one: \`${kind}('${name}', { url: 'env:${kind === 'postgres' ? 'DATABASE' : 'REDIS'}_URL' })\`.`,
    )
    return { kind, name }
  }

  const shared = new Set(programs.map((program) => program.folder)).size < programs.length
  const isAlone = programs.filter((program) => program.port !== undefined).length === 1
  const parts = programs.map((program, index): DraftPart => {
    const ref = refs[index] ?? { kind: program.kind, name: program.name }
    const spec: Record<string, unknown> = {}
    const { folder, facts } = program
    if (facts.package?.description && !shared) spec.description = facts.package.description
    const context = folder === '.' || folder.startsWith('..') ? folder : `./${folder}`
    spec.build = facts.dockerfile ? { context, dockerfile: 'Dockerfile' } : context
    if (program.run !== undefined) spec.run = program.run
    if (program.kind === 'service' && program.port !== undefined) {
      spec.port = program.port
      const protocol = likelyProtocol(program.port)
      if (protocol !== 'http') spec.protocol = protocol
      else spec.routes = [isAlone ? '/' : ref.name]
      writeHealth(program, spec)
      if (program.guess)
        notes.guessed(
          program.at,
          `${ref.name}.port`,
          `nothing names the port of ${ref.name}; ${program.port} was written because ${program.guess}`,
          'Correct `port`.',
        )
    }
    const local = readLocalEnv(
      files,
      folder,
      { name: ref.name, port: program.port },
      { secrets, partAt: (...asked) => partAt(ref.name, ...asked) },
      notes,
    )
    if (local.needs.length > 0) spec.needs = local.needs.map((need) => (need.as === undefined ? need.on : need))
    if (Object.keys(local.env).length > 0) spec.env = local.env
    if (facts.dockerfile && (facts.dockerfile.user === undefined || facts.dockerfile.user === 'root'))
      notes.changed(
        { file: facts.dockerfile.path, line: facts.dockerfile.userLine ?? 1 },
        'USER',
        'the image runs as root unless its base says otherwise; services run unprivileged',
        "Add a USER to the Dockerfile. If it must: `security: [{ allow: 'root', reason: '...', until: '...' }]`.",
      )
    const missing = (facts.package?.drivers ?? []).filter((driver) =>
      /^(pg|postgres|@prisma\/client|ioredis|redis|bullmq)$/.test(driver),
    )
    if (missing.length > 0 && local.needs.length === 0)
      notes.guessed(
        program.at,
        ref.name,
        `${ref.name} depends on ${missing.join(' and ')}, but nothing says of which database`,
        'Declare it (`postgres`, `redis` or `external`) and need it.',
      )
    const remarks = program.guess && program.kind === 'service' ? { port: [`Guessed: ${program.guess}.`] } : {}
    return { kind: ref.kind === 'job' ? 'job' : 'service', name: ref.name, spec, remarks, at: program.at }
  })
  withMigrations(parts)
  const withRoutes = parts.some((part) => Array.isArray(part.spec.routes) && part.spec.routes[0] !== '/')
  return {
    ...base,
    parts: [
      ...base.parts,
      ...resources.values(),
      ...parts,
      ...secrets
        .parts()
        .filter((secret) => !base.parts.some((other) => other.kind === 'secret' && other.name === secret.name)),
    ],
    environments:
      withRoutes && Object.keys(base.environments).length === 0
        ? { development: { domain: 'localhost' } }
        : base.environments,
    sources: [...new Set([...base.sources, ...programs.map((program) => program.at.file)])],
  }
}

/** The release process of a Procfile runs before the new version of each service. */
function withMigrations(parts: DraftPart[]): void {
  const release = parts.find((part) => part.kind === 'job')
  if (!release) return
  for (const [index, part] of parts.entries()) {
    if (part.kind !== 'service' || part.spec.port === undefined) continue
    parts[index] = { ...part, spec: { ...part.spec, migrations: { before: [{ kind: 'job', name: release.name }] } } }
  }
}

function writeHealth(program: Program, spec: Record<string, unknown>): void {
  const health = program.facts.dockerfile?.health
  if (!health || health === 'none') return
  if (health.port !== undefined && health.port !== program.port) return
  const simple = Object.keys(health.ready).length === 1 && 'http' in health.ready
  spec.health = health.startup
    ? { ready: health.ready, startup: health.startup }
    : simple
      ? health.ready.http
      : { ready: health.ready }
}
