import { type FleetDocument, problemsOf } from '../document.ts'
import { nearest } from '../nearest.ts'
import { Problem } from '../problem.ts'
import type { Fleet } from '../resolved.generated.ts'
import { type Collection, collections } from '../schema/collections.ts'
import { fleet as fleetNode } from '../schema/fleet.ts'
import type { ObjectNode, RefKind } from '../schema/node.ts'
import { compile, compilePart, type Resolve, type ResolvePart } from './compile.ts'
import { mergeWritten } from './merge.ts'
import type { Scope } from './scope.ts'

type Content = Readonly<Record<string, unknown>>

interface PartResolver extends Collection {
  readonly resolve: ResolvePart
  /** The part without its overlays, where it has some. */
  readonly base: ObjectNode | undefined
  readonly hasVariables: boolean
}

const partResolvers: readonly PartResolver[] = collections.map((collection) => {
  const overlays = collection.node.fields.on?.type
  return {
    ...collection,
    resolve: compilePart(collection.node),
    base: overlays?.kind === 'record' && overlays.of.kind === 'overlay' ? overlays.of.of : undefined,
    hasVariables: collection.kind === 'service' || collection.kind === 'job',
  }
})
const collectionKeys = new Set(collections.map(({ key }) => key))
const resolveRest: Resolve = compile({
  ...fleetNode,
  fields: Object.fromEntries(Object.entries(fleetNode.fields).filter(([key]) => !collectionKeys.has(key))),
})

/** The names of a document's environments; `development` when it has none of its own. */
export function environmentsOf(document: FleetDocument): readonly string[] {
  return Object.keys((document.environments as Content | undefined) ?? { development: {} })
}

/** How a document is resolved that has problems. */
export interface ResolveOptions {
  /** Resolves what is left of a document with problems, instead of throwing the first of them. */
  readonly partial?: boolean
}

/**
 * The fleet as it is in one environment: overlays merged, short forms written out, defaults filled in, units parsed.
 * Throws the document's first problem, or SW1011 when there is no such environment.
 */
export function resolve(document: FleetDocument, environment: string, options: ResolveOptions = {}): Fleet {
  return resolver(document, options)(environment)
}

/** Resolves a document for one environment after another, sharing what does not differ between them. */
export function resolver(document: FleetDocument, options: ResolveOptions = {}): (environment: string) => Fleet {
  const problems = problemsOf(document)
  const [first] = problems
  if (first && !options.partial) {
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more; \`seaworthy check\` lists all)` : ''
    throw new Problem({ ...first, message: `${first.message}${more}` })
  }
  const scope: Scope = { fleet: document.name, name: '', kinds: hostKinds(document), looked: false }
  const rest = resolveRest(document, scope) as Content
  const shared = new Map<string, Content>()
  return (environment) => {
    if (!environmentsOf(document).includes(environment)) throw unknownEnvironment(document, environment)
    const settings = (document.environments as Record<string, Content> | undefined)?.[environment] ?? {}
    const variables = (settings.env as Content | undefined) ?? {}
    const result: Record<string, unknown> = { ...rest }
    for (const collection of partResolvers) {
      result[collection.key] = resolveParts(collection, document, environment, variables, scope, shared)
    }
    const resolved = result.environments as Content
    return Object.freeze({ ...result, environment: resolved[environment] }) as unknown as Fleet
  }
}

function resolveParts(
  collection: PartResolver,
  document: FleetDocument,
  environment: string,
  variables: Content,
  scope: Scope,
  shared: Map<string, Content>,
): unknown {
  const parts = document[collection.key] ?? (collection.kind === 'environment' ? { development: {} } : {})
  const result: Record<string, unknown> = {}
  for (const [name, spec] of Object.entries(parts as Record<string, Content>)) {
    scope.name = name
    const inForce = partInForce(collection, spec, environment, variables)
    const key = `${collection.key}.${name}`
    const plain = shared.get(key) ?? (collection.resolve(spec, scope) as Content)
    shared.set(key, plain)
    result[name] = inForce === spec ? plain : collection.resolve(inForce, scope, { written: spec, resolved: plain })
  }
  return Object.freeze(result)
}

/** What is written of a part in one environment: its own values, over the environment's variables, under its overlay. */
function partInForce(collection: PartResolver, spec: Content, environment: string, variables: Content): Content {
  const overlay = (spec.on as Content | undefined)?.[environment]
  let inForce = spec
  if (overlay !== undefined && collection.base) {
    inForce = mergeWritten(collection.base, spec, overlay) as Content
  }
  if (collection.hasVariables && Object.keys(variables).length > 0) {
    inForce = { ...inForce, env: { ...variables, ...(inForce.env as Content | undefined) } }
  }
  return inForce
}

function hostKinds(document: FleetDocument): ReadonlyMap<string, RefKind> {
  const kinds = new Map<string, RefKind>()
  for (const { key, kind, host } of collections) {
    if (host) for (const name of Object.keys(document[key] ?? {})) kinds.set(name, kind)
  }
  return kinds
}

function unknownEnvironment(document: FleetDocument, environment: string): Problem {
  const known = environmentsOf(document)
  const near = nearest(environment, known)
  return new Problem({
    code: 'SW1011',
    message: `the fleet ${document.name} has no environment \`${environment}\`; it has ${known.join(', ')}`,
    where: { path: 'environments' },
    ...(near !== undefined && { hint: `write ${near}` }),
  })
}
