import { identityOf } from '../canonical-json.ts'
import { formatPath, type PathStep } from '../catalog-path.ts'
import type { FleetDocument } from '../document.ts'
import { isPlainObject } from '../json-value.ts'
import { nearest } from '../nearest.ts'
import { Problem, type Where } from '../problem.ts'
import { resolve } from '../resolve/resolve.ts'
import { type Collection, collections } from '../schema/collections.ts'
import { fleet as fleetNode } from '../schema/fleet.ts'
import type { Derivation, Field, Node, ObjectNode, RefKind, UnitKind } from '../schema/node.ts'
import { fits } from '../schema/shape.ts'
import { desugar } from '../schema/short-form.ts'
import { type Layers, type LayerValue, layerOf, type ValueOrigin } from './value-origin.ts'
import { leafOf } from './value-text.ts'

/** One value in force. */
export interface ExplainedValue {
  /** Path in its part, such as `slo.availability`. */
  readonly path: string
  /** As it resolved: ms, bytes, per second, fractions, cores. */
  readonly value: unknown
  /** As an author would write it, with its unit. */
  readonly text: string
  readonly unit?: UnitKind
  readonly origin: ValueOrigin
}

/** One part with all of its values; the fleet itself has the kind `fleet`. */
export interface ExplainedPart {
  readonly kind: RefKind | 'fleet'
  readonly name: string
  readonly where: Where
  readonly values: readonly ExplainedValue[]
}

/** A warning that someone accepted for a while. */
export interface SilencedWarning {
  readonly code: string
  readonly reason: string
  /** Day from which it is heard again, ISO 8601. */
  readonly until: string
  readonly where: Where
}

/** Every value in force in one environment, and where it came from. */
export interface Explanation {
  readonly fleet: string
  /** SHA-256 of the fleet's canonical JSON. */
  readonly identity: string
  readonly environment: string
  readonly parts: readonly ExplainedPart[]
  readonly silenced: readonly SilencedWarning[]
}

/** What explaining needs of a loaded fleet. */
export interface Explainable {
  readonly document: FleetDocument
  readonly locate: (path: string) => Where
}

type Content = Readonly<Record<string, unknown>>

/**
 * Explains the fleet, or the parts called `part` (`api`, or `secrets.jwt` where kinds share a name), in one
 * environment. Throws what `resolve` throws, and SW1030 when there is no such part.
 */
export function explain(
  loaded: Explainable,
  { environment, part }: { readonly environment: string; readonly part?: string },
): Explanation {
  const { document } = loaded
  const resolved = resolve(document, environment)
  const settings = (document.environments as Record<string, Content> | undefined)?.[environment]
  const variables = (settings?.env as Content | undefined) ?? {}
  const parts: ExplainedPart[] = []
  if (part === undefined) parts.push(explainFleet(loaded, resolved as unknown as Content))
  for (const collection of collections) {
    const values = resolved[collection.key as keyof typeof resolved] as unknown as Readonly<Record<string, Content>>
    for (const [name, value] of Object.entries(values)) {
      if (part !== undefined && part !== name && part !== `${collection.key}.${name}`) continue
      if (part === undefined && collection.kind === 'environment' && name !== environment) continue
      const own = collection.kind === 'service' || collection.kind === 'job' ? variables : {}
      parts.push(explainPart(loaded, collection, name, value, environment, own))
    }
  }
  // A service may well be called like the fleet; then the service is meant.
  if (parts.length === 0 && part === document.name) parts.push(explainFleet(loaded, resolved as unknown as Content))
  if (parts.length === 0) throw noSuchPart(document, part ?? '')
  const shown = new Set(parts.map(({ kind, name }) => `${kind} ${name}`))
  const silenced = silencesOf(loaded).filter(({ of }) => part === undefined || shown.has(of) || of === 'fleet')
  return {
    fleet: document.name,
    identity: identityOf(document),
    environment,
    parts,
    silenced: silenced.map(({ silence }) => silence),
  }
}

function explainFleet(loaded: Explainable, resolved: Content): ExplainedPart {
  const keys = new Set(['schema', 'silence', ...collections.map(({ key }) => key)])
  const fields = Object.fromEntries(Object.entries(fleetNode.fields).filter(([key]) => !keys.has(key)))
  const node = { ...fleetNode, fields }
  const layers: Layers = { base: desugar(node, loaded.document), overlay: undefined, variables: {} }
  const walk: Walk = { loaded, layers, prefix: [], environment: '', values: [] }
  explainObject(node, resolved, [], walk)
  return { kind: 'fleet', name: loaded.document.name, where: loaded.locate('name'), values: walk.values }
}

function explainPart(
  loaded: Explainable,
  { key, kind, node }: Collection,
  name: string,
  resolved: Content,
  environment: string,
  variables: Content,
): ExplainedPart {
  const spec = (loaded.document[key] as Record<string, Content> | undefined)?.[name] ?? {}
  const overlay = (spec.on as Content | undefined)?.[environment]
  const layers: Layers = { base: desugar(node, spec), overlay: overlay && desugar(node, overlay), variables }
  const walk: Walk = { loaded, layers, prefix: [key, name], environment, values: [] }
  explainObject(node, resolved, [], walk)
  return { kind, name, where: loaded.locate(formatPath([key, name])), values: walk.values }
}

interface Walk {
  readonly loaded: Explainable
  readonly layers: Layers
  /** Path of the part in the catalog. */
  readonly prefix: readonly PathStep[]
  readonly environment: string
  readonly values: ExplainedValue[]
}

function explainObject(node: ObjectNode, resolved: Content, steps: readonly PathStep[], walk: Walk): void {
  for (const [key, field] of Object.entries(node.fields)) {
    const value = resolved[key]
    // Silences are listed by themselves.
    if (value !== undefined && key !== 'silence') explainValue(field.type, value, [...steps, key], field, walk)
  }
}

function explainValue(
  node: Node,
  value: unknown,
  steps: readonly PathStep[],
  field: Field | undefined,
  walk: Walk,
): void {
  const leaf = leafOf(node, value)
  if (leaf) {
    const found = layerOf(walk.layers, steps)
    // A unit is shown as its author wrote it: `60/min`, not `1/s`.
    const text = leaf.unit && typeof found?.written === 'string' ? found.written : leaf.text
    walk.values.push({ path: formatPath(steps), ...leaf, text, origin: originOf(found, steps, value, field, walk) })
    return
  }
  switch (node.kind) {
    case 'object':
      explainObject(node, value as Content, steps, walk)
      return
    case 'short':
      explainObject(node.full, value as Content, steps, walk)
      return
    case 'record':
      for (const [key, item] of Object.entries(value as Content)) {
        explainValue(node.of, item, [...steps, key], undefined, walk)
      }
      return
    case 'list':
    case 'pair':
      for (const [index, item] of (value as readonly unknown[]).entries()) {
        explainValue(node.of, item, [...steps, index], undefined, walk)
      }
      return
    case 'either': {
      const form = node.of.find((candidate) => fits(candidate, value))
      if (form) explainValue(form, value, steps, field, walk)
      return
    }
    default:
      return
  }
}

const follows: Readonly<Record<Derivation, string>> = {
  'variable-of-need': 'its name',
  'environment-variable': 'its name',
  identifier: 'its name',
  'fleet-name': "the fleet's name",
  'tokens-of-a-period': 'the rate',
  'worker-without-port': 'no port',
  'one-without-scale': 'no scale',
  'build-context': 'the build',
}

function originOf(
  found: LayerValue | undefined,
  steps: readonly PathStep[],
  value: unknown,
  field: Field | undefined,
  { loaded, prefix, environment }: Walk,
): ValueOrigin {
  const at = (...path: readonly PathStep[]): { readonly file: string; readonly line: number } =>
    placeOf(loaded.locate(formatPath([...path, ...steps])))
  if (!found) {
    const derived = field?.derived && value !== field.default ? follows[field.derived] : undefined
    return derived === undefined ? { kind: 'default' } : { kind: 'derived', from: derived }
  }
  switch (found.layer) {
    case 'overlay':
      return { kind: 'overlay', environment, ...at(...prefix, 'on', environment) }
    case 'base':
      return { kind: 'file', ...at(...prefix) }
    case 'variables':
      return { kind: 'environment', environment, ...at('environments', environment) }
    default:
      return found.layer satisfies never
  }
}

function placeOf({ file = '', line = 1 }: Where): { readonly file: string; readonly line: number } {
  return { file, line }
}

function silencesOf({ document, locate }: Explainable): { readonly of: string; readonly silence: SilencedWarning }[] {
  const found: { of: string; silence: SilencedWarning }[] = []
  const gather = (of: string, holder: unknown, steps: readonly PathStep[]): void => {
    const list =
      isPlainObject(holder) && Array.isArray(holder.silence) ? (holder.silence as readonly SilencedWarning[]) : []
    for (const [index, { code, reason, until }] of list.entries()) {
      found.push({ of, silence: { code, reason, until, where: locate(formatPath([...steps, 'silence', index])) } })
    }
  }
  gather('fleet', document, [])
  for (const { key, kind } of collections) {
    for (const [name, spec] of Object.entries((document[key] as Content | undefined) ?? {})) {
      gather(`${kind} ${name}`, spec, [key, name])
      const overlays = isPlainObject(spec) && isPlainObject(spec.on) ? spec.on : {}
      for (const [on, overlay] of Object.entries(overlays)) gather(`${kind} ${name}`, overlay, [key, name, 'on', on])
    }
  }
  return found
}

function noSuchPart(document: FleetDocument, name: string): Problem {
  const names = collections.flatMap(({ key }) => Object.keys((document[key] as Content | undefined) ?? {}))
  const near = nearest(name, names)
  return new Problem({
    code: 'SW1030',
    message: `the fleet ${document.name} has no part called \`${name}\``,
    hint: near === undefined ? `there is ${names.slice(0, 20).join(', ')}` : `did you mean ${near}?`,
  })
}
