import { nearest } from '../nearest.ts'
import type { Node, ObjectNode } from '../schema/node.ts'
import { fits } from '../schema/shape.ts'
import { expectationOf, foundOf, joined } from './expectation.ts'
import { readName, wrongKind } from './read-scalar.ts'
import { readValue } from './read-value.ts'
import { type Reading, refuse, refusedValue } from './reading.ts'
import { meantField } from './synonyms.ts'

/** Reads an object of known fields; an unknown key is a problem, and so is a missing one outside of overlays. */
export function readObject(node: ObjectNode, value: unknown, reading: Reading): unknown {
  if (!fits(node, value)) return wrongKind(node, value, reading)
  const source = value as Readonly<Record<string, unknown>>
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(source)) {
    const item = source[key]
    if (item === undefined) continue
    const field = Object.hasOwn(node.fields, key) ? node.fields[key] : undefined
    reading.path.push(key)
    if (!field) refuseKey(node, key, reading)
    else if (item === null && reading.overlayDepth > 0) result[key] = null
    else {
      const read = readValue(field.type, item, reading)
      if (read !== refusedValue) result[key] = read
    }
    reading.path.pop()
  }
  if (reading.overlayDepth === 0) {
    const missing = requiredOf(node, reading).filter((key) => !(key in result))
    for (const key of missing) {
      if (source[key] === undefined) refuseMissing(node, key, reading)
    }
    if (missing.length > 0) return refusedValue
  }
  return Object.freeze(result)
}

/** Notes that a field is missing without which its object means nothing. */
export function refuseMissing(node: ObjectNode, key: string, reading: Reading): void {
  const field = node.fields[key]
  if (!field) return
  refuse(reading, 'SW1002', `\`${key}\` is missing: ${expectationOf(field.type)}`, `add ${key}: ${field.doc}`)
}

/** The fields of an object that must be written. */
export function requiredOf(node: ObjectNode, reading: Reading): readonly string[] {
  let required = reading.required.get(node)
  if (!required) {
    required = Object.keys(node.fields).filter((key) => node.fields[key]?.required)
    reading.required.set(node, required)
  }
  return required
}

function refuseKey(node: ObjectNode, key: string, reading: Reading): void {
  const known = Object.keys(node.fields)
  const near = meantField(node.name, key, known) ?? nearest(key, known)
  const few = known.length <= 12 ? `there is ${joined(known)}` : undefined
  const hint = near === undefined ? few : `write ${near}: ${node.fields[near]?.doc ?? ''}`
  refuse(reading, 'SW1001', `${node.name} has no field \`${key}\``, hint)
}

/** Reads an object of free keys. */
export function readRecord(node: Extract<Node, { kind: 'record' }>, value: unknown, reading: Reading): unknown {
  if (!fits(node, value)) return wrongKind(node, value, reading)
  const source = value as Readonly<Record<string, unknown>>
  const result: Record<string, unknown> = {}
  for (const key of Object.keys(source)) {
    const item = source[key]
    if (item === undefined) continue
    reading.path.push(key)
    if (node.of.kind === 'overlay') reading.overlays.push({ path: [...reading.path].join('.'), environment: key })
    if (keyIsRight(node, key, reading)) {
      if (item === null && reading.overlayDepth > 0) result[key] = null
      else if (item === null && node.of.kind === 'object') wrongKind(node.of, item, reading, `write ${key}: {}`)
      else {
        const read = readValue(node.of, item, reading)
        if (read !== refusedValue) result[key] = read
      }
    }
    reading.path.pop()
  }
  return Object.freeze(result)
}

function keyIsRight(node: Extract<Node, { kind: 'record' }>, key: string, reading: Reading): boolean {
  switch (node.keys) {
    case 'name':
      return readName(key, reading) !== refusedValue
    case 'environment':
      return node.of.kind === 'overlay' || readName(key, reading) !== refusedValue
    case 'variable':
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) return true
      refuse(reading, 'SW1007', `expected the name of a variable such as LOG_LEVEL, found ${foundOf(key)}`)
      return false
    default:
      if (key !== '__proto__') return true
      refuse(reading, 'SW1007', 'the key `__proto__` cannot be used')
      return false
  }
}
