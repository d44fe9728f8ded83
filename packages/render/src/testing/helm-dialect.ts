import { parse, parseAllDocuments } from 'yaml'
import type { FileTree } from '../file-tree.ts'
import { toYaml } from '../yaml.ts'

type Values = Readonly<Record<string, unknown>>

function evaluate(expression: string, values: Values, namespace: string): unknown {
  const trimmed = expression.trim()
  const hasKey = /^hasKey \.Values "(.+)"$/.exec(trimmed)
  if (hasKey) return (hasKey[1] ?? '') in values
  const value = /^\.Values\.(\w+)( \| toJson)?$/.exec(trimmed)
  if (value) {
    const found = values[value[1] ?? '']
    return value[2] ? JSON.stringify(found ?? null) : found
  }
  const block = /^toYaml \.Values\.(\w+) \| indent (\d+)$/.exec(trimmed)
  if (block) {
    const pad = ' '.repeat(Number(block[2]))
    return toYaml(values[block[1] ?? ''])
      .trimEnd()
      .split('\n')
      .map((line) => pad + line)
      .join('\n')
  }
  if (trimmed === '.Release.Namespace') return namespace
  if (trimmed === '"{{"') return '{{'
  throw new Error(`this is not in the dialect of our charts: {{ ${trimmed} }}`)
}

/** Renders a template in the small dialect that our charts are written in (look-ups, `if`, `toYaml`), as Helm does. */
export function renderTemplate(template: string, values: Values, namespace: string): string {
  const output: string[] = []
  const open: boolean[] = []
  for (const line of template.split('\n')) {
    const control = /^\{\{- (if (.+)|end) \}\}$/.exec(line)
    if (control?.[1] === 'end') open.pop()
    else if (control) open.push(Boolean(evaluate(control[2] ?? '', values, namespace)))
    else if (open.every(Boolean))
      output.push(line.replace(/\{\{(.*?)\}\}/g, (_, inner: string) => String(evaluate(inner, values, namespace))))
  }
  return output.join('\n')
}

/** Values over values, as Helm lays them: maps merge at every depth, everything else replaces. */
function laidOver(below: Values, above: Values): Values {
  const isMap = (value: unknown): value is Values =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
  const merged = Object.entries(above).map(([key, value]) => {
    const under = below[key]
    return [key, isMap(value) && isMap(under) ? laidOver(under, value) : value] as const
  })
  return { ...below, ...Object.fromEntries(merged) }
}

/**
 * All objects of a chart and the charts inside it with the values given over those of the charts themselves, tests left
 * out, as `helm template --values GIVEN --skip-tests` gives them.
 */
export function renderChart(tree: FileTree, given: Values, namespace: string): unknown[] {
  const defaults = (path: string): Values => (parse(tree.get(path) ?? '{}', { version: '1.1' }) ?? {}) as Values
  const values = laidOver(defaults('values.yaml'), given)
  return [...tree].flatMap(([path, text]) => {
    const match = /^(?:charts\/([^/]+)\/)?templates\/([^/]+\.yaml)$/.exec(path)
    if (!match) return []
    const own = match[1]
      ? laidOver(defaults(`charts/${match[1]}/values.yaml`), (values[match[1]] ?? {}) as Values)
      : values
    if (own.enabled === false) return []
    return parseAllDocuments(renderTemplate(text, own, namespace), { version: '1.1' }).flatMap((document) =>
      document.contents === null ? [] : [document.toJS() as unknown],
    )
  })
}
