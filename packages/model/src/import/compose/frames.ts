import type { DraftRef } from '../draft.ts'
import { readFolder } from '../folder-facts.ts'
import { knownImage } from '../image.ts'
import type { Notes } from '../note.ts'
import type { PartNames } from '../part-names.ts'
import type { Section } from '../section.ts'
import type { SourceFiles } from '../source-files.ts'
import { addressesIn } from '../wiring/address.ts'
import { textOf } from '../yaml/tree.ts'
import { readBuild } from './build.ts'
import { readDependencies } from './depends-on.ts'
import { labelPairs, readDeployment } from './deploy.ts'
import { readEnvironment } from './environment.ts'
import type { ServedFrame, ServiceFrame } from './frame.ts'
import { readHealthcheck } from './health.ts'
import { readLabels } from './labels.ts'
import { readMounts } from './mounts.ts'
import { readPort } from './port.ts'
import { readServicePorts } from './service-ports.ts'
import { noteShapes } from './shapes.ts'

interface FrameContext {
  readonly files: SourceFiles
  readonly lookup: (name: string) => string | undefined
  readonly names: PartNames
  readonly machine: (name: string) => DraftRef
}

/** Reads all services of a Compose file, first each for itself, then with what the others say of its port. */
export function readFrames(services: Section | undefined, context: FrameContext, notes: Notes): readonly ServedFrame[] {
  if (!services) return []
  const completed = new Set(services.keys.flatMap((key) => completedOf(services, key)))
  const frames = services.keys.flatMap((key) => {
    const section = services.section(key)
    if (!section) {
      notes.lost(
        services.placeOf(key),
        `services.${key}`,
        'it says nothing of the service',
        'Write `image` or `build`.',
      )
      return []
    }
    return [readFrame(key, section, completed.has(key), context, notes)]
  })
  return frames.map((frame) => {
    const called = calledPort(frame, frames)
    const health =
      frame.health === 'none'
        ? undefined
        : (frame.health ?? (frame.facts?.dockerfile?.health === 'none' ? undefined : frame.facts?.dockerfile?.health))
    const isProgram = frame.ref.kind === 'service'
    const ports = isProgram
      ? readServicePorts(
          frame.section,
          {
            image: frame.build ? undefined : frame.image,
            facts: frame.facts,
            health,
            env: frame.env,
            labelled: frame.labels.port ?? virtualPort(frame),
            called,
          },
          notes,
        )
      : { extra: {} }
    if (isProgram && ports.guess)
      notes.guessed(
        ports.guess.at,
        `services.${frame.key}.port`,
        `the file names no port of ${frame.key}; ${ports.port} was written because ${ports.guess.why}`,
        'Correct `port`.',
      )
    return { ...frame, ports }
  })
}

function completedOf(services: Section, key: string): string[] {
  const depends = services.section(key)?.take('depends_on')
  if (depends?.kind !== 'mapping') return []
  return [...depends.entries].flatMap(([on, value]) =>
    value.kind === 'mapping' && textOf(value.entries.get('condition')) === 'service_completed_successfully' ? [on] : [],
  )
}

function readFrame(
  key: string,
  section: Section,
  isJob: boolean,
  { files, lookup, names, machine }: FrameContext,
  notes: Notes,
): ServiceFrame {
  noteShapes(section, notes)
  const image = section.text('image')
  const build = readBuild(section, files, lookup, notes)
  const facts =
    build && readFolder(files, build.context, { dockerfile: build.dockerfile, target: build.target, args: build.args })
  const resource = build || image === undefined ? undefined : knownImage(image)?.resource
  const name = names.take(key, 'service')
  if (name !== key)
    notes.changed(
      section.at,
      section.path,
      `it is called ${name}, because names become host names`,
      'Use the address that the need injects.',
    )
  if (!build && image === undefined && !section.has('provider'))
    notes.lost(section.at, section.path, 'it has neither an image nor a build', 'Write `image`, `build` or `run`.')
  const env = readEnvironment(section, files, lookup, notes)
  const isProgram = resource === undefined
  const deployment = isProgram ? readDeployment(section, machine, notes) : { spec: {}, labels: [], restart: undefined }
  const labels = new Map([...labelPairs(section.take('labels')), ...deployment.labels])
  return {
    key,
    ref: { kind: resource ?? (isJob ? 'job' : 'service'), name },
    section,
    at: section.at,
    paths: { env: `${section.path}.environment`, dependencies: `${section.path}.depends_on` },
    image,
    build,
    facts,
    env,
    health: isProgram && !isJob ? readHealthcheck(section, notes) : undefined,
    dependencies: isProgram ? readDependencies(section, notes) : [],
    mounts: readMounts(section, notes),
    labels: isProgram ? readLabels(labels, section.placeOf('labels'), `${section.path}.labels`, notes) : { routes: [] },
    deployment,
    hosts: hostsOf(key, section),
    publishedPorts: section
      .items('ports')
      .flatMap((entry) =>
        (readPort(entry) ?? []).flatMap((port) => (port.isPublished ? [port.published ?? port.target] : [])),
      ),
  }
}

/** The port that nginx-proxy is told to send to. */
function virtualPort({ env }: ServiceFrame): number | undefined {
  const value = env.find((variable) => variable.name === 'VIRTUAL_PORT')?.value
  return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : undefined
}

/** Names under which Compose lets others find a service. */
function hostsOf(key: string, section: Section): readonly string[] {
  const networks = section.take('networks')
  const aliases =
    networks?.kind === 'mapping'
      ? [...networks.entries.values()].flatMap((network) => {
          const list = network.kind === 'mapping' ? network.entries.get('aliases') : undefined
          return list?.kind === 'list' ? list.items.flatMap((item) => textOf(item) ?? []) : []
        })
      : []
  const own = [section.peek('container_name'), section.peek('hostname')].flatMap((name) => name ?? [])
  return [...new Set([key, ...own, ...aliases])]
}

/** The port at which the others call a service, where they agree on one. */
function calledPort(frame: ServiceFrame, frames: readonly ServiceFrame[]): number | undefined {
  const calls = frames
    .filter((other) => other !== frame)
    .flatMap((other) =>
      other.env.flatMap((variable) =>
        addressesIn(variable.name, variable.value ?? '', (host) => frame.hosts.includes(host)),
      ),
    )
    .flatMap((address) => address.port ?? (address.scheme === 'http' ? 80 : []))
  return new Set(calls).size === 1 ? calls[0] : undefined
}
