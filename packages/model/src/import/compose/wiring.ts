import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { type Address, addressesIn } from './address.ts'
import type { EnvVariable } from './environment.ts'
import type { ServedFrame } from './frame.ts'

/** A need as it will be written. */
export interface DraftNeed {
  readonly on: DraftRef
  readonly as?: string
  readonly optional?: true
  readonly mount?: string
  readonly readOnly?: true
}

/** What the variables and dependencies of a service come to. */
export interface Wiring {
  readonly needs: readonly DraftNeed[]
  /** Variables that the needs inject in place of the written ones. */
  readonly replaced: ReadonlySet<string>
  /** Names of the databases that addresses speak of, by key of the PostgreSQL service. */
  readonly databases: readonly (readonly [key: string, name: string])[]
}

/** What is known of all services while one is wired. */
export interface WiringWorld {
  /** The service that a host name means. */
  frameOf(host: string): ServedFrame | undefined
  frame(key: string): ServedFrame | undefined
  /** Whether a need of `from` on `on` would close a circle. */
  wouldCircle(from: string, on: string): boolean
}

const partNames = [
  'HOST',
  'HOSTNAME',
  'SERVER',
  'PORT',
  'USER',
  'USERNAME',
  'PASSWORD',
  'PASS',
  'PASSWD',
  'NAME',
  'DATABASE',
  'DB',
  'DBNAME',
  'URL',
]

/** Turns `depends_on` and the addresses in variables into needs. */
export function wire(frame: ServedFrame, world: WiringWorld, notes: Notes): Wiring {
  const needs = new Map<string, DraftNeed>()
  const replaced = new Set<string>()
  const databases: (readonly [string, string])[] = []
  const told = new Set<string>()
  /** Prefixes that variables have given to needs; the first one stays. */
  const named = new Map<string, string>()
  const path = frame.section.path

  for (const dependency of frame.dependencies) {
    const target = world.frame(dependency.on)
    if (!target || target === frame) continue
    needs.set(target.key, { on: target.ref, ...(!dependency.required && { optional: true }) })
  }
  for (const variable of frame.env) {
    for (const address of addressesIn(
      variable.name,
      variable.value ?? '',
      (host) => world.frameOf(host) !== undefined,
    )) {
      const target = world.frameOf(address.host)
      if (target && target !== frame && target.ref.kind !== 'job') wireAddress(variable, address, target)
    }
  }
  for (const need of needs.keys()) {
    const target = world.frame(need)
    const injected = variableOf(needs.get(need), target)
    if (!target || told.has(need) || !injected || frame.env.some((variable) => variable.name === injected)) continue
    const at = frame.dependencies.find((dependency) => dependency.on === need)?.at ?? frame.at
    notes.changed(
      at,
      `${path}.depends_on`,
      `${frame.key} finds ${need} by its host name, which only Kubernetes knows`,
      `Read the address from ${injected}.`,
    )
  }
  return { needs: [...needs.values()], replaced, databases }

  function wireAddress(variable: EnvVariable, address: Address, target: ServedFrame): void {
    if (!needs.has(target.key) && world.wouldCircle(frame.key, target.key)) {
      notes.changed(
        variable.at,
        `${path}.environment.${variable.name}`,
        `${variable.name} speaks of ${target.key}, which itself needs ${frame.key}; services cannot need each other`,
        'Reach it through the gateway, or put a queue between.',
      )
      return
    }
    const need = needs.get(target.key) ?? { on: target.ref }
    needs.set(target.key, need)
    const isResource = target.ref.kind === 'postgres' || target.ref.kind === 'redis'
    const prefix = /^(?<prefix>[A-Z][A-Z0-9_]*)_(URL|URI|DSN|CONNECTION_STRING)$/.exec(variable.name)?.groups?.prefix
    const isUrl = variable.name === `${prefix}_URL`
    if (isResource) {
      const name = /^\/([^?/]+)/.exec(address.rest)?.[1]
      if (target.ref.kind === 'postgres' && name) databases.push([target.key, name])
      wireResource(variable, address, target, need, prefix, isUrl)
    } else if (isUrl && prefix && canInject(address, target) && free(target, prefix)) {
      rename(target, need, prefix)
      replaced.add(variable.name)
    } else {
      told.add(target.key)
      const injected = variableOf(needs.get(target.key), target)
      notes.changed(
        variable.at,
        `${path}.environment.${variable.name}`,
        `${variable.name} holds the host name ${address.host}, which only Kubernetes knows`,
        injected ? `On one machine read ${injected} instead.` : `Give ${target.key} a port.`,
      )
    }
  }

  function wireResource(
    variable: EnvVariable,
    address: Address,
    target: ServedFrame,
    need: DraftNeed,
    prefix: string | undefined,
    isUrl: boolean,
  ): void {
    told.add(target.key)
    if (prefix && address.whole && address.scheme) {
      if (!free(target, prefix)) {
        replaced.add(variable.name)
        const injected = `${named.get(target.key)}_URL`
        notes.lost(
          variable.at,
          `${path}.environment.${variable.name}`,
          `the address of ${target.key} is injected once, as ${injected}`,
          `Read ${injected} in place of ${variable.name}.`,
        )
        return
      }
      rename(target, need, prefix)
      replaced.add(variable.name)
      if (!isUrl)
        notes.lost(
          variable.at,
          `${path}.environment.${variable.name}`,
          `the address of ${target.key} is injected as ${prefix}_URL`,
          `Read ${prefix}_URL in place of ${variable.name}.`,
        )
      else if (/\+/.test(address.scheme))
        notes.changed(
          variable.at,
          `${path}.environment.${variable.name}`,
          `${variable.name} begins with postgres://, without the driver ${address.scheme.split('+')[1]}`,
          'Add the driver where the address is read.',
        )
      return
    }
    const group = frame.env.filter((other) => isPartOf(other.name, variable.name))
    const groupPrefix = /^(.*?)_?(HOST|HOSTNAME|SERVER)$/.exec(variable.name)?.[1]
    for (const other of group) replaced.add(other.name)
    replaced.add(variable.name)
    if (groupPrefix && !named.has(target.key) && /^[A-Z][A-Z0-9_]*$/.test(groupPrefix))
      rename(target, need, groupPrefix)
    const injected = variableOf(needs.get(target.key), target)
    notes.lost(
      variable.at,
      `${path}.environment.${variable.name}`,
      `${[variable, ...group].map((one) => one.name).join(', ')} name ${target.key} by its Compose address and password`,
      `Read the whole address from ${injected ?? 'the injected variable'}.`,
    )
  }

  function free(target: ServedFrame, prefix: string): boolean {
    return (named.get(target.key) ?? prefix) === prefix
  }

  function rename(target: ServedFrame, need: DraftNeed, prefix: string): void {
    const { as: _before, ...rest } = need
    named.set(target.key, prefix)
    needs.set(target.key, prefix === defaultPrefix(target.ref.name) ? rest : { ...rest, as: prefix })
  }
}

function canInject(address: Address, target: ServedFrame): boolean {
  if (!address.whole || !/^\/?$/.test(address.rest)) return false
  const { port, protocol } = target.ports
  if (port === undefined || (address.port ?? (address.scheme === 'https' ? 443 : 80)) !== port) return false
  return protocol === 'tcp' ? address.scheme === 'tcp' : address.scheme === 'http' || address.scheme === undefined
}

/** Whether a variable is a sibling of `DB_HOST`: `DB_PORT`, `DB_USER`, `PGPASSWORD`... */
function isPartOf(name: string, host: string): boolean {
  const match = /^(?<prefix>.*?)(?<joint>_?)(HOST|HOSTNAME|SERVER)$/.exec(host)
  if (!match?.groups || name === host) return false
  const { prefix = '', joint = '' } = match.groups
  return prefix !== '' && partNames.some((part) => name === `${prefix}${joint}${part}`)
}

/** The variable that a need injects; undefined when it injects none. */
function variableOf(need: DraftNeed | undefined, target: ServedFrame | undefined): string | undefined {
  if (!need || !target || target.ref.kind === 'job') return undefined
  if (target.ref.kind === 'service' && target.ports.port === undefined) return undefined
  return `${need.as ?? defaultPrefix(target.ref.name)}_URL`
}

function defaultPrefix(name: string): string {
  return name
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, '_')
}
