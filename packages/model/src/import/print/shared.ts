import type { DraftPart } from '../draft.ts'

/** Something that at least three services say alike, written once. */
export interface Shared {
  readonly name: string
  /** Field of the services that it stands in. */
  readonly field: string
  /** The whole value, or for `env` the variables that are spread into it. */
  readonly value: unknown
  readonly parts: ReadonlySet<DraftPart>
}

/** Services that must agree before something is written once. */
const least = 3
const fields = ['health', 'needs', 'build', 'rollout', 'stop', 'place', 'protect', 'storage']

/** Finds what is worth writing once: variables that come in company, and large values that are the same. */
export function findShared(parts: readonly DraftPart[]): readonly Shared[] {
  const programs = parts.filter((part) => part.kind === 'service' || part.kind === 'job')
  return [...sharedVariables(programs), ...fields.flatMap((field) => sharedValues(programs, field))]
}

function sharedVariables(parts: readonly DraftPart[]): Shared[] {
  const users = new Map<string, { name: string; value: unknown; parts: DraftPart[] }>()
  for (const part of parts) {
    for (const [name, value] of Object.entries((part.spec.env as object | undefined) ?? {})) {
      const key = `${name}=${JSON.stringify(value)}`
      const known = users.get(key) ?? { name, value, parts: [] }
      users.set(key, { ...known, parts: [...known.parts, part] })
    }
  }
  const groups = new Map<string, { variables: [string, unknown][]; parts: DraftPart[] }>()
  for (const { name, value, parts: using } of users.values()) {
    if (using.length < least) continue
    const key = using.map((part) => part.name).join(' ')
    const group = groups.get(key) ?? { variables: [], parts: using }
    groups.set(key, { ...group, variables: [...group.variables, [name, value]] })
  }
  return [...groups.values()]
    .filter(({ variables }) => variables.length >= 2)
    .map(({ variables, parts: using }, index) => ({
      name: index === 0 ? 'sharedEnv' : `sharedEnv${index + 1}`,
      field: 'env',
      value: Object.fromEntries(variables),
      parts: new Set(using),
    }))
}

function sharedValues(parts: readonly DraftPart[], field: string): Shared[] {
  const groups = new Map<string, DraftPart[]>()
  for (const part of parts) {
    const value = part.spec[field]
    if (value === undefined || part.remarks[field]) continue
    const key = JSON.stringify(value)
    groups.set(key, [...(groups.get(key) ?? []), part])
  }
  return [...groups]
    .filter(([key, using]) => using.length >= least && key.length > 50)
    .map(([, using], index) => ({
      name: `shared${field[0]?.toUpperCase()}${field.slice(1)}${index === 0 ? '' : index + 1}`,
      field,
      value: using[0]?.spec[field],
      parts: new Set(using),
    }))
}
