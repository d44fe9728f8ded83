import type { Origin } from '../author/part.ts'
import { parsePath } from '../catalog-path.ts'
import type { Where } from '../problem.ts'
import { offsetOf, positionOf, type Script, scriptOf, traceCall } from './script.ts'
import { type Frame, framesOf } from './stack.ts'

/**
 * Finds where in TypeScript a catalog path was written: from the line on which the part was made, through the object
 * literals of that call, and through those of the helpers that made it, as far as they can be followed without running them.
 */
export function scriptLocator(
  origins: ReadonlyMap<string, Origin>,
  isAuthors: (file: string) => boolean,
  read: (file: string) => string | undefined,
): (path: string) => Where | undefined {
  const scripts = new Map<string, Script | undefined>()
  const scriptAt = (file: string): Script | undefined => {
    if (!scripts.has(file)) {
      const source = read(file)
      scripts.set(file, source === undefined ? undefined : scriptOf(source))
    }
    return scripts.get(file)
  }
  return (path) => {
    const steps = parsePath(path)
    const part = origins.get(steps.slice(0, 2).join('.'))
    const origin = part ?? origins.get('')
    const frames = framesOf(origin?.stack).filter(({ file }) => isAuthors(file))
    const wanted = part ? steps.slice(2) : steps
    let best: { readonly frame: Frame; readonly depth: number; readonly at: number } | undefined
    for (const frame of frames) {
      const script = scriptAt(frame.file)
      if (!script) continue
      const trace = traceCall(script, offsetOf(script, frame), wanted)
      if (!best || trace.depth > best.depth) best = { frame, ...trace }
    }
    if (!best) return undefined
    const script = scriptAt(best.frame.file)
    const position = script && best.depth > 0 ? positionOf(script, best.at) : best.frame
    return { file: best.frame.file, line: position.line, column: position.column }
  }
}
