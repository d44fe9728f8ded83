import type { ProblemDetails } from '../../problem.ts'
import { folderOf, pathFrom, type SourceFiles, tidyPath } from '../source-files.ts'
import { readYaml, type TaggedPath } from '../yaml/read-yaml.ts'
import { list, type Mapping, mapping, type Place, scalar, type Tree, textOf } from '../yaml/tree.ts'
import { type EnvFile, readDotenv } from './dotenv.ts'
import { interpolate, type UsedVariable } from './interpolate.ts'
import { mergeTrees } from './merge.ts'
import { rebasePaths } from './paths.ts'
import { keepUnique } from './unique.ts'

/** A variable that a Compose file was put together from. */
export interface VariableUse extends UsedVariable {
  readonly at: Place
  /** What the file says of it when it must be set. */
  readonly demand?: string
}

/** All files of a Compose application as one tree: interpolated, extended, included, merged. */
export interface ComposeApplication {
  readonly tree: Mapping
  /** Files that were read, in order. */
  readonly files: readonly string[]
  readonly variables: readonly VariableUse[]
  readonly problems: readonly ProblemDetails[]
  /** Variables that the files are interpolated with: those given and those of `.env`. */
  lookup(name: string): string | undefined
}

/** Names under which a Compose file is found, in the order in which Compose looks for them. */
export const composeFileNames: readonly string[] = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yml',
  'docker-compose.yaml',
]
const overrideFileNames: readonly string[] = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
]

/** The Compose files of a folder: those that COMPOSE_FILE in `.env` names, or the default one and its override. */
export function findComposeFiles(files: SourceFiles, folder = '.'): readonly string[] {
  const env = readEnv(files, [pathFrom(folder, '.env')])
  const named = env.entries.get('COMPOSE_FILE')?.value
  if (named) {
    const separator = env.entries.get('COMPOSE_PATH_SEPARATOR')?.value ?? ':'
    return named
      .split(separator)
      .filter((name) => name !== '')
      .map((name) => pathFrom(folder, name))
  }
  const names = files.list(folder)
  const main = composeFileNames.find((name) => names.includes(name))
  const override = overrideFileNames.find((name) => names.includes(name))
  return main ? [main, ...(override ? [override] : [])].map((name) => pathFrom(folder, name)) : []
}

type Lookup = (name: string) => string | undefined

/** Loads a Compose application from its files, the later ones over the earlier ones; `env` comes before `.env`. */
export function loadCompose(
  files: SourceFiles,
  paths: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): ComposeApplication {
  const problems: ProblemDetails[] = []
  const variables: VariableUse[] = []
  const readFiles: string[] = []
  const folder = folderOf(paths[0] ?? '.')
  const dotenv = readEnv(files, [pathFrom(folder, '.env')], (name) => env[name])
  const lookup: Lookup = (name) => env[name] ?? dotenv.entries.get(name)?.value

  const fail = (code: string, at: Place, message: string, hint: string): void => {
    problems.push({ code, message, where: { file: at.file, line: at.line }, hint })
  }

  let tree: Tree = mapping([], { file: paths[0] ?? '', line: 1 })
  for (const path of paths) tree = readOver(tree, path, folder, lookup, [])

  return { tree: tree.kind === 'mapping' ? tree : mapping([], tree.at), files: readFiles, variables, problems, lookup }

  /** Reads a file's documents and puts them over what is there. */
  function readOver(base: Tree, path: string, root: string, names: Lookup, includedBy: readonly string[]): Tree {
    let result = base
    for (const document of parse(path, { file: path, line: 1 })) {
      let own = substitute(document.tree, names)
      if (own.kind !== 'mapping') {
        if (own.kind !== 'scalar' || own.value !== null)
          fail('SW1041', own.at, `${path} holds no mapping at its top`, 'A Compose file begins with `services:`.')
        continue
      }
      own = withoutTagged(
        own,
        document.tagged.filter((tagged) => tagged.tag === 'reset'),
      )
      if (own.kind !== 'mapping') continue
      own = include(own, root, names, [...includedBy, path])
      result = withoutTagged(result, document.tagged)
      own = extendAll(own, path, names, document.tagged)
      result = keepUnique(mergeTrees(result, own))
    }
    return result
  }

  function parse(path: string, from: Place): readonly { tree: Tree; tagged: readonly TaggedPath[] }[] {
    const text = files.read(path)
    if (text === undefined) {
      fail('SW1042', from, `${path} is not there`, 'Correct the path, or bring the file.')
      return []
    }
    if (!readFiles.includes(path)) readFiles.push(path)
    const { documents, faults } = readYaml(text, path)
    for (const fault of faults) fail('SW1041', fault.at, `not YAML: ${fault.message}`, 'Mend the file first.')
    return documents
  }

  function substitute(node: Tree, names: Lookup): Tree {
    switch (node.kind) {
      case 'mapping':
        return mapping(
          [...node.entries].map(([key, value]) => [key, substitute(value, names)]),
          node.at,
        )
      case 'list':
        return list(
          node.items.map((item) => substitute(item, names)),
          node.at,
        )
      case 'scalar': {
        if (typeof node.value !== 'string' || !node.value.includes('$')) return node
        const done = interpolate(node.value, names)
        if (done.invalid)
          fail('SW1044', node.at, `\`${done.invalid}\` is no variable`, 'Write `$$` where a dollar sign is meant.')
        for (const used of done.variables) {
          const demand = done.demands.find((demanded) => demanded.name === used.name)?.message
          variables.push({ ...used, at: node.at, ...(demand !== undefined && { demand }) })
        }
        return scalar(
          done.text,
          node.at,
          done.variables.map((used) => used.name),
        )
      }
      default:
        return node satisfies never
    }
  }

  function include(own: Mapping, root: string, names: Lookup, chain: readonly string[]): Mapping {
    const asked = own.entries.get('include')
    if (!asked) return own
    const entries = new Map(own.entries)
    entries.delete('include')
    for (const item of asked.kind === 'list' ? asked.items : [asked]) {
      const imported = included(item, root, names, chain)
      if (imported.kind !== 'mapping') continue
      for (const kind of ['services', 'volumes', 'networks', 'secrets', 'configs', 'models']) {
        const theirs = imported.entries.get(kind)
        const ours = entries.get(kind)
        if (theirs) entries.set(kind, ours ? mergeTrees(theirs, ours, [kind]) : theirs)
      }
    }
    return mapping(entries, own.at)
  }

  function included(item: Tree, root: string, names: Lookup, chain: readonly string[]): Tree {
    const option = (key: string): Tree | undefined => (item.kind === 'mapping' ? item.entries.get(key) : undefined)
    const paths = texts(item.kind === 'mapping' ? option('path') : item).map((path) => pathFrom(root, path))
    const [main = ''] = paths
    if (chain.includes(main)) {
      fail('SW1043', item.at, `${main} includes itself`, 'Break the circle of `include`.')
      return mapping([], item.at)
    }
    const given = textOf(option('project_directory'))
    const folder = given === undefined ? folderOf(main) : pathFrom(root, given)
    const envPaths = texts(option('env_file')).filter((path) => path !== '/dev/null')
    const own = readEnv(
      files,
      option('env_file') ? envPaths.map((path) => pathFrom(root, path)) : [pathFrom(folder, '.env')],
      names,
    )
    const inner: Lookup = (name) => names(name) ?? own.entries.get(name)?.value
    let tree: Tree = mapping([], item.at)
    for (const path of paths) {
      if (files.read(path) === undefined)
        fail('SW1042', item.at, `${path} is included and not there`, 'Correct the path, or bring the file.')
      else tree = readOver(tree, path, folder, inner, chain)
    }
    return rebasePaths(tree, folder)
  }

  function extendAll(own: Mapping, path: string, names: Lookup, tagged: readonly TaggedPath[]): Mapping {
    const services = own.entries.get('services')
    if (services?.kind !== 'mapping') return own
    const done = [...services.entries.keys()].map(
      (name) => [name, extend(name, services, path, names, tagged, [])] as const,
    )
    return mapping(new Map(own.entries).set('services', mapping(done, services.at)), own.at)
  }

  function extend(
    name: string,
    services: Mapping,
    path: string,
    names: Lookup,
    tagged: readonly TaggedPath[],
    chain: readonly string[],
  ): Tree {
    const service = services.entries.get(name) ?? scalar(null, services.at)
    if (service.kind !== 'mapping') return service
    const wish = service.entries.get('extends')
    if (!wish) return service
    const here = `${path}#${name}`
    if (chain.includes(here)) {
      fail('SW1043', wish.at, `${name} extends itself in a circle`, 'Break the circle of `extends`.')
      return service
    }
    const option = (key: string): string | undefined =>
      wish.kind === 'mapping' ? textOf(wish.entries.get(key)) : undefined
    const wanted = option('service') ?? textOf(wish) ?? ''
    const file = option('file')
    const other =
      file === undefined ? { services, path, tagged } : servicesOf(pathFrom(folderOf(path), file), wish.at, names)
    if (!other?.services.entries.has(wanted)) {
      if (other)
        fail('SW1043', wish.at, `${name} extends ${wanted}, which ${other.path} does not have`, 'Correct the name.')
      return mapping(
        [...service.entries].filter(([key]) => key !== 'extends'),
        service.at,
      )
    }
    const base = extend(wanted, other.services, other.path, names, other.tagged, [...chain, here])
    const cleaned = withoutTagged(base, tagged, ['services', name])
    const merged = mergeTrees(
      cleaned,
      mapping(
        [...service.entries].filter(([key]) => key !== 'extends'),
        service.at,
      ),
      ['services', name],
    )
    return merged
  }

  function servicesOf(path: string, from: Place, names: Lookup) {
    if (files.read(path) === undefined) {
      fail('SW1042', from, `${path} is extended and not there`, 'Correct the path, or bring the file.')
      return undefined
    }
    const [document] = parse(path, from)
    const services = document && substitute(document.tree, names)
    const found = services?.kind === 'mapping' ? services.entries.get('services') : undefined
    if (found?.kind !== 'mapping') {
      fail('SW1043', from, `${path} has no services to extend`, 'Correct the path.')
      return undefined
    }
    const rebased = rebasePaths(mapping([['services', found]], found.at), relativeFolder(path))
    const own = rebased.kind === 'mapping' ? rebased.entries.get('services') : undefined
    return { services: own?.kind === 'mapping' ? own : found, path, tagged: document?.tagged ?? [] }
  }

  function relativeFolder(path: string): string {
    return tidyPath(folderOf(path))
  }
}

function texts(tree: Tree | undefined): string[] {
  if (!tree) return []
  return (tree.kind === 'list' ? tree.items : [tree]).flatMap((item) => textOf(item) ?? [])
}

/** Takes the values at the tagged paths out of a tree that stands at `above`. */
function withoutTagged(tree: Tree, tagged: readonly TaggedPath[], above: readonly string[] = []): Tree {
  if (tagged.length === 0 || tree.kind !== 'mapping') return tree
  return mapping(
    [...tree.entries].flatMap(([key, value]) => {
      const path = [...above, key]
      if (tagged.some((one) => one.path.length === path.length && one.path.every((step, i) => step === path[i])))
        return []
      return [[key, withoutTagged(value, tagged, path)] as const]
    }),
    tree.at,
  )
}

function readEnv(files: SourceFiles, paths: readonly string[], lookup: Lookup = () => undefined): EnvFile {
  const entries = new Map<string, { value: string; line: number; variables: readonly string[] }>()
  const faults: { line: number; message: string }[] = []
  for (const path of paths) {
    const text = files.read(path)
    if (text === undefined) continue
    const read = readDotenv(text, (name) => lookup(name) ?? entries.get(name)?.value)
    for (const [name, entry] of read.entries) entries.set(name, entry)
    faults.push(...read.faults)
  }
  return { entries, faults }
}
