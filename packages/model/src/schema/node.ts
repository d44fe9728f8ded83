/**
 * The vocabulary in which the catalog's schema is written. One schema gives the run-time validator, the defaults, the
 * resolved form, the JSON Schema, the TypeScript types and `explain`.
 */

/** How a value with a unit is written, and what it becomes when the fleet is resolved. */
export type UnitKind =
  /** `250ms`, `20s`, `5m`, `1h`, `1d`, `2w` → number of milliseconds */
  | 'duration'
  /** `512Ki`, `256Mi`, `2Gi`, `1Ti` (powers of 1024), `1kB`, `1MB`, `1GB` (of 1000), `64B` → number of bytes */
  | 'size'
  /** `60/min`, `5/s`, `100/h`, `1000/d` → requests per second */
  | 'rate'
  /** `99.9%` → fraction 0..1 */
  | 'percent'
  /** `0.5` or `500m` → number of cores */
  | 'cpu'
  /** `2026-11-20`, an ISO 8601 calendar date → the same text */
  | 'date'
  /** five-field cron expression in UTC → the same text */
  | 'cron'

/** What a reference may name. */
export type RefKind =
  | 'service'
  | 'job'
  | 'postgres'
  | 'redis'
  | 'volume'
  | 'external'
  | 'machine'
  | 'secret'
  | 'environment'
  | 'escalation'

/** What a value may be: the vocabulary of the schema. */
export type Node =
  | { readonly kind: 'text'; readonly pattern?: string; readonly examples?: readonly string[] }
  | { readonly kind: 'name' }
  | { readonly kind: 'flag' }
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number'; readonly min?: number; readonly max?: number }
  /** `min` and `max` are inclusive, in the unit of the resolved form. */
  | { readonly kind: 'unit'; readonly unit: UnitKind; readonly min?: number; readonly max?: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly of: Node }
  /** A pair such as `[min, max]`. */
  | { readonly kind: 'pair'; readonly of: Node }
  | { readonly kind: 'record'; readonly of: Node; readonly keys?: RecordKeys }
  | { readonly kind: 'object'; readonly name: string; readonly doc: string; readonly fields: Fields }
  | { readonly kind: 'reference'; readonly to: readonly RefKind[] }
  /** Any JSON value: patches and values that only the target understands. */
  | { readonly kind: 'json' }
  /** One of several forms; the first that fits the value's shape is meant. */
  | { readonly kind: 'either'; readonly of: readonly Node[] }
  /** A short way of writing `full`: `short` is stored under `full`'s field `as`. */
  | {
      readonly kind: 'short'
      readonly short: Node
      readonly as: string
      readonly full: ObjectNode
      /**
       * `host-path`: text such as `api.example.com/v1` is split into the fields `host` and `path`;
       * `min-max`: a pair becomes the fields `min` and `max`.
       */
      readonly split?: 'host-path' | 'min-max'
    }
  /** The fields of `of`, none of them required, at any depth; `null` takes a value back to its default. */
  | { readonly kind: 'overlay'; readonly of: ObjectNode }

/** What the keys of a record are: names of parts, environments, variables, or any text. */
export type RecordKeys = 'name' | 'environment' | 'variable' | 'text'

/** How a value in force follows from others when it is not written. */
export type Derivation =
  /** The field `as` of a dependency: its name in capitals. */
  | 'variable-of-need'
  /** `env:` and the secret's name in capitals. */
  | 'environment-variable'
  /** The part's name, with `_` for `-`. */
  | 'identifier'
  /** The fleet's name. */
  | 'fleet-name'
  /** The count in the written rate: 60 of `60/min`. */
  | 'tokens-of-a-period'
  /** `worker` without a port. */
  | 'worker-without-port'
  /** 1 where there is no `scale`; otherwise absent. */
  | 'one-without-scale'
  /** The build context, or the catalog's folder. */
  | 'build-context'

/** A node with named fields. */
export type ObjectNode = Extract<Node, { kind: 'object' }>

/** One field of an object. A field with a default is never absent from the resolved form. */
export interface Field {
  readonly type: Node
  readonly doc: string
  readonly required?: true
  /** The value in force when the field is not written, as an author would write it. */
  readonly default?: unknown
  /** How the value follows from others when it is not written; comes before `default`. */
  readonly derived?: Derivation
}

/** The fields of an object, by name. */
export type Fields = Readonly<Record<string, Field>>

/** Any text. */
export const text: Node = { kind: 'text' }
/** The name of a part: an RFC 1123 label. */
export const name: Node = { kind: 'name' }
/** True or false. */
export const flag: Node = { kind: 'flag' }
/** Any plain data. */
export const json: Node = { kind: 'json' }
/** A length of time, from zero. */
export const duration: Node = { kind: 'unit', unit: 'duration' }
/** An amount of bytes. */
export const size: Node = { kind: 'unit', unit: 'size' }
/** A number of events for a time. */
export const rate: Node = { kind: 'unit', unit: 'rate' }
/** A share: 0 to 100 %. */
export const percent: Node = { kind: 'unit', unit: 'percent', max: 1 }
/** A percentage that may exceed 100 %. */
export const growth: Node = { kind: 'unit', unit: 'percent', max: 100 }
/** A duration above zero. */
export const span: Node = { kind: 'unit', unit: 'duration', min: 1 }
/** A number of cores. */
export const cpu: Node = { kind: 'unit', unit: 'cpu' }
/** A day of the calendar. */
export const date: Node = { kind: 'unit', unit: 'date' }
/** A schedule in UTC. */
export const cron: Node = { kind: 'unit', unit: 'cron' }

/** Text that matches a regular expression. */
export function pattern(source: string, ...examples: string[]): Node {
  return { kind: 'text', pattern: source, ...(examples.length > 0 && { examples }) }
}

/** A whole number within bounds, both inclusive. */
export function integer(min?: number, max?: number): Node {
  return { kind: 'integer', ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

/** A number within bounds, both inclusive. */
export function number(min?: number, max?: number): Node {
  return { kind: 'number', ...(min !== undefined && { min }), ...(max !== undefined && { max }) }
}

/** One of the given words. */
export function choice(...of: string[]): Node {
  return { kind: 'choice', of }
}

/** Any number of values of one kind. */
export function list(of: Node): Node {
  return { kind: 'list', of }
}

/** Two values of one kind, such as a lower and an upper bound. */
export function pair(of: Node): Node {
  return { kind: 'pair', of }
}

/** Values of one kind by free keys. */
export function record(of: Node, keys: RecordKeys = 'text'): Node {
  return { kind: 'record', of, keys }
}

/** Another part of the fleet, of one of the kinds. */
export function reference(...to: RefKind[]): Node {
  return { kind: 'reference', to }
}

/** One of several forms, which must differ in their outward shape. */
export function either(...of: Node[]): Node {
  return { kind: 'either', of }
}

/** An object that may be written as the value of its field `as` alone. */
export function short(shortForm: Node, as: string, full: ObjectNode): Extract<Node, { kind: 'short' }> {
  return { kind: 'short', short: shortForm, as, full }
}

/** An object whose field `on` overlays its other fields per environment. */
export function overlaid(typeName: string, doc: string, fields: Fields): ObjectNode {
  return object(typeName, doc, {
    ...fields,
    on: {
      type: record({ kind: 'overlay', of: object(typeName, doc, fields) }, 'environment'),
      doc: 'What differs, by environment: objects merge, everything else replaces, `null` goes back to the default.',
      default: {},
    },
  })
}

/** An object with a type name, under which it appears in the TypeScript types and the JSON Schema. */
export function object(typeName: string, doc: string, fields: Fields): ObjectNode {
  return { kind: 'object', name: typeName, doc, fields }
}
