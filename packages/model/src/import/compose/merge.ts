import { type List, list, type Mapping, mapping, scalar, type Tree, textOf } from '../yaml/tree.ts'

type Merge = (base: Tree, over: Tree, path: readonly string[]) => Tree

/** Rules of their own that parts of a Compose file merge by; everything else follows its shape. */
const rules: readonly (readonly [pattern: string, merge: Merge])[] = [
  ['services.*.annotations', joined],
  ['services.*.build', (base, over, path) => mergeMappings(buildMapping(base), buildMapping(over), path)],
  ['services.*.build.args', joined],
  ['services.*.build.additional_contexts', joined],
  ['services.*.build.extra_hosts', joined],
  ['services.*.build.labels', joined],
  ['services.*.command', (_base, over) => over],
  ['services.*.depends_on', (base, over, path) => mergeMappings(dependsMapping(base), dependsMapping(over), path)],
  ['services.*.deploy.labels', joined],
  ['services.*.dns', joined],
  ['services.*.dns_opt', joined],
  ['services.*.dns_search', joined],
  ['services.*.entrypoint', (_base, over) => over],
  ['services.*.env_file', joined],
  ['services.*.label_file', joined],
  ['services.*.environment', joined],
  ['services.*.extra_hosts', joined],
  ['services.*.healthcheck.test', (_base, over) => over],
  ['services.*.labels', joined],
  ['services.*.logging', mergeLogging],
  ['services.*.models', (base, over, path) => mergeMappings(nameMapping(base), nameMapping(over), path)],
  ['services.*.networks', (base, over, path) => mergeMappings(nameMapping(base), nameMapping(over), path)],
  ['services.*.sysctls', joined],
  ['services.*.tmpfs', joined],
  ['services.*.ulimits.*', (_base, over) => over],
  ['networks.*.labels', joined],
  ['volumes.*.labels', joined],
]

/**
 * Puts one Compose tree over another by the rules of the specification (part 13): mappings merge, lists append, commands
 * and leaves replace, `KEY=value` lists and mappings become one list.
 */
export function mergeTrees(base: Tree, over: Tree, path: readonly string[] = []): Tree {
  const rule = rules.find(([pattern]) => matches(path, pattern))
  if (rule) return rule[1](base, over, path)
  if (over.kind === 'scalar' && over.value === null) return base
  if (base.kind === 'mapping' && over.kind === 'mapping') return mergeMappings(base, over, path)
  if (base.kind === 'list' && over.kind === 'list') return list([...base.items, ...over.items], over.at)
  return over
}

/** Whether a path is meant by a pattern in which `*` stands for any one step. */
export function matches(path: readonly string[], pattern: string): boolean {
  const steps = pattern.split('.')
  return steps.length === path.length && steps.every((step, index) => step === '*' || step === path[index])
}

function mergeMappings(base: Mapping, over: Mapping, path: readonly string[]): Mapping {
  const entries = new Map(base.entries)
  for (const [key, value] of over.entries) {
    const below = entries.get(key)
    entries.set(key, below ? mergeTrees(below, value, [...path, key]) : value)
  }
  return mapping(entries, over.at)
}

function joined(base: Tree, over: Tree): Tree {
  return list([...pairs(base).items, ...pairs(over).items], over.at)
}

/** A mapping as a list of `KEY=value`; a leaf as a list of one. */
export function pairs(tree: Tree): List {
  switch (tree.kind) {
    case 'list':
      return tree
    case 'scalar':
      return list(tree.value === null ? [] : [tree], tree.at)
    case 'mapping':
      return list(
        [...tree.entries].flatMap(([key, value]) =>
          (value.kind === 'list' ? value.items : [value]).map((item) => {
            const text = textOf(item)
            return scalar(
              text === undefined ? key : `${key}=${text}`,
              value.at,
              item.kind === 'scalar' ? item.variables : undefined,
            )
          }),
        ),
        tree.at,
      )
    default:
      return tree satisfies never
  }
}

function buildMapping(tree: Tree): Mapping {
  return tree.kind === 'mapping' ? tree : mapping([['context', tree]], tree.at)
}

function nameMapping(tree: Tree): Mapping {
  if (tree.kind === 'mapping') return tree
  const items = tree.kind === 'list' ? tree.items : []
  return mapping(
    items.map((item) => [textOf(item) ?? '', scalar(null, item.at)]),
    tree.at,
  )
}

function dependsMapping(tree: Tree): Mapping {
  if (tree.kind === 'mapping') return tree
  const items = tree.kind === 'list' ? tree.items : []
  return mapping(
    items.map((item) => [
      textOf(item) ?? '',
      mapping(
        [
          ['condition', scalar('service_started', item.at)],
          ['required', scalar(true, item.at)],
        ],
        item.at,
      ),
    ]),
    tree.at,
  )
}

function mergeLogging(base: Tree, over: Tree, path: readonly string[]): Tree {
  if (base.kind !== 'mapping' || over.kind !== 'mapping') return over
  const drivers = [base, over].map((tree) => textOf(tree.entries.get('driver')))
  return drivers[0] === drivers[1] || drivers.includes(undefined) ? mergeMappings(base, over, path) : over
}
