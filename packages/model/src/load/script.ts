import type { PathStep } from '../catalog-path.ts'
import { type Token, tokensOf } from './script-tokens.ts'

/** A line and a column of a file, both from 1. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A script taken apart once, to be asked where things stand in it. */
export interface Script {
  readonly source: string
  readonly tokens: readonly Token[]
  /** Index of the token at which the value of each constant begins. */
  readonly constants: ReadonlyMap<string, number>
}

/** How far a catalog path could be followed in a script, and where that is. */
export interface Trace {
  /** Steps of the path that were found. */
  readonly depth: number
  /** Offset of the innermost key or item found. */
  readonly at: number
}

/** Takes a script apart. */
export function scriptOf(source: string): Script {
  const tokens = tokensOf(source)
  return { source, tokens, constants: constantsIn(tokens) }
}

function constantsIn(tokens: readonly Token[]): ReadonlyMap<string, number> {
  const constants = new Map<string, number>()
  for (let index = 0; index < tokens.length; index += 1) {
    const name = tokens[index + 1]
    if (!['const', 'let', 'var'].includes(tokens[index]?.text ?? '') || name?.kind !== 'word') continue
    // Behind the name there may be a type; `=` stands before the value.
    for (let next = index + 2; next < Math.min(tokens.length, index + 42); next += 1) {
      if (tokens[next]?.text !== '=') continue
      constants.set(name.text, next + 1)
      break
    }
  }
  return constants
}

/** The line and column of an offset. */
export function positionOf({ source }: Script, at: number): Position {
  const before = source.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

/** The offset of a line and column. */
export function offsetOf({ source }: Script, { line, column }: Position): number {
  let start = 0
  for (let count = 1; count < line; count += 1) {
    const next = source.indexOf('\n', start)
    if (next === -1) break
    start = next + 1
  }
  return start + column - 1
}

/** Follows a path through the object literals among the arguments of the call at an offset. */
export function traceCall(script: Script, at: number, path: readonly PathStep[]): Trace {
  const start = script.tokens.findIndex((token) => token.at + token.text.length > at)
  let best: Trace = { depth: 0, at }
  // A call such as `app('core')('api', {...})` has several lists of arguments in a row; each may hold the literal.
  for (let index = start; index !== -1 && index < script.tokens.length; index += 1) {
    const token = script.tokens[index]
    if (!token || token.closes === -1 || token.text !== '(') {
      if (!token || ';,)]}'.includes(token.text) || (token.kind === 'mark' && !'.!?<>'.includes(token.text))) break
      continue
    }
    best = deeper(best, traceArguments(script, index, path))
    index = token.closes
  }
  return best
}

function traceArguments(script: Script, open: number, path: readonly PathStep[]): Trace {
  let best: Trace = { depth: 0, at: script.tokens[open]?.at ?? 0 }
  const end = script.tokens[open]?.closes ?? open
  for (let index = open + 1; index < end; index += 1) {
    const token = script.tokens[index]
    if (token?.text === '{' && token.closes !== -1) {
      best = deeper(best, traceObject(script, index, path, 0))
      index = token.closes
    } else if (token?.kind === 'word') best = deeper(best, traceMember(script, index, path, 0))
  }
  return best
}

const farthest = 8

/** Follows a path from the value that begins at a token: a literal, or a constant that holds one. */
function traceValue(script: Script, index: number, path: readonly PathStep[], hops: number): Trace {
  const token = script.tokens[index]
  const nothing: Trace = { depth: 0, at: token?.at ?? 0 }
  if (!token || path.length === 0 || hops > farthest) return nothing
  if (token.text === '{') return traceObject(script, index, path, hops)
  if (token.text === '[') return traceList(script, index, path, hops)
  if (token.kind === 'word') return traceMember(script, index, path, hops)
  return nothing
}

/** Follows a path into a constant, or into the member of one that is named: `shared.limits`. */
function traceMember(script: Script, index: number, path: readonly PathStep[], hops: number): Trace {
  const { tokens } = script
  const members: string[] = []
  let next = index + 1
  while (tokens[next]?.text === '.' && tokens[next + 1]?.kind === 'word') {
    members.push(tokens[next + 1]?.text ?? '')
    next += 2
  }
  const called = tokens[next]?.text === '('
  const trace = traceConstant(script, tokens[index]?.text ?? '', called ? path : [...members, ...path], hops)
  return called || trace.depth <= members.length
    ? { depth: 0, at: trace.at }
    : { ...trace, depth: trace.depth - members.length }
}

/** Follows a path into `const NAME = {...}`. */
function traceConstant(script: Script, name: string, path: readonly PathStep[], hops: number): Trace {
  const value = script.constants.get(name)
  if (value === undefined || hops > farthest) return { depth: 0, at: 0 }
  return traceValue(script, value, path, hops + 1)
}

function traceObject(script: Script, open: number, path: readonly PathStep[], hops: number): Trace {
  const { tokens } = script
  const [step, ...rest] = path
  const start: Trace = { depth: 0, at: tokens[open]?.at ?? 0 }
  if (step === undefined) return start
  let best = start
  for (const index of entriesOf(tokens, open)) {
    const token = tokens[index]
    if (!token) continue
    if (token.text === '...') {
      best = deeper(best, traceValue(script, index + 1, path, hops + 1))
      continue
    }
    if (keyOf(token) !== String(step)) continue
    const colon = tokens[index + 1]?.text === ':'
    const inner = colon ? traceValue(script, index + 2, rest, hops) : traceConstant(script, token.text, rest, hops)
    const found = inner.depth > 0 ? { depth: inner.depth + 1, at: inner.at } : { depth: 1, at: token.at }
    // The last one wins, as it does when the literal is evaluated.
    if (found.depth >= best.depth) best = found
  }
  return best
}

function traceList(script: Script, open: number, path: readonly PathStep[], hops: number): Trace {
  const { tokens } = script
  const [step, ...rest] = path
  const start: Trace = { depth: 0, at: tokens[open]?.at ?? 0 }
  if (typeof step !== 'number') return start
  const entries = entriesOf(tokens, open)
  if (entries.slice(0, step + 1).some((index) => tokens[index]?.text === '...')) return start
  const index = entries[step]
  if (index === undefined) return start
  const inner = traceValue(script, index, rest, hops)
  return inner.depth > 0 ? { depth: inner.depth + 1, at: inner.at } : { depth: 1, at: tokens[index]?.at ?? start.at }
}

/** Indices of the tokens with which the entries of a literal begin. */
function entriesOf(tokens: readonly Token[], open: number): readonly number[] {
  const end = tokens[open]?.closes ?? -1
  const entries: number[] = []
  let fresh = true
  for (let index = open + 1; index < end; index += 1) {
    const token = tokens[index]
    if (!token) break
    if (token.text === ',' && token.kind === 'mark') {
      fresh = true
      continue
    }
    if (fresh) entries.push(index)
    fresh = false
    if (token.closes > index) index = token.closes
  }
  return entries
}

function keyOf(token: Token): string | undefined {
  if (token.kind === 'word' || token.kind === 'number') return token.text
  return token.kind === 'text' ? token.text.slice(1, -1) : undefined
}

function deeper(a: Trace, b: Trace): Trace {
  return b.depth > a.depth ? b : a
}
