import type { ProblemDetails } from '../../problem.ts'
import { accepted } from '../accepted.ts'
import { type Draft, type DraftPart, type DraftRef, referencesIn } from '../draft.ts'
import { collectNotes, type Notes } from '../note.ts'
import { openPartNames } from '../part-names.ts'
import { remarked } from '../remarks.ts'
import { openSecretBook } from '../secret-book.ts'
import { openSection, type Section } from '../section.ts'
import type { SourceFiles } from '../source-files.ts'
import type { Wiring } from '../wiring/wire.ts'
import { wireAll } from '../wiring/wire-all.ts'
import { readFrames } from './frames.ts'
import { loadCompose } from './load.ts'
import { type ComposeOrigin, originOf } from './origin.ts'
import { postgresPart } from './postgres-part.ts'
import { redisPart } from './redis-part.ts'
import { chooseRoutes } from './routes.ts'
import { environmentName, servicePart } from './service-part.ts'
import { settleGateway, settleParts } from './settle.ts'
import { readTopSecrets } from './top-secrets.ts'
import { uncarriedNetworkKeys, uncarriedTopKeys } from './uncarried.ts'
import { noteVariables } from './variables.ts'
import { readVolumes } from './volumes.ts'

/** What a Compose application becomes, or why it cannot be read. */
export interface ReadCompose {
  readonly draft?: Draft
  readonly problems: readonly ProblemDetails[]
  /** Folders that its services are built from. */
  readonly folders: readonly string[]
  /** The port of this machine that each resource or service was published on, by its name. */
  readonly published: ReadonlyMap<number, DraftRef>
  /** What is known of the running services behind its parts. */
  readonly origins: readonly ComposeOrigin[]
}

/** Reads a Compose application into a draft; `name` is used where the files give none. */
export function readCompose(files: SourceFiles, paths: readonly string[], name: string): ReadCompose {
  const application = loadCompose(files, paths)
  if (application.problems.length > 0)
    return { problems: application.problems, folders: [], published: new Map(), origins: [] }
  const notes = collectNotes()
  const top = openSection(application.tree, '')
  const names = openPartNames()
  const secrets = openSecretBook()
  const machines = new Map<string, DraftPart>()
  const machine = (host: string): DraftRef => {
    const known = machines.get(host)
    const part: DraftPart = known ?? { kind: 'machine', name: names.take(host), spec: {}, remarks: {}, at: top.at }
    machines.set(host, part)
    return { kind: 'machine', name: part.name }
  }

  const all = readFrames(top.section('services'), { files, lookup: application.lookup, names, machine }, notes)
  const { routes, environment, dropped } = chooseRoutes(all, notes)
  const frames = all.filter((frame) => !dropped.has(frame.key))
  const volumes = readVolumes(top.section('volumes'), frames, names, notes)
  const secretOf = readTopSecrets(top.section('secrets'), secrets, notes)
  const wiring = wireAll(frames, notes)

  const programs = frames.flatMap((frame): DraftPart[] => {
    if (frame.ref.kind === 'redis') return [redisPart(frame, notes)]
    if (frame.ref.kind === 'postgres') return [postgresPart(frame, databasesOf(frame.key, wiring), notes)]
    const wired = wiring.get(frame.key)
    if (!wired) return []
    const context = {
      secrets,
      secretOf,
      wiring: wired,
      sharedVolume: volumes.shared,
      routes: routes.get(frame.key) ?? [],
    }
    return [servicePart(frame, context, notes)]
  })
  const written = top.text('name')
  closeTop(top, notes)
  noteVariables(application, paths, notes)

  const used = new Set(referencesIn(programs.map((part) => part.spec)).map((reference) => reference.name))
  const kept = secrets.parts().filter((secret) => used.has(secret.name))
  for (const secret of secrets.parts())
    if (!used.has(secret.name))
      notes.needless(secret.at, `secrets.${secret.name}`, 'no service that is carried over uses it')
  const parts = settleParts([...programs, ...volumes.parts, ...kept, ...machines.values()], notes)
  const profiles = parts.flatMap((part) => Object.keys((part.spec.on as object | undefined) ?? {}))
  const said = notes.all.filter((note) => ![...dropped].some((key) => note.path.startsWith(`services.${key}.`)))
  return {
    problems: [],
    folders: frames.flatMap((frame) => frame.build?.context ?? []),
    published: new Map(frames.flatMap((frame) => frame.publishedPorts.map((port) => [port, frame.ref] as const))),
    origins: frames.map(originOf),
    draft: accepted({
      name: openPartNames().take(written ?? name),
      parts: remarked(parts, said, frames),
      environments: environmentsOf(settleGateway(environment, parts, notes), profiles),
      notes: said,
      sources: application.files,
    }),
  }
}

/** Names of the databases that the addresses of others speak of. */
function databasesOf(key: string, wiring: ReadonlyMap<string, Wiring>): readonly string[] {
  return [
    ...new Set(
      [...wiring.values()].flatMap(({ databases }) => databases.flatMap(([on, name]) => (on === key ? [name] : []))),
    ),
  ]
}

function environmentsOf(
  development: Readonly<Record<string, unknown>>,
  profiles: readonly string[],
): Draft['environments'] {
  const others = [...new Set(profiles.map(environmentName))]
  if (others.length === 0 && Object.keys(development).length === 0) return {}
  return Object.fromEntries([['development', development], ...others.map((profile) => [profile, development] as const)])
}

function closeTop(top: Section, notes: Notes): void {
  const networks = top.section('networks')
  for (const name of networks?.keys ?? []) networks?.section(name)?.close(notes, uncarriedNetworkKeys)
  if (networks?.keys.some((name) => name !== 'default'))
    notes.changed(
      networks.at,
      'networks',
      'services do not share networks: a service reaches what it needs, and nothing else',
      'Add a need where a call is refused.',
    )
  const configs = top.section('configs')
  for (const name of configs?.keys ?? []) {
    const config = configs?.section(name)
    for (const key of ['file', 'content', 'environment', 'external', 'name', 'labels', 'template_driver'])
      config?.take(key)
    config?.close(notes)
  }
  for (const key of ['services', 'name', 'volumes', 'secrets', 'include']) top.take(key)
  top.close(notes, uncarriedTopKeys)
}
