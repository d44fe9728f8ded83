import { statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import type { Fleet } from '@seaworthy/model'
import { formatMemory } from '../supervisor/describe.ts'
import { findContainerRuntime } from './launch/container.ts'
import { findUser } from './launch/run-as.ts'
import { systemLimits } from './limits/cgroup.ts'
import { findExecutable } from './process/command.ts'
import { findPostgres } from './resources/postgres-binaries.ts'

/** One thing that a fleet may want of this machine. */
export interface Finding {
  readonly what: string
  /** `missing` is wanted by the fleet (or by every fleet); `absent` is not. */
  readonly state: 'ok' | 'absent' | 'missing'
  /** What was found, in one sentence. */
  readonly found: string
  /** How to get it. */
  readonly hint?: string
}

/** What this machine has of what a fleet wants; of what any fleet might want when none is given. */
export function diagnose(
  fleet: Fleet | undefined,
  stateDir: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): readonly Finding[] {
  const path = env.PATH ?? ''
  return [
    nodeFinding(),
    capacityFinding(fleet),
    diskFinding(stateDir),
    ...limitFindings(),
    privilegeFinding(path),
    postgresFinding(fleet, path),
    redisFinding(fleet, path),
    containerFinding(fleet, path),
    ...secretFindings(fleet, env),
    ...commandFindings(fleet, path),
  ]
}

function nodeFinding(): Finding {
  const major = Number(process.versions.node.split('.')[0])
  const found = `Node ${process.versions.node}`
  return major >= 24
    ? { what: 'Node', state: 'ok', found }
    : { what: 'Node', state: 'missing', found, hint: 'Install Node 24 or newer.' }
}

function capacityFinding(fleet: Fleet | undefined): Finding {
  const cores = availableParallelism()
  const memory = totalmem()
  const there = `${cores} cores, ${formatMemory(memory)}`
  if (!fleet) return { what: 'capacity', state: 'ok', found: there }
  const specs = Object.values(fleet.services).map((spec) => ({ ...spec, count: spec.scale?.min ?? spec.replicas ?? 1 }))
  const wantedMemory = specs.reduce((sum, { memory: each, count }) => sum + each * count, 0)
  const wantedCores = specs.reduce((sum, { cpu, count }) => sum + cpu * count, 0)
  const found = `${there}; the fleet's limits add up to ${Number(wantedCores.toFixed(2))} cores, ${formatMemory(wantedMemory)}`
  if (wantedMemory <= memory) return { what: 'capacity', state: 'ok', found }
  return {
    what: 'capacity',
    state: 'absent',
    found,
    hint: 'Should all replicas reach their limits, memory runs out: lower `memory` or `replicas`.',
  }
}

function diskFinding(stateDir: string): Finding {
  try {
    const { bavail, bsize, blocks } = statfsSync(stateDir)
    const free = bavail * bsize
    const found = `${formatMemory(free)} free of ${formatMemory(blocks * bsize)}`
    if (free > 2 ** 30) return { what: 'disk', state: 'ok', found }
    return { what: 'disk', state: 'missing', found, hint: 'Databases and logs need room: free some.' }
  } catch {
    return { what: 'disk', state: 'absent', found: `${stateDir} cannot be looked at` }
  }
}

function limitFindings(): readonly Finding[] {
  const { limitations } = systemLimits('seaworthy-doctor')
  if (limitations.length === 0)
    return [
      { what: 'limits', state: 'ok', found: 'CPU, memory and processes of each replica are bounded by control groups' },
    ]
  return limitations.map(
    ({ what, why, hint }): Finding => ({ what, state: 'absent', found: `not enforced: ${why}`, hint }),
  )
}

function privilegeFinding(path: string): Finding {
  const what = 'least privilege'
  const root = process.getuid?.() === 0
  const setpriv = process.platform === 'linux' && findExecutable('setpriv', '/', path) !== undefined
  const user = root ? 'services run as another user than root where they can read their files' : 'services run as you'
  if (setpriv) return { what, state: 'ok', found: `${user}, without new privileges` }
  const found = `${user}; new privileges are not forbidden: there is no setpriv`
  return process.platform === 'linux'
    ? { what, state: 'absent', found, hint: 'apt-get install util-linux' }
    : { what, state: 'absent', found }
}

function postgresFinding(fleet: Fleet | undefined, path: string): Finding {
  const what = 'PostgreSQL'
  const resources = Object.values(fleet?.postgres ?? {}).filter(({ url }) => url === undefined)
  try {
    const user = process.getuid?.() === 0 ? (findUser('postgres') ?? findUser('nobody')) : undefined
    const { version, origin } = findPostgres(resources.find((each) => each.version !== undefined)?.version, user, path)
    return { what, state: 'ok', found: `version ${version} (${origin})` }
  } catch (error) {
    const { message, hint } = error as { readonly message: string; readonly hint?: string }
    return {
      what,
      state: resources.length > 0 ? 'missing' : 'absent',
      found: message,
      ...(hint !== undefined && { hint }),
    }
  }
}

function redisFinding(fleet: Fleet | undefined, path: string): Finding {
  const file = findExecutable('redis-server', '/', path) ?? findExecutable('valkey-server', '/', path)
  if (file) return { what: 'Redis', state: 'ok', found: file }
  const wanted = Object.values(fleet?.redis ?? {}).some(({ url }) => url === undefined)
  return {
    what: 'Redis',
    state: wanted ? 'missing' : 'absent',
    found: 'neither redis-server nor valkey-server is in PATH',
    hint: '`apt-get install redis-server`, `brew install redis`, or a `url`',
  }
}

function containerFinding(fleet: Fleet | undefined, path: string): Finding {
  const runtime = findContainerRuntime(path)
  if (runtime) return { what: 'containers', state: 'ok', found: runtime }
  const wanted = Object.values(fleet?.services ?? {}).some(({ run, image }) => run === undefined && image !== undefined)
  return {
    what: 'containers',
    state: wanted ? 'missing' : 'absent',
    found: 'neither podman nor docker is in PATH',
    hint: 'only services that have an image and no `run` need one',
  }
}

function secretFindings(
  fleet: Fleet | undefined,
  env: Readonly<Record<string, string | undefined>>,
): readonly Finding[] {
  return Object.values(fleet?.secrets ?? {}).flatMap(({ name, from }): readonly Finding[] => {
    if (!from?.startsWith('env:')) return []
    const variable = from.slice('env:'.length)
    if (env[variable]) return [{ what: `secret ${name}`, state: 'ok', found: `${variable} is set` }]
    return [
      { what: `secret ${name}`, state: 'missing', found: `${variable} is not set`, hint: `export ${variable}=...` },
    ]
  })
}

/** Programs that several services run are looked for once. */
function commandFindings(fleet: Fleet | undefined, path: string): readonly Finding[] {
  const names = new Set<string>()
  for (const { run } of [...Object.values(fleet?.services ?? {}), ...Object.values(fleet?.jobs ?? {})]) {
    const first = typeof run === 'string' ? run.trim().split(/\s+/)[0] : run?.[0]
    if (first !== undefined && !first.includes('/')) names.add(first)
  }
  return [...names].map((name): Finding => {
    const file = findExecutable(name, '/', path)
    if (file) return { what: `command ${name}`, state: 'ok', found: file }
    return {
      what: `command ${name}`,
      state: 'missing',
      found: 'not in PATH',
      hint: `Install ${name}, or name it by its path.`,
    }
  })
}
