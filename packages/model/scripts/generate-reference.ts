/** Writes `docs/catalog-reference.md`: every field of the catalog, from its schema. */
import { collections } from '../src/schema/collections.ts'
import { fleet } from '../src/schema/fleet.ts'
import type { Derivation, Field, Node, ObjectNode } from '../src/schema/node.ts'
import { objectsOf } from './generate-types.ts'

const derivations: Readonly<Record<Derivation, string>> = {
  'variable-of-need': 'its name in capitals',
  'environment-variable': '`env:` and its name in capitals',
  identifier: 'its name, with `_` for `-`',
  'fleet-name': "the fleet's name",
  'tokens-of-a-period': 'the count in the rate: 60 of `60/min`',
  'worker-without-port': '`worker` without a port, else `http`',
  'one-without-scale': '1 without `scale`',
  'build-context': "the build's context, else `.`",
}

/** The text of the page. */
export function referenceText(): string {
  const objects = objectsOf(fleet)
  const makers = new Map(collections.map(({ kind, node }) => [node.name, kind]))
  return [
    '# Catalog reference',
    '',
    'Every object of the catalog and its fields, made from the schema (`npm run generate -w @seaworthy/model`). How they are',
    'used stands in [catalog.md](catalog.md). Fields in **bold** must be written.',
    '',
    ...objects.flatMap((node) => sectionOf(node, makers.get(node.name))),
  ].join('\n')
}

function sectionOf(node: ObjectNode, maker: string | undefined): readonly string[] {
  const rows = Object.entries(node.fields).map(([key, field]) => rowOf(key, field))
  return [
    `## ${node.name}`,
    '',
    maker === undefined ? node.doc : `${node.doc} Made by \`${maker}(name, { ... })\`.`,
    '',
    '| field | takes | without it | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ]
}

function rowOf(key: string, field: Field): string {
  const name = field.required ? `**\`${key}\`**` : `\`${key}\``
  return `| ${[name, takes(field.type), without(field), field.doc].map(cell).join(' | ')} |`
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function without(field: Field): string {
  if (field.derived) return derivations[field.derived]
  if (field.default === undefined) return ''
  const text = typeof field.default === 'string' ? field.default : JSON.stringify(field.default)
  if (text === '[]' || text === '{}') return field.type.kind === 'record' || text === '[]' ? 'none' : 'its defaults'
  return `\`${text}\``
}

/** What a field takes, with links to objects. */
function takes(node: Node): string {
  switch (node.kind) {
    case 'object':
      return linkTo(node)
    case 'overlay':
      return `overlay of ${linkTo(node.of)}`
    case 'list':
      return `list of ${takes(node.of)}`
    case 'pair':
      return `pair of ${takes(node.of)}`
    case 'record':
      return `${takes(node.of)} by ${node.keys === undefined || node.keys === 'text' ? 'key' : node.keys}`
    case 'either':
      return node.of.map(takes).join(' or ')
    case 'short':
      return `${takes(node.short)}, or ${linkTo(node.full)}`
    case 'unit':
      return node.unit === 'cpu' ? 'cores' : node.unit
    case 'choice':
      return node.of.map((word) => `\`${word}\``).join(', ')
    case 'reference':
      return node.to.length > 4 ? 'part' : node.to.join(' or ')
    case 'text':
      return node.examples ? `text such as ${node.examples.map((example) => `\`${example}\``).join(', ')}` : 'text'
    case 'name':
      return 'name'
    case 'flag':
      return 'true or false'
    case 'integer':
    case 'number':
      return `${node.kind === 'integer' ? 'whole number' : 'number'}${bounds(node.min, node.max)}`
    case 'json':
      return 'any data'
    default:
      return node satisfies never
  }
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return max === undefined ? '' : ` to ${max}`
  return max === undefined ? ` from ${min}` : ` ${min}..${max}`
}

function linkTo(node: ObjectNode): string {
  return `[${node.name}](#${node.name.toLowerCase()})`
}
