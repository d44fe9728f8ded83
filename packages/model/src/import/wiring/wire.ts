import type { DraftRef } from '../draft.ts'
import type { Notes } from '../note.ts'
import { type Address, addressesIn } from './address.ts'
import type { EnvVariable, Wireable } from './wireable.ts'

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
  frameOf(host: string): Wireable | undefined
  frame(key: string): Wireable | undefined
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
export function wire(frame: Wireable, world: WiringWorld, notes: Notes): Wiring {
  const needs: { readonly target: Wireable; readonly need: DraftNeed; readonly named: boolean }[] = []
  const replaced = new Set<string>()
  const databases: (readonly [string, string])[] = []
  const told = new Set<string>()
  const { paths } = frame

  for (const dependency of frame.dependencies) {
    const target = world.frame(dependency.on)
    if (!target || target === frame) continue
    if (!hasAddress(target)) {
      notes.changed(
        dependency.at,
        paths.dependencies,
        `${frame.key} does not wait for ${target.key}, which has no port to call it on`,
        `Give ${target.key} a port, or make it a job if it ends.`,
      )
      continue
    }
    needs.push({ target, need: { on: target.ref, ...(!dependency.required && { optional: true }) }, named: false })
  }
  for (const variable of frame.env) {
    const found = addressesIn(variable.name, variable.value ?? '', (host) => world.frameOf(host) !== undefined)
    for (const address of found) {
      const target = world.frameOf(address.host)
      if (target && target !== frame && target.ref.kind !== 'job') wireAddress(variable, address, target)
    }
  }
  for (const { target, need } of needs) {
    const injected = injectedBy(need)
    if (target.ref.kind === 'job' || told.has(target.key) || frame.env.some((one) => one.name === injected)) continue
    notes.changed(
      frame.dependencies.find((dependency) => dependency.on === target.key)?.at ?? frame.at,
      paths.dependencies,
      `${target.key} is found by its host name, which only Kubernetes knows`,
      `Read the address from ${injected}.`,
    )
  }
  return { needs: needs.map(({ need }) => need), replaced, databases }

  function wireAddress(variable: EnvVariable, address: Address, target: Wireable): void {
    const where = `${paths.env}.${variable.name}`
    const isResource = target.ref.kind === 'postgres' || target.ref.kind === 'redis'
    if (!hasAddress(target)) {
      notes.changed(
        variable.at,
        where,
        `${variable.name} holds the host name ${address.host}, which has no port here`,
        `Give ${target.key} a port.`,
      )
      return
    }
    if (!needs.some((one) => one.target === target) && world.wouldCircle(frame.key, target.key)) {
      notes.changed(
        variable.at,
        where,
        `${variable.name} speaks of ${target.key}, which itself needs ${frame.key}; services cannot need each other`,
        'Reach it through the gateway, or put a queue between.',
      )
      return
    }
    const prefix = /^(?<prefix>[A-Z][A-Z0-9_]*)_(URL|URI|DSN|CONNECTION_STRING)$/.exec(variable.name)?.groups?.prefix
    if (/^(VITE|NEXT_PUBLIC|NUXT_PUBLIC|REACT_APP|PUBLIC)_/.test(variable.name)) return
    if (isResource) wireResource(variable, address, target, prefix)
    else if (prefix && variable.name === `${prefix}_URL` && canInject(address, target) && name(target, prefix))
      replaced.add(variable.name)
    else {
      told.add(target.key)
      notes.changed(
        variable.at,
        where,
        `${variable.name} holds the host name ${address.host}, which only Kubernetes knows`,
        `On one machine read ${injectedBy(needOf(target))} instead.`,
      )
    }
  }

  /** The address of a database or a cache: only the injected one holds the right password. */
  function wireResource(variable: EnvVariable, address: Address, target: Wireable, prefix: string | undefined): void {
    const where = `${paths.env}.${variable.name}`
    const database = /^\/([^?/]+)/.exec(address.rest)?.[1]
    told.add(target.key)
    replaced.add(variable.name)
    if (target.ref.kind === 'postgres' && database) databases.push([target.key, database])
    if (target.ref.kind === 'redis' && database && database !== '0')
      notes.changed(
        variable.at,
        where,
        `${variable.name} no longer picks the Redis database ${database}`,
        'Use a key prefix, or a `redis(...)` of its own.',
      )
    if (prefix && address.whole && address.scheme && name(target, prefix)) {
      if (variable.name !== `${prefix}_URL`)
        notes.lost(
          variable.at,
          where,
          `the address of ${target.key} is injected as ${prefix}_URL`,
          `Read ${prefix}_URL in place of ${variable.name}.`,
        )
      else if (address.scheme.includes('+'))
        notes.changed(
          variable.at,
          where,
          `${variable.name} begins with postgres://, without the driver ${address.scheme.split('+')[1]}`,
          'Add the driver where the address is read.',
        )
      return
    }
    const group = frame.env.filter((other) => isPartOf(other.name, variable.name))
    for (const other of group) replaced.add(other.name)
    const groupPrefix = /^(.*?)_?(HOST|HOSTNAME|SERVER)$/.exec(variable.name)?.[1]
    if (groupPrefix && /^[A-Z][A-Z0-9_]*$/.test(groupPrefix)) name(target, groupPrefix)
    const names = [variable, ...group].map((one) => one.name)
    notes.lost(
      variable.at,
      where,
      `${names.join(', ')} ${names.length === 1 ? 'names' : 'name'} ${target.key} by its Compose address and password`,
      `Read the whole address from ${injectedBy(needOf(target))}.`,
    )
  }

  /** The need on a service, made where there is none yet. */
  function needOf(target: Wireable): DraftNeed {
    const known = needs.find((one) => one.target === target)
    if (known) return known.need
    const need = { on: target.ref }
    needs.push({ target, need, named: false })
    return need
  }

  /** Lets a need inject its address as `prefix_URL`; a second name makes a second need. False when it is another's. */
  function name(target: Wireable, prefix: string): boolean {
    const other = needs.find((one) => injectedBy(one.need) === `${prefix}_URL`)
    if (other) {
      if (other.target !== target) return false
      needs[needs.indexOf(other)] = { ...other, named: true }
      return true
    }
    const nameless = needs.find((one) => one.target === target && !one.named)
    const need = prefix === defaultPrefix(target.ref.name) ? {} : { as: prefix }
    if (nameless) needs[needs.indexOf(nameless)] = { target, need: { ...nameless.need, ...need }, named: true }
    else needs.push({ target, need: { on: target.ref, ...need }, named: true })
    return true
  }
}

/** Whether a need on it can inject anything, or wait for its end. */
function hasAddress(target: Wireable): boolean {
  return target.ref.kind !== 'service' || target.ports.port !== undefined
}

/** The variable that a need injects. */
function injectedBy(need: DraftNeed): string {
  return `${need.as ?? defaultPrefix(need.on.name)}_URL`
}

function canInject(address: Address, target: Wireable): boolean {
  if (!address.whole || !/^\/?$/.test(address.rest)) return false
  const { port, protocol, also = [] } = target.ports
  const called = address.port ?? (address.scheme === 'https' ? 443 : 80)
  if (port === undefined || (called !== port && !also.includes(called))) return false
  return protocol === 'tcp' ? address.scheme === 'tcp' : address.scheme === 'http' || address.scheme === undefined
}

/** Whether a variable is a sibling of `DB_HOST`: `DB_PORT`, `DB_USER`, `PGPASSWORD`... */
function isPartOf(name: string, host: string): boolean {
  const match = /^(?<prefix>.*?)(?<joint>_?)(HOST|HOSTNAME|SERVER)$/.exec(host)
  if (!match?.groups || name === host) return false
  const { prefix = '', joint = '' } = match.groups
  return prefix !== '' && partNames.some((part) => name === `${prefix}${joint}${part}`)
}

function defaultPrefix(name: string): string {
  return name
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, '_')
}
