import type { Node, ObjectNode } from './node.ts'
import { fits } from './shape.ts'

type ShortNode = Extract<Node, { kind: 'short' }>

/** Writes short forms out, at every depth, so that overlays meet objects where objects are meant; units stay as written. */
export function desugar(node: Node, value: unknown): unknown {
  if (value === null || value === undefined) return value
  switch (node.kind) {
    case 'object':
      return desugarFields(node, value)
    case 'overlay':
      return desugarFields(node.of, value)
    case 'record': {
      const result: Record<string, unknown> = {}
      for (const [key, item] of Object.entries(value)) result[key] = desugar(node.of, item)
      return result
    }
    case 'list':
    case 'pair':
      return (value as readonly unknown[]).map((item) => desugar(node.of, item))
    case 'either': {
      const form = node.of.find((candidate) => fits(candidate, value))
      return form ? desugar(form, value) : value
    }
    case 'short':
      return desugarFields(node.full, written(node, value))
    default:
      return value
  }
}

/** The full form of a value that may be written short; only the outermost level is written out. */
export function written(node: ShortNode, value: unknown): Readonly<Record<string, unknown>> {
  if (fits(node.full, value)) return value as Readonly<Record<string, unknown>>
  switch (node.split) {
    case 'host-path':
      return hostAndPath(String(value))
    case 'min-max': {
      const [min, max] = value as readonly unknown[]
      return { min, max }
    }
    default:
      return { [node.as]: value }
  }
}

/** `api.example.com/v1` → host and path; `/v1` → path; `api` → host. */
function hostAndPath(text: string): { readonly host?: string; readonly path?: string } {
  const slash = text.indexOf('/')
  if (slash === -1) return text === '' ? {} : { host: text }
  return { ...(slash > 0 && { host: text.slice(0, slash) }), path: text.slice(slash) }
}

function desugarFields(node: ObjectNode, value: unknown): Readonly<Record<string, unknown>> {
  const result: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value as object)) {
    const field = node.fields[key]
    result[key] = field ? desugar(field.type, item) : item
  }
  return result
}
