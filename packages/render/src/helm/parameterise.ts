import type { Json } from '@seaworthy/model'
import { sameJson } from '../json-patch.ts'
import { knobAt, nameOfPath, type Path } from './value-names.ts'

/** A place in a template that is filled from the values. */
export interface Parameter {
  readonly name: string
  /** Whether some environments leave the key out altogether. */
  readonly optional: boolean
  /** Whether the value is a single word or number, rather than a map or a list. */
  readonly scalar: boolean
}

/** A template as data: JSON in which parameters stand at some places. */
export type Template =
  | Parameter
  | string
  | number
  | boolean
  | null
  | readonly Template[]
  | { readonly [key: string]: Template }

const parameters = new WeakSet<object>()

/** Whether a node of a template is a parameter. */
export function isParameter(node: Template): node is Parameter {
  return node !== null && typeof node === 'object' && parameters.has(node)
}

function parameter(name: string, values: readonly (Json | undefined)[]): Parameter {
  const made: Parameter = {
    name,
    optional: values.some((value) => value === undefined),
    scalar: values.every((value) => value === undefined || value === null || typeof value !== 'object'),
  }
  parameters.add(made)
  return made
}

function isMap(value: Json | undefined): value is { readonly [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/**
 * What several JSON values have in common, with a parameter wherever they differ or people want to set something
 * (anti-unification: Plotkin 1970). `record` is told each parameter's value for every environment.
 */
export function parameterise(
  kind: string,
  values: readonly (Json | undefined)[],
  record: (name: string, values: readonly (Json | undefined)[]) => string,
  path: Path = [],
): Template {
  const knob = knobAt(kind, path)
  const present = values.filter((value) => value !== undefined)
  const first = present[0]
  if (knob) return parameter(record(knob, values), values)
  if (present.length === values.length && first !== undefined) {
    if (values.every(isMap)) {
      const maps = values as readonly { readonly [key: string]: Json }[]
      const keys = [...new Set(maps.flatMap((map) => Object.keys(map)))]
      return Object.fromEntries(
        keys.map((key) => [
          key,
          parameterise(
            kind,
            maps.map((map) => map[key]),
            record,
            [...path, key],
          ),
        ]),
      )
    }
    if (Array.isArray(first) && values.every((value) => Array.isArray(value) && value.length === first.length)) {
      const lists = values as readonly (readonly Json[])[]
      return first.map((_, i) =>
        parameterise(
          kind,
          lists.map((list) => list[i]),
          record,
          [...path, i],
        ),
      )
    }
    if (values.every((value) => sameJson(value, first))) return first as Template
  }
  return parameter(record(nameOfPath(kind, path), values), values)
}
