import type { Origin } from '../author/part.ts'
import { formatPath, type PathStep, parsePath } from '../catalog-path.ts'
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
  const stacks = new Map<Origin, number>()
  const stackIds = new Map<string, number>()
  /** A number for each different stack: parts that a helper made on one line share theirs. */
  const stackOf = (origin: Origin): number => {
    let id = stacks.get(origin)
    if (id === undefined) {
      const stack = origin.stack ?? ''
      id = stackIds.get(stack) ?? stackIds.size
      stackIds.set(stack, id)
      stacks.set(origin, id)
    }
    return id
  }
  const places = new Map<string, Where | undefined>()
  return (path) => {
    const steps = parsePath(path)
    const part = origins.get(steps.slice(0, 2).join('.'))
    const origin = part ?? origins.get('')
    if (!origin) return undefined
    const wanted = part ? steps.slice(2) : steps
    const key = `${stackOf(origin)} ${formatPath(wanted)}`
    if (!places.has(key)) places.set(key, place(origin.stack ?? '', wanted, isAuthors, scriptAt))
    return places.get(key)
  }
}

function place(
  stack: string,
  wanted: readonly PathStep[],
  isAuthors: (file: string) => boolean,
  scriptAt: (file: string) => Script | undefined,
): Where | undefined {
  let best: { readonly frame: Frame; readonly depth: number; readonly at: number } | undefined
  for (const frame of framesOf(stack)) {
    const script = isAuthors(frame.file) ? scriptAt(frame.file) : undefined
    if (!script) continue
    const trace = traceCall(script, offsetOf(script, frame), wanted)
    if (!best || trace.depth > best.depth) best = { frame, ...trace }
  }
  if (!best) return undefined
  const script = scriptAt(best.frame.file)
  const position = script && best.depth > 0 ? positionOf(script, best.at) : best.frame
  return { file: best.frame.file, line: position.line, column: position.column }
}
