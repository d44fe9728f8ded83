import type { DraftPart, DraftRef } from './draft.ts'
import type { Place } from './yaml/tree.ts'

/** A secret that is to be declared. */
export interface WantedSecret {
  /** Variable of the service that holds it, such as `JWT_SECRET`. */
  readonly variable: string
  /** Variable that it is taken from, when the file takes it from one. */
  readonly source?: string | undefined
  /** Its value, where it was seen; only compared, never written. */
  readonly value?: string | undefined
  /** Service that uses it. */
  readonly service: string
  readonly at: Place
}

/** Keeps one secret for each source, under names that do not clash. */
export interface SecretBook {
  /** The secret for a variable; `from` of its own where the name does not say it. */
  use(wanted: WantedSecret): DraftRef
  /** Declares a secret that has a source of its own, such as `file:./db_password.txt`. */
  declare(name: string, from: string | undefined, at: Place): DraftRef
  parts(): readonly DraftPart[]
}

interface Kept {
  readonly variable: string
  readonly value: string | undefined
  readonly part: DraftPart
}

/** An empty book. */
export function openSecretBook(): SecretBook {
  const kept = new Map<string, Kept>()

  function keep(
    name: string,
    variable: string,
    value: string | undefined,
    from: string | undefined,
    at: Place,
  ): DraftRef {
    const spec = from === undefined ? {} : { from }
    kept.set(name, { variable, value, part: { kind: 'secret', name, spec, remarks: {}, at } })
    return { kind: 'secret', name }
  }

  return {
    use({ variable, source, value, service, at }) {
      const origin = (source ?? variable)
        .toUpperCase()
        .replace(/[^A-Z0-9_]/g, '_')
        .replace(/^(?=\d)/, '_')
      const name = secretName(origin)
      const other = kept.get(name)
      if (!other) return keep(name, origin, value, derived(name) === origin ? undefined : `env:${origin}`, at)
      if (other.variable === origin && (other.value === undefined || value === undefined || other.value === value))
        return { kind: 'secret', name }
      const own = secretName(`${service}-${origin}`)
      const variableOfOwn = derived(own)
      if (!kept.has(own)) keep(own, variableOfOwn, value, undefined, at)
      return { kind: 'secret', name: own }
    },
    declare(written, from, at) {
      const name = secretName(written)
      return kept.has(name) ? { kind: 'secret', name } : keep(name, derived(name), undefined, from, at)
    },
    parts: () => [...kept.values()].map((one) => one.part),
  }
}

function secretName(text: string): string {
  const name = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63)
  return name === '' ? 'secret' : name
}

/** The variable that a secret is read from when nothing else is said. */
function derived(name: string): string {
  return name
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, '_')
}
