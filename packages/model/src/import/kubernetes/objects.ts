import type { ProblemDetails } from '../../problem.ts'
import type { Notes } from '../note.ts'
import { openSection, type Section } from '../section.ts'
import { pathFrom, type SourceFiles } from '../source-files.ts'
import { readYaml } from '../yaml/read-yaml.ts'
import { type Mapping, textOf } from '../yaml/tree.ts'

/** One object of a manifest. */
export interface KubernetesObject {
  readonly kind: string
  /** `apps`, `networking.k8s.io`; empty for the core. */
  readonly group: string
  readonly name: string
  readonly namespace?: string
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
  /** The object itself; its path is `Deployment/web`. */
  readonly section: Section
}

/** All objects in a folder's manifests. */
export interface Manifests {
  readonly objects: readonly KubernetesObject[]
  readonly files: readonly string[]
  readonly problems: readonly ProblemDetails[]
}

/** Reads every manifest below a folder; what is a template is noted, because only its engine can read it. */
export function readManifests(files: SourceFiles, folder: string, notes: Notes): Manifests {
  const objects: KubernetesObject[] = []
  const read: string[] = []
  const problems: ProblemDetails[] = []
  for (const path of manifestPaths(files, folder)) {
    const text = files.read(path) ?? ''
    if (/\{\{[-\s]*[.$a-z"(]/i.test(text)) {
      notes.lost(
        { file: path, line: 1 },
        path,
        `${path} is a Helm template`,
        'Render it first: `helm template . > all.yaml`.',
      )
      continue
    }
    const { documents, faults } = readYaml(text, path)
    for (const fault of faults)
      problems.push({
        code: 'SW1041',
        message: `not YAML: ${fault.message}`,
        where: { file: path, line: fault.at.line },
        hint: 'Mend the file first.',
      })
    const found = documents.flatMap(({ tree }) => (tree.kind === 'mapping' ? objectsOf(tree) : []))
    if (found.length > 0) read.push(path)
    for (const object of found) {
      if (object.kind === 'Kustomization')
        notes.guessed(
          object.section.at,
          object.section.path,
          'a Kustomization was not applied: its resources were read as they are',
          'Apply it first: `kubectl kustomize DIR > all.yaml`, and import that.',
        )
      else objects.push(object)
    }
  }
  return { objects, files: read, problems }
}

function manifestPaths(files: SourceFiles, folder: string, depth = 6): readonly string[] {
  return files.list(folder).flatMap((name) => {
    const path = pathFrom(folder, name.replace(/\/$/, ''))
    if (name.endsWith('/'))
      return depth === 0 || /^(\.|node_modules)/.test(name) ? [] : manifestPaths(files, path, depth - 1)
    return /\.(ya?ml|json)$/.test(name) ? [path] : []
  })
}

function objectsOf(tree: Mapping): readonly KubernetesObject[] {
  const kind = textOf(tree.entries.get('kind'))
  const version = textOf(tree.entries.get('apiVersion'))
  if (!kind || !version) return []
  const items = tree.entries.get('items')
  if (kind.endsWith('List') && items?.kind === 'list')
    return items.items.flatMap((item) => (item.kind === 'mapping' ? objectsOf(item) : []))
  const metadata = tree.entries.get('metadata')
  const field = (key: string) => (metadata?.kind === 'mapping' ? metadata.entries.get(key) : undefined)
  const name = textOf(field('name')) ?? textOf(field('generateName')) ?? kind.toLowerCase()
  const namespace = textOf(field('namespace'))
  const section = openSection(tree, `${kind}/${name}`)
  for (const key of ['apiVersion', 'kind', 'metadata', 'status']) section.take(key)
  return [
    {
      kind,
      group: version.includes('/') ? (version.split('/')[0] ?? '') : '',
      name,
      ...(namespace && { namespace }),
      labels: textMap(field('labels')),
      annotations: textMap(field('annotations')),
      section,
    },
  ]
}

/** A mapping of texts; other values are left out. */
export function textMap(tree: ReturnType<Mapping['entries']['get']>): ReadonlyMap<string, string> {
  if (tree?.kind !== 'mapping') return new Map()
  return new Map(
    [...tree.entries].flatMap(([key, value]) =>
      textOf(value) === undefined ? [] : [[key, textOf(value) ?? ''] as const],
    ),
  )
}

/** Whether labels satisfy a selector's `matchLabels` (or a Service's plain selector). */
export function selects(selector: ReadonlyMap<string, string>, labels: ReadonlyMap<string, string>): boolean {
  return selector.size > 0 && [...selector].every(([key, value]) => labels.get(key) === value)
}
