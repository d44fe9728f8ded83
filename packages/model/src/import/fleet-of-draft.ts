import { fleet } from '../author/fleet.ts'
import * as author from '../author/parts.ts'
import type { FleetDocument } from '../document.ts'
import { type Draft, type DraftPart, type DraftRef, isDraftRef } from './draft.ts'

type Maker = (name: string, spec: unknown) => unknown

const makers: Readonly<Record<DraftPart['kind'] | 'environment', Maker>> = {
  service: author.service as Maker,
  job: author.job as Maker,
  postgres: author.postgres as Maker,
  redis: author.redis as Maker,
  volume: author.volume as Maker,
  external: author.external as Maker,
  secret: author.secret as Maker,
  machine: author.machine as Maker,
  environment: author.environment as Maker,
}

/** Key of a fleet under which the parts of a kind are listed. */
export const listKeys: Readonly<Record<DraftPart['kind'], string>> = {
  service: 'services',
  job: 'jobs',
  postgres: 'postgres',
  redis: 'redis',
  volume: 'volumes',
  external: 'externals',
  machine: 'machines',
  secret: 'secrets',
}

/** The fleet that a draft means, made with the same functions that a config calls. */
export function fleetOfDraft(draft: Draft): FleetDocument {
  const made = new Map<string, unknown>()
  const make = (part: DraftPart): unknown => {
    const key = `${part.kind} ${part.name}`
    if (!made.has(key)) {
      const spec = Object.fromEntries(Object.entries(part.spec).map(([field, value]) => [field, resolved(value)]))
      made.set(key, makers[part.kind](part.name, spec))
    }
    return made.get(key)
  }
  const resolved = (value: unknown): unknown => {
    if (isDraftRef(value)) return make(partOf(draft, value))
    if (Array.isArray(value)) return value.map(resolved)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]))
    return value
  }
  const lists = Object.fromEntries(
    Object.entries(listKeys)
      .map(([kind, key]) => [key, draft.parts.filter((part) => part.kind === kind).map(make)] as const)
      .filter(([, parts]) => parts.length > 0),
  )
  const environments = Object.entries(draft.environments).map(([name, spec]) => makers.environment(name, spec))
  return fleet(draft.name, { ...lists, ...(environments.length > 0 && { environments }) } as never)
}

function partOf(draft: Draft, ref: DraftRef): DraftPart {
  const part = draft.parts.find((candidate) => candidate.kind === ref.kind && candidate.name === ref.name)
  if (!part) throw new Error(`the draft speaks of ${ref.kind} ${ref.name}, which it does not have`)
  return part
}
