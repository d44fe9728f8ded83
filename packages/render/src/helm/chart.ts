import type { Json } from '@seaworthy/model'
import type { FileTree } from '../file-tree.ts'
import type { KubernetesObject } from '../kubernetes/object.ts'
import { toYaml } from '../yaml.ts'
import { commonValues } from './common-values.ts'
import { isParameter, parameterise, type Template } from './parameterise.ts'
import { schemaOf } from './values-schema.ts'

/** Values of one chart, by environment. */
export type ChartValues = Readonly<Record<string, { readonly [key: string]: Json }>>

/** A chart before it is written: its templates and its values. */
export interface Chart {
  readonly name: string
  readonly templates: FileTree
  readonly values: ChartValues
}

/** The objects of one program (or of the foundation) in one environment. */
export interface ChartInput {
  readonly environment: string
  readonly objects: readonly KubernetesObject[]
}

function fileName(object: KubernetesObject, alone: boolean): string {
  const kind = object.kind.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()
  return `templates/${alone ? kind : `${kind}-${object.metadata.name}`}.yaml`
}

const mark = (index: number): string => `@@seaworthy:${index}@@`

/** The text of a template: YAML in which every parameter has become an action. */
function print(template: Template): string {
  const actions: { text: string; optional: string | undefined; block: boolean }[] = []
  const marked = (node: Template): Json => {
    if (isParameter(node)) {
      const text = node.scalar ? `{{ .Values.${node.name} | toJson }}` : `toYaml .Values.${node.name}`
      actions.push({ text, optional: node.optional ? node.name : undefined, block: !node.scalar })
      return mark(actions.length - 1)
    }
    if (Array.isArray(node)) return node.map((item) => marked(item as Template))
    if (node !== null && typeof node === 'object')
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, marked(value as Template)]))
    return node as Json
  }
  return toYaml(marked(template))
    .replaceAll('{{', '{{ "{{" }}')
    .split('\n')
    .map((line) => {
      const match = /^(\s*(?:- )*)(.*?)"?@@seaworthy:(\d+)@@"?$/.exec(line)
      const action = match && actions[Number(match[3])]
      if (!match || !action)
        return line
          .replaceAll('"@@seaworthy:namespace@@"', '{{ .Release.Namespace }}')
          .replaceAll('@@seaworthy:namespace@@', '{{ .Release.Namespace }}')
      const [, indent = '', key = ''] = match
      const written = action.block
        ? `${indent}${key.trimEnd()}\n{{ ${action.text} | indent ${indent.length + 2} }}`
        : `${indent}${key}${action.text}`
      if (action.optional === undefined) return written
      return `{{- if hasKey .Values "${action.optional}" }}\n${written}\n{{- end }}`
    })
    .join('\n')
}

/** What an object is called in every environment. */
function key(object: KubernetesObject): string {
  return `${object.kind}/${object.kind === 'Namespace' ? '' : object.metadata.name}`
}

/** The object with the release's namespace in place of its own. */
function inRelease(object: KubernetesObject): Json {
  const { namespace, ...metadata } = object.metadata
  if (object.kind === 'Namespace')
    return {
      ...object,
      metadata: {
        ...metadata,
        name: '@@seaworthy:namespace@@',
        labels: { ...metadata.labels, 'app.kubernetes.io/name': '@@seaworthy:namespace@@' },
      },
    } as unknown as Json
  return {
    ...object,
    metadata: { ...metadata, ...(namespace && { namespace: '@@seaworthy:namespace@@' }) },
  } as unknown as Json
}

/**
 * Makes a chart of what environments have in common: one template per object, a value wherever they differ or people want
 * to set something, and the values of every environment. Rendering the chart with an environment's values gives exactly
 * that environment's objects.
 */
export function makeChart(name: string, inputs: readonly ChartInput[]): Chart {
  const values: Record<string, { [key: string]: Json }> = Object.fromEntries(
    inputs.map((input) => [input.environment, {}]),
  )
  const taken = new Map<string, readonly (Json | undefined)[]>()
  const record = (wanted: string, given: readonly (Json | undefined)[]): string => {
    // Two places may share a name only if they hold the same values in every environment.
    let free = wanted
    for (let i = 2; taken.has(free) && JSON.stringify(taken.get(free)) !== JSON.stringify(given); i++)
      free = `${wanted}${i}`
    taken.set(free, given)
    given.forEach((value, i) => {
      const own = values[inputs[i]?.environment ?? '']
      if (own && value !== undefined) own[free] = value
    })
    return free
  }
  const keys = [...new Set(inputs.flatMap((input) => input.objects.map(key)))]
  const kinds = keys.map((id) => id.split('/')[0])
  const templates = new Map<string, string>()
  for (const id of keys) {
    const found = inputs.map((input) => input.objects.find((object) => key(object) === id))
    const sample = found.find((object) => object !== undefined)
    if (!sample) continue
    const present = found.filter((object) => object !== undefined)
    // An object that some environments lack: its parameters are recorded with the value of one that has it.
    const template = parameterise(
      sample.kind,
      found.map((object) => inRelease(object ?? sample)),
      record,
    )
    const text = print(template)
    const path = fileName(sample, kinds.filter((kind) => kind === sample.kind).length === 1)
    if (sample.kind === 'Namespace') {
      // `helm install` keeps its own records in the namespace, so as a rule it is there before the chart is.
      const flag = record(
        'createNamespace',
        found.map(() => false),
      )
      templates.set(path, `{{- if .Values.${flag} }}\n${text}{{- end }}\n`)
    } else if (present.length === found.length) templates.set(path, text)
    else {
      const flag = record(
        `${sample.kind.charAt(0).toLowerCase()}${sample.kind.slice(1)}Enabled`,
        found.map((object) => object !== undefined),
      )
      templates.set(path, `{{- if .Values.${flag} }}\n${text}{{- end }}\n`)
    }
  }
  return { name, templates, values }
}

/** What a chart says of itself. */
export interface ChartAbout {
  readonly version: string
  readonly description: string
  /** Text shown after an installation. */
  readonly notes: string
  /** Template of the chart's test, if it has one. */
  readonly test?: string
  /** Charts inside this one, by name. */
  readonly parts?: readonly string[]
}

/** The files of a chart around its templates: metadata, notes, test. */
function metadataFiles(chart: Chart, about: ChartAbout): [string, string][] {
  const dependencies = about.parts?.map((name) => ({
    name,
    version: about.version,
    repository: '',
    condition: `${name}.enabled`,
  }))
  const metadata = {
    apiVersion: 'v2',
    name: chart.name,
    description: about.description,
    type: 'application',
    version: about.version,
    appVersion: about.version,
    ...(dependencies && { dependencies }),
  }
  return [
    ['Chart.yaml', toYaml(metadata)],
    ['.helmignore', '*.tgz\n.git/\n'],
    ['templates/NOTES.txt', about.notes],
    ...(about.test ? [['templates/tests/connection.yaml', about.test] as [string, string]] : []),
  ]
}

/** A chart as files: metadata, templates, the values that all environments set, a values file for each, and their schema. */
export function chartTree(chart: Chart, about: ChartAbout): FileTree {
  return new Map([
    ...metadataFiles(chart, about),
    ['values.yaml', toYaml(commonValues(Object.values(chart.values)))],
    ...Object.entries(chart.values).map(([environment, values]): [string, string] => [
      `values-${environment}.yaml`,
      toYaml(values),
    ]),
    ['values.schema.json', `${JSON.stringify(schemaOf(Object.values(chart.values)), null, 2)}\n`],
    ...chart.templates,
  ])
}
