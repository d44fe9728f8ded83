/** Writes the TypeScript types of the catalog, authored and resolved, from the schema. */
import { writeFileSync } from 'node:fs'
import { fleet } from '../src/schema/fleet.ts'
import type { Field, Node, ObjectNode, UnitKind } from '../src/schema/node.ts'

type Form = 'authored' | 'resolved'

const authoredUnit: Record<UnitKind, string> = {
  duration: 'Duration',
  size: 'Size',
  rate: 'Rate',
  percent: 'Percent',
  cpu: 'Cpu',
  date: 'CalendarDate',
  cron: 'string',
}

const resolvedUnit: Record<UnitKind, string> = {
  duration: 'number',
  size: 'number',
  rate: 'number',
  percent: 'number',
  cpu: 'number',
  date: 'string',
  cron: 'string',
}

const unitDoc: Record<UnitKind, string> = {
  duration: 'ms',
  size: 'bytes',
  rate: 'per second',
  percent: 'fraction, 0..1',
  cpu: 'cores',
  date: 'ISO 8601',
  cron: 'UTC',
}

/** Every object type that can be reached, each once, in the order of first use. */
export function objectsOf(root: ObjectNode): ObjectNode[] {
  const seen = new Map<string, ObjectNode>()
  const visit = (node: Node): void => {
    switch (node.kind) {
      case 'object': {
        const known = seen.get(node.name)
        if (known === node) return
        if (known) throw new Error(`two objects in the schema are called ${node.name}`)
        seen.set(node.name, node)
        for (const field of Object.values(node.fields)) visit(field.type)
        return
      }
      case 'list':
      case 'pair':
      case 'record':
        visit(node.of)
        return
      case 'either':
        for (const part of node.of) visit(part)
        return
      case 'short':
        visit(node.short)
        visit(node.full)
        return
      case 'overlay':
        for (const field of Object.values(node.of.fields)) visit(field.type)
        return
      default:
        return
    }
  }
  visit(root)
  return [...seen.values()]
}

function typeName(node: ObjectNode, form: Form): string {
  return form === 'authored' ? `${node.name}Spec` : node.name
}

function typeOf(node: Node, form: Form): string {
  switch (node.kind) {
    case 'text':
    case 'name':
      return 'string'
    case 'flag':
      return 'boolean'
    case 'integer':
    case 'number':
      return 'number'
    case 'unit':
      return form === 'authored' ? authoredUnit[node.unit] : resolvedUnit[node.unit]
    case 'choice':
      return node.of.map((word) => `'${word}'`).join(' | ')
    case 'list':
      return `readonly ${wrap(typeOf(node.of, form))}[]`
    case 'pair':
      return `readonly [${typeOf(node.of, form)}, ${typeOf(node.of, form)}]`
    case 'record':
      return `Readonly<Record<string, ${typeOf(node.of, form)}>>`
    case 'object':
      return typeName(node, form)
    case 'reference': {
      const kinds = node.to.map((kind) => `'${kind}'`).join(' | ')
      if (form === 'authored') return `Ref<${kinds}>`
      return node.to.length === 1 ? 'string' : `ResolvedRef<${kinds}>`
    }
    case 'json':
      return 'Json'
    case 'either': {
      // A percentage beside a number stays text when resolved (`'50%'`), or 1 and 100 % could not be told apart.
      const parts = node.of.map((part) =>
        form === 'resolved' && part.kind === 'unit' && part.unit === 'percent' ? 'Percent' : typeOf(part, form),
      )
      return [...new Set(parts)].join(' | ')
    }
    case 'short':
      return form === 'authored'
        ? `${typeOf(node.short, form)} | ${typeName(node.full, form)}`
        : typeName(node.full, form)
    case 'overlay':
      return `${node.of.name}OverlaySpec`
  }
}

function wrap(type: string): string {
  return type.includes('|') || type.startsWith('readonly ') ? `(${type})` : type
}

function unitsIn(node: Node): string[] {
  switch (node.kind) {
    case 'unit':
      return [unitDoc[node.unit]]
    case 'list':
    case 'pair':
    case 'record':
      return unitsIn(node.of)
    default:
      return []
  }
}

function fieldLines(key: string, field: Field, form: Form): string[] {
  const always = field.default !== undefined || (field.derived !== undefined && field.derived !== 'one-without-scale')
  const present = field.required || (form === 'resolved' && always)
  const notes = [
    ...(form === 'resolved' && unitsIn(field.type).length > 0
      ? [`Unit: ${[...new Set(unitsIn(field.type))].join(' or ')}.`]
      : []),
    ...(form === 'authored' && field.default !== undefined ? [`Default: \`${JSON.stringify(field.default)}\`.`] : []),
  ]
  return [
    `  /** ${[field.doc, ...notes].join(' ')} */`,
    `  readonly ${/^[a-z_]\w*$/i.test(key) ? key : `'${key}'`}${present ? '' : '?'}: ${typeOf(field.type, form)}`,
  ]
}

function isOverlays(node: Node): boolean {
  return node.kind === 'record' && node.of.kind === 'overlay'
}

/** An overlay has fields and a name of its own, so that the compiler can name both in a message. */
function overlayOf(node: ObjectNode): string[] {
  const fields = Object.entries(node.fields).filter(([, field]) => !isOverlays(field.type))
  if (fields.length === Object.keys(node.fields).length) return []
  return [
    '',
    `/** What differs from a ${node.name} in one environment. */`,
    `export interface ${node.name}OverlaySpec {`,
    ...fields.flatMap(([key, field]) => [
      `  /** ${field.doc} */`,
      `  readonly ${key}?: Overlay<${typeOf(field.type, 'authored')}> | null`,
    ]),
    '}',
  ]
}

function interfaceOf(node: ObjectNode, form: Form): string {
  const fields = Object.entries(node.fields).filter(([, field]) => form === 'authored' || !isOverlays(field.type))
  const named =
    form === 'resolved' &&
    ['Service', 'Job', 'Postgres', 'Redis', 'Volume', 'External', 'Secret', 'Machine', 'Environment'].includes(
      node.name,
    )
  return [
    `/** ${node.doc} */`,
    `export interface ${typeName(node, form)} {`,
    ...(named ? ['  /** Its name, unique in the fleet. */', '  readonly name: string'] : []),
    ...(form === 'resolved' && node.name === 'Fleet'
      ? [
          '  /** The environment that the fleet was resolved for; one of `environments`. */',
          '  readonly environment: Environment',
        ]
      : []),
    ...fields.flatMap(([key, field]) => fieldLines(key, field, form)),
    '}',
    ...(form === 'authored' ? overlayOf(node) : []),
  ].join('\n')
}

/** The text of one generated file. */
export function typesFor(form: Form): string {
  const imports =
    form === 'authored'
      ? "import type { Overlay } from './overlay.ts'\nimport type { Ref } from './reference.ts'\nimport type { CalendarDate, Cpu, Duration, Json, Percent, Rate, Size } from './unit-types.ts'"
      : "import type { ResolvedRef } from './reference.ts'\nimport type { Json, Percent } from './unit-types.ts'"
  const objects = objectsOf(fleet)
  return `// Made by packages/model/scripts/generate-types.ts from src/schema; do not edit.\n${imports}\n\n${objects.map((node) => interfaceOf(node, form)).join('\n\n')}\n`
}

if (import.meta.main) {
  writeFileSync(new URL('../src/authored.generated.ts', import.meta.url), typesFor('authored'))
  writeFileSync(new URL('../src/resolved.generated.ts', import.meta.url), typesFor('resolved'))
}
