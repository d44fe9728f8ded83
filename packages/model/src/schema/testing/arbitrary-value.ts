import fc from 'fast-check'
import { collections } from '../collections.ts'
import { fleet } from '../fleet.ts'
import type { Field, Node, ObjectNode, RefKind, UnitKind } from '../node.ts'

/** The names that references in an arbitrary document may use, one of each kind. */
export const arbitraryNames: Readonly<Record<RefKind, string>> = {
  service: 'some-service',
  job: 'some-job',
  postgres: 'some-postgres',
  redis: 'some-redis',
  volume: 'some-volume',
  external: 'some-external',
  machine: 'some-machine',
  secret: 'some-secret',
  environment: 'some-environment',
  escalation: 'some-escalation',
}

const units: Readonly<Record<UnitKind, fc.Arbitrary<unknown>>> = {
  duration: fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('ms', 's', 'm', 'h', 'd'))
    .map(([n, u]) => `${n}${u}`),
  size: fc.tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('Ki', 'Mi', 'Gi', 'MB')).map(([n, u]) => `${n}${u}`),
  rate: fc.tuple(fc.integer({ min: 1, max: 999 }), fc.constantFrom('s', 'min', 'h', 'd')).map(([n, u]) => `${n}/${u}`),
  percent: fc.integer({ min: 0, max: 1000 }).map((n) => `${n / 10}%`),
  cpu: fc.oneof(
    fc.integer({ min: 1, max: 9999 }).map((n) => `${n}m`),
    fc.integer({ min: 1, max: 64 }),
  ),
  date: fc
    .date({ min: new Date('2020-01-01'), max: new Date('2039-12-31'), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10)),
  cron: fc.constantFrom('0 2 * * *', '*/5 * * * *', '0 1 * * 6#1', '30 4 1,15 * 1-5'),
}

const words = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/)
/** Fields whose objects hold exactly one of several; the schema cannot say so, and rules do. */
const deepest = 4

/** Any valid written value of a node; objects get ever fewer optional fields the deeper they lie. */
export function arbitraryValue(node: Node, depth: number = 0): fc.Arbitrary<unknown> {
  switch (node.kind) {
    case 'text':
      return node.pattern === undefined ? words : fc.stringMatching(new RegExp(node.pattern), { size: 'small' })
    case 'name':
      return words
    case 'flag':
      return fc.boolean()
    case 'integer':
      return fc.integer({ min: node.min ?? 0, max: Math.min(node.max ?? 1000, (node.min ?? 0) + 1000) })
    case 'number': {
      const low = node.min ?? 0
      const high = node.max ?? low + 1000
      return fc.nat(1000).map((step) => low + ((high - low) * step) / 1000)
    }
    case 'unit':
      return units[node.unit]
    case 'choice':
      return fc.constantFrom(...node.of)
    case 'list':
      return fc.array(arbitraryValue(node.of, depth + 1), { maxLength: 2 })
    case 'pair':
      return fc.tuple(arbitraryValue(node.of, depth + 1), arbitraryValue(node.of, depth + 1))
    case 'record': {
      if (node.keys === 'environment' && node.of.kind === 'overlay') {
        return fc.record({ [arbitraryNames.environment]: arbitraryValue(node.of, depth) }, { requiredKeys: [] })
      }
      const key = node.keys === 'variable' ? fc.stringMatching(/^[A-Z][A-Z_]{0,6}$/) : words
      return fc.dictionary(key, arbitraryValue(node.of, depth + 1), { maxKeys: 2 })
    }
    case 'object':
      return arbitraryObject(node, depth, requiredOf(node))
    case 'overlay':
      return arbitraryObject(node.of, depth + 1, [])
    case 'reference':
      return fc.constantFrom(...node.to.map((kind) => arbitraryNames[kind]))
    case 'json':
      return fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes('__proto__'))
    case 'either':
      return fc.oneof(...node.of.map((form) => arbitraryValue(form, depth)))
    case 'short':
      return fc.oneof(arbitraryValue(node.short, depth), arbitraryValue(node.full, depth))
    default:
      return node satisfies never
  }
}

function requiredOf({ fields }: ObjectNode): readonly string[] {
  return Object.keys(fields).filter((key) => fields[key]?.required)
}

function arbitraryObject(node: ObjectNode, depth: number, required: readonly string[]): fc.Arbitrary<unknown> {
  const shown = Object.entries(node.fields).filter(([key]) => depth < deepest || required.includes(key))
  const fields: Record<string, fc.Arbitrary<unknown>> = {}
  for (const [key, field] of shown) fields[key] = arbitraryField(field, depth, required.includes(key))
  return fc
    .record(fields)
    .map((record) => Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)))
}

/** A required field always, any other now and then; the shallower, the more often. */
function arbitraryField(field: Field, depth: number, required: boolean): fc.Arbitrary<unknown> {
  const chance = depth < 2 ? 50 : 30
  return fc
    .nat(99)
    .chain((draw) => (required || draw < chance ? arbitraryValue(field.type, depth + 1) : fc.constant(undefined)))
}

/** Any valid document: one part of each kind, with any of its fields. */
export function arbitraryDocument(): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const parts = Object.fromEntries(
    collections.map(({ kind, key, node }) => [
      key,
      arbitraryValue(node, 1).map((part) => ({ [arbitraryNames[kind]]: part })),
    ]),
  )
  const keys = new Set(collections.map(({ key }) => key))
  const rest = arbitraryObject(
    { ...fleet, fields: Object.fromEntries(Object.entries(fleet.fields).filter(([key]) => !keys.has(key))) },
    0,
    ['name'],
  )
  return fc.tuple(rest, fc.record(parts)).map(([own, all]) => ({ ...(own as object), ...all }))
}
