import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml'
import { list, type Mapping, mapping, type Place, scalar, type Tree } from './tree.ts'

/** What Compose's tags `!reset` and `!override` ask for, by the path of the value that they stand on. */
export interface TaggedPath {
  readonly tag: 'reset' | 'override'
  readonly path: readonly string[]
}

export interface YamlDocument {
  readonly tree: Tree
  readonly tagged: readonly TaggedPath[]
}

/** A line that is not YAML. */
export interface YamlFault {
  readonly message: string
  readonly at: Place
}

export interface YamlFile {
  readonly documents: readonly YamlDocument[]
  readonly faults: readonly YamlFault[]
}

/** Values that one file may unfold to; keeps a file of a few lines of nested aliases from filling the memory. */
const mostValues = 100_000

/** Faults of one document that are told. */
const mostFaults = 3

/** Reads YAML (1.2 core, with merge keys and anchors) into trees that know their lines; broken documents are faults. */
export function readYaml(text: string, file: string): YamlFile {
  const lineCounter = new LineCounter()
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    lineCounter,
    strict: false,
    logLevel: 'silent',
    customTags: ['reset', 'override'].flatMap((tag) => [
      { tag: `!${tag}`, collection: 'map' as const },
      { tag: `!${tag}`, collection: 'seq' as const },
      { tag: `!${tag}`, resolve: (value: string) => value },
    ]),
  })
  const faults: YamlFault[] = []
  const read: YamlDocument[] = []
  for (const document of 'empty' in documents ? [] : documents) {
    // One slip makes the parser stumble many times behind it.
    for (const error of document.errors.slice(0, mostFaults)) {
      const message = error.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? error.message
      faults.push({ message, at: { file, line: lineCounter.linePos(error.pos[0]).line } })
    }
    if (document.errors.length > 0) continue
    const reader = treeReader(document, file, lineCounter)
    const tree = reader.read(document.contents)
    faults.push(...reader.faults)
    read.push({ tree, tagged: reader.tagged })
  }
  return { documents: read, faults }
}

function treeReader(document: Document, file: string, lines: LineCounter) {
  const tagged: TaggedPath[] = []
  const faults: YamlFault[] = []
  const open = new Set<Node>()
  let values = 0

  const placeOf = (node: Node | null | undefined, otherwise: Place): Place =>
    node?.range ? { file, line: lines.linePos(node.range[0]).line } : otherwise

  function read(node: unknown, path: readonly string[] = [], above: Place = { file, line: 1 }): Tree {
    const found = node as Node | null
    const at = placeOf(found, above)
    values += 1
    if (values > mostValues) {
      if (values === mostValues + 1)
        faults.push({ message: `unfolds to more than ${mostValues} values through its aliases`, at })
      return scalar(null, at)
    }
    if (isAlias(found)) {
      const target = found.resolve(document)
      if (!target || open.has(target)) {
        faults.push({ message: `the alias *${found.source} ${target ? 'holds itself' : 'names no anchor'}`, at })
        return scalar(null, at)
      }
      return read(target, path, at)
    }
    const tag = found?.tag
    if (tag === '!reset' || tag === '!override') tagged.push({ tag: tag === '!reset' ? 'reset' : 'override', path })
    if (found && (isMap(found) || isSeq(found))) {
      open.add(found)
      const tree = isMap(found)
        ? readMap(found.items, path, at)
        : list(
            found.items.map((item, i) => read(item, [...path, String(i)], at)),
            at,
          )
      open.delete(found)
      return tree
    }
    if (isScalar(found)) return scalar(scalarValue(found.value, found.source), at)
    return scalar(null, at)
  }

  function readMap(pairs: readonly { key: unknown; value: unknown }[], path: readonly string[], at: Place): Mapping {
    const own: [string, Tree][] = []
    const merged: [string, Tree][] = []
    for (const { key, value } of pairs) {
      const name = isScalar(key) ? String(key.value ?? '') : String(key)
      const keyPlace = placeOf(key as Node, at)
      if (name === '<<' && isScalar(key) && key.type === 'PLAIN') {
        const sources = read(value, path, keyPlace)
        for (const source of sources.kind === 'list' ? sources.items : [sources]) {
          if (source.kind !== 'mapping') {
            faults.push({ message: '`<<` takes a mapping or a list of mappings', at: keyPlace })
          } else {
            for (const entry of source.entries) if (!merged.some(([known]) => known === entry[0])) merged.push(entry)
          }
        }
        continue
      }
      const child = read(value, [...path, name], keyPlace)
      own.push([name, { ...child, at: keyPlace }])
    }
    return mapping([...merged, ...own], at)
  }

  return { read, tagged, faults }
}

function scalarValue(value: unknown, source: string | undefined): string | number | boolean | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean' || typeof value === 'string') return value
  if (typeof value === 'number') {
    // Compose reads numbers as YAML 1.1 does: a leading zero means octal.
    if (source && /^[-+]?0[0-7]+$/.test(source)) return Number.parseInt(source, 8)
    return Number.isSafeInteger(value) || !Number.isInteger(value) ? value : (source ?? value)
  }
  return source ?? String(value)
}
