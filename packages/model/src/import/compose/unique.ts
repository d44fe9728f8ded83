import { list, mapping, type Tree, textOf } from '../yaml/tree.ts'
import { matches } from './merge.ts'
import { readMount } from './mount.ts'
import { portKey } from './port.ts'

type Key = (item: Tree) => string

const beforeEquals: Key = (item) => (textOf(item) ?? '').split('=')[0] ?? ''
const whole: Key = (item) => textOf(item) ?? ''

/** What must be unique in a list, and by what (specification, part 13, «Unique resources»). */
const keys: readonly (readonly [pattern: string, key: Key])[] = [
  ...[
    'annotations',
    'build.args',
    'build.additional_contexts',
    'build.labels',
    'build.tags',
    'cap_add',
    'cap_drop',
    'deploy.labels',
    'dns',
    'dns_opt',
    'dns_search',
    'environment',
    'labels',
    'links',
    'profiles',
    'sysctls',
    'tmpfs',
  ].map((name) => [`services.*.${name}`, beforeEquals] as const),
  ['services.*.networks.*.aliases', beforeEquals],
  ['services.*.configs', target('')],
  ['services.*.secrets', target('/run/secrets')],
  ['services.*.expose', whole],
  ['services.*.ports', portKey],
  ['services.*.volumes', (item) => readMount(item)?.target ?? ''],
  [
    'services.*.devices',
    (item) => (item.kind === 'mapping' ? field(item, 'target') : (whole(item).split(':')[1] ?? whole(item))),
  ],
  ['services.*.env_file', (item) => (item.kind === 'mapping' ? field(item, 'path') : whole(item))],
]

/** Leaves of entries that mean the same thing only the last one, at the place of the first. */
export function keepUnique(tree: Tree, path: readonly string[] = []): Tree {
  switch (tree.kind) {
    case 'scalar':
      return tree
    case 'mapping':
      return mapping(
        [...tree.entries].map(([key, value]) => [key, keepUnique(value, [...path, key])]),
        tree.at,
      )
    case 'list': {
      const key = keys.find(([pattern]) => matches(path, pattern))?.[1]
      if (!key) return tree
      const kept = new Map<string, Tree>()
      for (const item of tree.items) kept.set(key(item), item)
      return list([...kept.values()], tree.at)
    }
    default:
      return tree satisfies never
  }
}

function target(folder: string): Key {
  return (item) => {
    if (item.kind !== 'mapping') return `${folder}/${whole(item)}`
    return field(item, 'target') || `${folder}/${field(item, 'source')}`
  }
}

function field(item: Tree, name: string): string {
  return item.kind === 'mapping' ? (textOf(item.entries.get(name)) ?? '') : ''
}
