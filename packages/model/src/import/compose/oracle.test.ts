import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { splitWords } from '../command-words.ts'
import { collectNotes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { memoryFiles } from '../source-files.ts'
import { composeGo } from '../testing/compose-go/build.ts'
import { textOf } from '../yaml/tree.ts'
import { readEnvironment } from './environment.ts'
import { findComposeFiles, loadCompose } from './load.ts'
import { readMount } from './mount.ts'
import { readPort } from './port.ts'

type Services = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** What compose-go prints of a service, as far as it is compared. */
interface TheirService {
  readonly image?: string
  readonly command?: readonly string[] | null
  readonly entrypoint?: readonly string[] | null
  readonly environment?: Readonly<Record<string, unknown>>
  readonly ports?: readonly { host_ip?: string; published?: string; target: number; protocol: string }[]
  readonly volumes?: readonly { type: string; source?: string; target: string; read_only?: boolean }[]
  readonly depends_on?: Readonly<Record<string, unknown>>
}

/** What both sides understand a service to be, in one form. */
function ours(files: Readonly<Record<string, string>>): Services {
  const sources = memoryFiles(files)
  const application = loadCompose(sources, findComposeFiles(sources))
  expect(application.problems).toEqual([])
  const services = application.tree.entries.get('services')
  if (services?.kind !== 'mapping') throw new Error('no services')
  return Object.fromEntries(
    [...services.entries].map(([name, tree]) => {
      if (tree.kind !== 'mapping') throw new Error(`${name} is no mapping`)
      const section = openSection(tree, name)
      const env = readEnvironment(section, sources, application.lookup, collectNotes())
      return [
        name,
        {
          image: section.text('image') ?? null,
          command: words(section, 'command'),
          entrypoint: words(section, 'entrypoint'),
          environment: sorted(Object.fromEntries(env.map((variable) => [variable.name, variable.value ?? null]))),
          ports: section
            .items('ports')
            .flatMap((item) => readPort(item) ?? [])
            .map((port) => `${port.hostIp ?? ''}:${port.published ?? ''}:${port.target}/${port.protocol}`)
            .sort(),
          volumes: section
            .items('volumes')
            .flatMap((item) => readMount(item) ?? [])
            .map((mount) => `${mount.type} ${path(mount.type, mount.source)} ${mount.target} ${mount.readOnly}`)
            .sort(),
          dependsOn: dependencies(section),
        },
      ]
    }),
  )
}

function theirs(folder: string): Services {
  const { status, stdout, stderr } = spawnSync(composeGo, ['.'], { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const { services } = JSON.parse(stdout) as { services: Record<string, TheirService> }
  return Object.fromEntries(
    Object.entries(services).map(([name, service]) => [
      name,
      {
        image: service.image ?? null,
        command: service.command ?? null,
        entrypoint: service.entrypoint ?? null,
        environment: sorted(service.environment ?? {}),
        ports: (service.ports ?? [])
          .map((port) => `${port.host_ip ?? ''}:${port.published ?? ''}:${port.target}/${port.protocol}`)
          .sort(),
        volumes: (service.volumes ?? [])
          .map((mount) => `${mount.type} ${path(mount.type, mount.source)} ${mount.target} ${mount.read_only ?? false}`)
          .sort(),
        dependsOn: Object.keys(service.depends_on ?? {}).sort(),
      },
    ]),
  )
}

function words(section: Section, key: string): readonly string[] | null {
  const value = section.take(key)
  if (value?.kind === 'list') return value.items.map((item) => textOf(item) ?? '')
  const text = textOf(value)
  return text === undefined ? null : splitWords(text)
}

function dependencies(section: Section): readonly string[] {
  const value = section.take('depends_on')
  const names =
    value?.kind === 'mapping'
      ? [...value.entries.keys()]
      : section.items('depends_on').map((item) => textOf(item) ?? '')
  return names.sort()
}

function path(type: string, source: string | undefined): string {
  return source === undefined || type !== 'bind' ? (source ?? '') : posix.normalize(source)
}

function sorted(record: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const variable = fc.constantFrom('A', 'B', 'EMPTY', 'NOPE', 'T_1')
const dollar = '$'
const template = fc
  .array(
    fc.oneof(
      fc.constantFrom('x', '-', '$$', '/', 'a b', '#', '0'),
      variable.map((name) => `${dollar}${name}`),
      variable.map((name) => `${dollar}{${name}}`),
      fc
        .tuple(
          variable,
          fc.constantFrom(':-', '-', ':+', '+'),
          fc.constantFrom('', 'd', `${dollar}{B}`, '$A', `${dollar}{NOPE:-z}`, 'q-r', ':+'),
        )
        .map(([name, operator, word]) => `${dollar}{${name}${operator}${word}}`),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''))
const names = ['one', 'two', 'three'] as const
const envName = fc.constantFrom('X', 'Y', 'Z', 'W')
const environment = fc.oneof(
  fc.dictionary(
    envName,
    fc.oneof(template, fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(1.5, 1e3, 0.1)),
    { maxKeys: 3 },
  ),
  fc.array(
    fc.tuple(envName, fc.option(template)).map(([name, text]) => (text === null ? name : `${name}=${text}`)),
    { maxLength: 3 },
  ),
)
const port = fc.oneof(
  fc.constantFrom(
    '80',
    '8080:80',
    '127.0.0.1:1:2',
    '3000-3002:4000-4002',
    '53:53/udp',
    '9000-9001',
    '[::1]:6:7',
    '127.0.0.1::5',
    443,
  ),
  fc.record(
    {
      target: fc.constantFrom(80, 443),
      published: fc.constantFrom('8080', 81),
      protocol: fc.constantFrom('tcp', 'udp'),
    },
    { requiredKeys: ['target'] },
  ),
)
const volume = fc.oneof(
  fc.constantFrom('a:/a', './b:/b:ro', '/c:/c', '/d', 'a:/b:z', '../x:/y/'),
  fc.record({
    type: fc.constant('volume'),
    source: fc.constant('a'),
    target: fc.constantFrom('/a', '/b'),
    read_only: fc.boolean(),
  }),
)

function service(before: readonly string[], mayExtend: boolean): fc.Arbitrary<unknown> {
  return fc.record(
    {
      image: template.map((text) => `i:${text}`),
      command: fc.oneof(fc.constantFrom('a "b c" d', 'x'), fc.array(fc.constantFrom('a', 'b c'), { maxLength: 2 })),
      entrypoint: fc.array(fc.constantFrom('e', 'f'), { minLength: 1, maxLength: 2 }),
      environment,
      ports: fc.array(port, { maxLength: 3 }),
      volumes: fc.array(volume, { maxLength: 3 }),
      depends_on: fc.oneof(
        fc.subarray([...before]),
        fc.constant(Object.fromEntries(before.map((name) => [name, { condition: 'service_started' }]))),
      ),
      ...(mayExtend && before.length > 0 && { extends: fc.constantFrom(...before).map((name) => ({ service: name })) }),
    },
    { requiredKeys: ['image'] },
  )
}

const file = (mayExtend: boolean): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(names.map((name, index) => [name, service(names.slice(0, index), mayExtend)])))

describe.skipIf(!existsSync(composeGo))(
  existsSync(composeGo)
    ? 'compose-go, the implementation of the specification'
    : 'skipped: compose-go is not built (node packages/model/src/import/testing/compose-go/build.ts, needs Go)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'seaworthy-oracle-'))
    afterAll(() => rmSync(folder, { recursive: true }))

    it('understands random applications as we do: variables, override, extends, ports, mounts, variables', () => {
      fc.assert(
        fc.property(
          file(true),
          fc.option(file(false)),
          fc.dictionary(variable, fc.constantFrom('1', '', 'v w')),
          (base, over, env) => {
            const files: Record<string, string> = {
              'compose.yaml': JSON.stringify({ services: base, volumes: { a: {} } }),
              '.env': Object.entries(env)
                .map(([name, value]) => `${name}="${value}"\n`)
                .join(''),
              ...(over !== null && { 'compose.override.yaml': JSON.stringify({ services: over }) }),
            }
            rmSync(join(folder, 'compose.override.yaml'), { force: true })
            for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
            expect(ours(files)).toEqual(theirs(folder))
          },
        ),
        { numRuns: Number(process.env.SEAWORTHY_ORACLE_RUNS ?? 60), seed: Number(process.env.SEAWORTHY_SEED ?? 7) },
      )
    })
  },
)
