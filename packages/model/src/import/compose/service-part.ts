import type { DraftPart, DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { isSecret, isSecretName } from '../secrecy.ts'
import type { SecretBook } from '../secret-book.ts'
import { openSection } from '../section.ts'
import { isVariableName } from '../variable-name.ts'
import type { DraftNeed, Wiring } from '../wiring/wire.ts'
import { textOf } from '../yaml/tree.ts'
import type { ServedFrame } from './frame.ts'
import { sortMounts } from './mounts.ts'
import { readUser } from './privileges.ts'
import { readRun } from './run.ts'
import { readStop } from './stop.ts'
import { developNote, fileMountInstead, uncarriedServiceKeys, uncarriedServiceNetworkKeys } from './uncarried.ts'

/** What a service is written with besides its own frame. */
export interface PartContext {
  readonly secrets: SecretBook
  readonly secretOf: (name: string) => DraftRef | undefined
  readonly wiring: Wiring
  readonly sharedVolume: (name: string) => DraftRef | undefined
  /** Ways in that the labels or a published port ask for. */
  readonly routes: readonly unknown[]
}

/** A Compose service as a `service(...)` or `job(...)`. */
export function servicePart(frame: ServedFrame, context: PartContext, notes: Notes): DraftPart {
  const { section } = frame
  const isJob = frame.ref.kind === 'job'
  const spec: Record<string, unknown> = {}
  if (frame.build) {
    const { args, ...build } = frame.build
    const plain = Object.keys(args).length === 0 && build.dockerfile === undefined && build.target === undefined
    spec.build = plain ? build.context : { ...build, ...(Object.keys(args).length > 0 && { args }) }
    if (frame.image)
      notes.needless(section.placeOf('image'), `${section.path}.image`, 'it only names what the build makes')
  } else if (frame.image) spec.image = frame.image
  const run = readRun(section, frame.build ? undefined : frame.image, frame.facts, notes)
  if (run) spec.run = run.run
  const user = readUser(section, frame.build ? frame.facts?.dockerfile : undefined, notes)
  if (user !== undefined) spec.user = user
  if (section.has('working_dir'))
    notes[frame.build ? 'needless' : 'lost'](
      section.placeOf('working_dir'),
      `${section.path}.working_dir`,
      frame.build
        ? 'a built service runs in its folder'
        : 'the working directory inside the image is that of the image',
      'Begin `run` with `sh -c "cd ... && exec ..."`.',
    )
  section.take('working_dir')

  if (!isJob) writePorts(frame, spec)
  if (!isJob) writeHealth(frame, spec, notes)
  if (context.routes.length > 0) spec.routes = context.routes
  const disks = sortMounts(
    frame.mounts,
    section.path,
    { shared: context.sharedVolume, buildContext: frame.build?.context, workdir: frame.facts?.dockerfile?.workdir },
    notes,
  )
  const needs: DraftNeed[] = [...context.wiring.needs, ...disks.needs]
  if (needs.length > 0) spec.needs = needs.map(shortNeed)
  const env = writeEnv(frame, context, notes)
  if (Object.keys(env).length > 0) spec.env = env
  Object.assign(spec, frame.deployment.spec)
  if (Object.keys(disks.storage).length > 0) spec.storage = disks.storage
  if (frame.labels.affinity) spec.affinity = frame.labels.affinity
  if (frame.labels.rateLimit) spec.protect = { rateLimit: frame.labels.rateLimit }
  const stop = readStop(section, frame.facts?.dockerfile?.stopSignal, notes)
  if (stop !== undefined && !isJob) spec.stop = stop
  if (isJob) for (const key of ['replicas', 'rollout']) delete spec[key]
  writeProfiles(frame, spec, notes)
  noteRestart(frame, notes)
  readNetworks(frame, notes)
  readConfigs(frame, notes)
  closeService(frame, notes)
  return { kind: isJob ? 'job' : 'service', name: frame.ref.name, spec, remarks: {}, at: frame.at }
}

function shortNeed(need: DraftNeed): unknown {
  return Object.keys(need).length === 1 ? need.on : need
}

function writePorts({ ports }: ServedFrame, spec: Record<string, unknown>): void {
  if (ports.port === undefined) return
  spec.port = ports.port
  if (ports.protocol !== 'http') spec.protocol = ports.protocol
  if (Object.keys(ports.extra).length > 0) spec.ports = ports.extra
  if (ports.hostPort !== undefined) spec.hostPort = ports.hostPort
}

function writeHealth(frame: ServedFrame, spec: Record<string, unknown>, notes: Notes): void {
  const { health, ports, section } = frame
  const own = health ?? frame.facts?.dockerfile?.health
  if (health === 'none' && frame.facts?.dockerfile?.health)
    notes.needless(
      section.placeOf('healthcheck'),
      `${section.path}.healthcheck`,
      'the check of the Dockerfile is switched off and left out',
    )
  if (!own || own === 'none') return
  const otherPort = own.port !== undefined && own.port !== ports.port
  const rewrite = (probe: Readonly<Record<string, unknown>>): unknown => {
    if (otherPort) {
      const { http: _http, ...timings } = probe
      return { exec: own.words, ...timings }
    }
    const [only, ...rest] = Object.keys(probe)
    return only === 'http' && rest.length === 0 ? probe.http : probe
  }
  const ready = rewrite(own.ready)
  const startup = own.startup && rewrite(own.startup)
  spec.health = startup ? { ready, startup } : typeof ready === 'string' ? ready : { ready }
}

/** Variables as the catalog takes them: secrets by reference, addresses left to the needs, PORT left to Seaworthy. */
function writeEnv(frame: ServedFrame, context: PartContext, notes: Notes): Record<string, unknown> {
  const env: Record<string, unknown> = {}
  const path = `${frame.section.path}.environment`
  const files = mountedSecrets(frame, context, notes)
  for (const { name, value, at, variables } of frame.env) {
    const where = `${path}.${name}`
    const mounted = [...files.values()].find((file) => file.path === value)
    if (context.wiring.replaced.has(name)) continue
    if (mounted) {
      const base = name.replace(/_FILE$/, '')
      env[base] = { secret: mounted.secret, as: 'file' }
      files.delete(mounted.name)
      if (base === name)
        notes.lost(
          at,
          where,
          `the secret ${mounted.name} does not lie at ${mounted.path}`,
          `Its path stands in ${name}_FILE.`,
        )
    } else if (name === 'PORT' && value === String(frame.ports.port))
      notes.needless(at, where, 'each replica is given its own PORT')
    else if (/^(VIRTUAL|LETSENCRYPT)_[A-Z_]+$/.test(name))
      notes.needless(at, where, 'it is for a reverse proxy; the gateway does its work')
    else if (!isVariableName(name)) notes.lost(at, where, `${name} is no name of a variable`, 'Rename it.')
    else if (value === undefined && !isSecretName(name))
      notes.changed(
        at,
        where,
        `${name} is passed through from the shell and not set here`,
        'Write its value under `env` where the service needs it.',
      )
    else if (value === undefined || isSecret(name, value, variables)) {
      const [source] = variables
      const secret = context.secrets.use({
        variable: name,
        source: variables.length === 1 && wholeVariable(value, variables) ? source : undefined,
        value,
        service: frame.ref.name,
        at,
      })
      env[name] = secret
      noteSecret(name, value, variables, at, where, notes)
    } else env[name] = plainValue(value)
  }
  for (const file of files.values()) {
    env[variableName(file.name)] = { secret: file.secret, as: 'file' }
    notes.changed(
      file.at,
      `${frame.section.path}.secrets`,
      `the secret ${file.name} does not lie at ${file.path}`,
      `Its path stands in ${variableName(file.name)}_FILE.`,
    )
  }
  return env
}

/** Whether a value is one variable and nothing else: it is then that variable which holds the secret. */
function wholeVariable(_value: string | undefined, variables: readonly string[]): boolean {
  return variables.length === 1
}

function noteSecret(
  name: string,
  value: string | undefined,
  variables: readonly string[],
  at: ServedFrame['at'],
  where: string,
  notes: Notes,
): void {
  const from = variables[0] ?? name
  if (variables.length > 0 || value === undefined)
    notes.changed(
      at,
      where,
      `${name} looks like a secret: it is read when the service starts, and its value was not copied`,
      `Set ${from} in the environment of \`seaworthy up\`, or keep it in a vault.`,
    )
  else
    notes.changed(
      at,
      where,
      `${name} looks like a secret and stands in clear; its value was not copied`,
      `Set ${from} in the environment of \`seaworthy up\`, and change the value: it is in the repository.`,
    )
}

function mountedSecrets(frame: ServedFrame, context: PartContext, notes: Notes) {
  const found = new Map<string, { name: string; path: string; secret: DraftRef; at: ServedFrame['at'] }>()
  for (const item of frame.section.items('secrets')) {
    const section = item.kind === 'mapping' ? openSection(item, `${frame.section.path}.secrets`) : undefined
    const source = section ? (section.text('source') ?? '') : (textOf(item) ?? '')
    const target = section?.text('target') ?? source
    section?.close(
      notes,
      Object.fromEntries(
        ['uid', 'gid', 'mode'].map((key) => [
          key,
          { kind: 'needless', what: 'the file can be read by its service alone' },
        ]),
      ),
    )
    const secret = context.secretOf(source)
    const path = target.startsWith('/') ? target : `/run/secrets/${target}`
    if (secret) found.set(source, { name: source, path, secret, at: item.at })
    else
      notes.lost(
        item.at,
        `${frame.section.path}.secrets`,
        `the secret ${source} is not declared`,
        'Declare it under `secrets`.',
      )
  }
  return found
}

function variableName(secret: string): string {
  return secret
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_')
}

/** A number or a truth value where the text is exactly that. */
function plainValue(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  return /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value
}

function writeProfiles(frame: ServedFrame, spec: Record<string, unknown>, notes: Notes): void {
  const profiles = frame.section.items('profiles').flatMap((item) => textOf(item) ?? [])
  if (profiles.length === 0 || frame.ref.kind === 'job') {
    if (profiles.length > 0)
      notes.changed(
        frame.section.placeOf('profiles'),
        `${frame.section.path}.profiles`,
        'a job has no profile: it runs where something waits for it',
        '',
      )
    return
  }
  const replicas = spec.replicas ?? 1
  spec.replicas = 0
  spec.on = Object.fromEntries(profiles.map((profile) => [environmentName(profile), { replicas }]))
  notes.changed(
    frame.section.placeOf('profiles'),
    `${frame.section.path}.profiles`,
    `a profile becomes an environment: ${frame.key} runs in ${profiles.map(environmentName).join(', ')} only`,
    'Start it with `seaworthy up --env NAME`.',
  )
}

/** A profile's name as that of an environment. */
export function environmentName(profile: string): string {
  return (
    profile
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'profile'
  )
}

function noteRestart(frame: ServedFrame, notes: Notes): void {
  const { section } = frame
  const restart = section.text('restart')
  const condition = frame.deployment.restart
  const at = section.placeOf(restart === undefined ? 'deploy' : 'restart')
  const path = `${section.path}.${restart === undefined ? 'deploy.restart_policy.condition' : 'restart'}`
  const policy = restart ?? condition
  if (policy === undefined) return
  if (frame.ref.kind === 'job') notes.needless(at, path, 'a job runs to its end; `attempts` says how often it is tried')
  else if (/^(no|none|false)$/.test(policy))
    notes.changed(at, path, 'a service is started again when it ends', 'If it is done then, make it a `job`.')
  else if (/^on-failure:\d+$/.test(policy))
    notes.changed(
      at,
      path,
      'a service that keeps failing is retried ever more slowly and reported, not given up',
      'Alert on restarts: `alerts`.',
    )
  else notes.needless(at, path, 'a service is always started again when it ends')
}

function readNetworks(frame: ServedFrame, notes: Notes): void {
  const networks = frame.section.take('networks')
  if (networks?.kind !== 'mapping') return
  for (const [name, value] of networks.entries) {
    if (value.kind !== 'mapping') continue
    openSection(value, `${frame.section.path}.networks.${name}`).close(notes, uncarriedServiceNetworkKeys)
  }
}

function readConfigs(frame: ServedFrame, notes: Notes): void {
  for (const item of frame.section.items('configs')) {
    const source = item.kind === 'mapping' ? textOf(item.entries.get('source')) : textOf(item)
    notes.lost(
      item.at,
      `${frame.section.path}.configs`,
      `the file of the config ${source ?? ''} is not mounted`,
      fileMountInstead,
    )
  }
}

function closeService(frame: ServedFrame, notes: Notes): void {
  const { section } = frame
  if (section.has('develop')) notes.needless(section.placeOf('develop'), `${section.path}.develop`, developNote)
  if (frame.ref.kind === 'job' && section.has('healthcheck'))
    notes.needless(section.placeOf('healthcheck'), `${section.path}.healthcheck`, 'a job is judged by how it ends')
  for (const key of ['develop', 'image', 'labels', 'extends']) section.take(key)
  section.close(notes, uncarriedServiceKeys)
}
