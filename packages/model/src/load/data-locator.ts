import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type LineCounter } from 'yaml'
import { parsePath } from '../catalog-path.ts'
import type { Position } from './script.ts'

/** Finds where in a YAML or JSON file a catalog path is written; the nearest place above it where it is not. */
export function dataLocator(document: Document, lines: LineCounter): (path: string) => Position {
  return (path) => {
    let node: unknown = document.contents
    let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0
    for (const step of parsePath(path)) {
      if (isAlias(node)) node = node.resolve(document)
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
        if (!pair) break
        if (isNode(pair.key) && pair.key.range) offset = pair.key.range[0]
        node = pair.value
      } else if (isSeq(node) && typeof step === 'number') {
        node = node.items[step]
        if (isNode(node) && node.range) offset = node.range[0]
      } else break
    }
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col) }
  }
}
