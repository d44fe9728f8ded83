import { fleet } from '../../author/fleet.ts'
import * as author from '../../author/parts.ts'
import type { FleetDocument } from '../../document.ts'
import { type Draft, type DraftPart, type DraftRef, isDraftRef } from '../draft.ts'

const makers = { ...author, fleet } as unknown as Readonly<Record<string, (...given: unknown[]) => unknown>>

/** The fleet that a draft means, made with the same functions that a config calls. */
export function fleetOfDraft(draft: Draft): FleetDocument {
  const made = new Map<string, unknown>()
  const make = (part: DraftPart): unknown => {
    const key = `${part.kind} ${part.name}`
    const known = made.get(key)
    if (known) return known
    const spec = Object.fromEntries(Object.entries(part.spec).map(([field, value]) => [field, resolved(value)]))
    const part_ = makers[part.kind]?.(part.name, spec)
    made.set(key, part_)
    return part_
  }
  const resolved = (value: unknown): unknown => {
    if (isDraftRef(value)) return make(partOf(draft, value))
    if (Array.isArray(value)) return value.map(resolved)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]))
    return value
  }
  const lists = Object.fromEntries(
    Object.entries({
      service: 'services',
      job: 'jobs',
      postgres: 'postgres',
      redis: 'redis',
      volume: 'volumes',
      machine: 'machines',
      secret: 'secrets',
      external: 'externals',
    })
      .map(([kind, key]) => [key, draft.parts.filter((part) => part.kind === kind).map(make)] as const)
      .filter(([, parts]) => parts.length > 0),
  )
  const environments = Object.entries(draft.environments).map(([name, spec]) => makers.environment?.(name, spec))
  return fleet(draft.name, { ...lists, ...(environments.length > 0 && { environments }) } as never)
}

function partOf(draft: Draft, ref: DraftRef): DraftPart {
  const part = draft.parts.find((candidate) => candidate.kind === ref.kind && candidate.name === ref.name)
  if (!part) throw new Error(`the draft speaks of ${ref.kind} ${ref.name}, which it does not have`)
  return part
}

/** Evaluates the text of a config without a file. */
export function evaluateConfig(text: string): FleetDocument {
  const names = Object.keys(makers)
  const body = text.replace(/^import .*$/m, '').replace(/^export default /m, 'return ')
  return new Function(...names, body)(...names.map((name) => makers[name])) as FleetDocument
}
