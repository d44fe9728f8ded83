import { nearest } from '../nearest.ts'
import { correctedName, isName } from '../part-name.ts'
import type { Node } from '../schema/node.ts'
import { printUnit, readUnit } from '../units/unit.ts'
import { expectationOf, foundOf } from './expectation.ts'
import { type Reading, refuse } from './reading.ts'

type Scalar = Extract<Node, { kind: 'text' | 'name' | 'flag' | 'integer' | 'number' | 'unit' | 'choice' }>

/** Reads a single value; it comes back as it was written. */
export function readScalar(node: Scalar, value: unknown, reading: Reading): unknown {
  switch (node.kind) {
    case 'text':
      return readText(node, value, reading)
    case 'name':
      return typeof value === 'string' ? readName(value, reading) : wrongKind(node, value, reading)
    case 'flag':
      return typeof value === 'boolean' ? value : wrongKind(node, value, reading, flagHint(value))
    case 'integer':
    case 'number':
      return readNumber(node, value, reading)
    case 'unit':
      return readWithUnit(node, value, reading)
    case 'choice': {
      if (typeof value === 'string' && node.of.includes(value)) return value
      const near = typeof value === 'string' ? nearest(value, node.of) : undefined
      return refuse(
        reading,
        'SW1006',
        `expected ${expectationOf(node)}, found ${foundOf(value)}`,
        `write ${near ?? node.of[0]}`,
      )
    }
    default:
      return node satisfies never
  }
}

/** Notes that a value is of the wrong kind. */
export function wrongKind(node: Node, value: unknown, reading: Reading, hint?: string): unknown {
  const plain = typeof value !== 'function' && !(value instanceof Promise)
  const code = plain ? 'SW1003' : 'SW1012'
  const way = hint ?? (value === null ? 'leave the key out to get the default' : undefined)
  return refuse(reading, code, `expected ${expectationOf(node)}, found ${foundOf(value)}`, way)
}

/** Reads a name of a part; the hint has the corrected one. */
export function readName(value: string, reading: Reading): unknown {
  if (isName(value)) return value
  const corrected = correctedName(value)
  return refuse(
    reading,
    'SW1007',
    `expected a name of lower-case letters, digits and hyphens (at most 63), found ${foundOf(value)}`,
    corrected === undefined ? 'choose a name such as `api`' : `write ${corrected}`,
  )
}

function readText(node: Extract<Node, { kind: 'text' }>, value: unknown, reading: Reading): unknown {
  if (typeof value !== 'string') {
    const plain = typeof value === 'number' || typeof value === 'boolean'
    return wrongKind(node, value, reading, plain ? `write it in quotes: "${value}"` : undefined)
  }
  if (node.pattern === undefined) return value
  const pattern = reading.patterns.get(node.pattern) ?? new RegExp(node.pattern)
  reading.patterns.set(node.pattern, pattern)
  if (pattern.test(value)) return value
  const [example] = node.examples ?? []
  const hint = pattern.test(`/${value}`) ? `write /${value}` : example && `write it like ${example}`
  const form = node.examples ? expectationOf(node) : `a text of the form ${node.pattern}`
  return refuse(reading, 'SW1006', `expected ${form}, found ${foundOf(value)}`, hint)
}

function readNumber(node: Extract<Node, { kind: 'integer' | 'number' }>, value: unknown, reading: Reading): unknown {
  if (typeof value !== 'number') {
    const meant = typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
    return wrongKind(node, value, reading, meant ? `write ${Number(value)} without quotes` : undefined)
  }
  const whole = node.kind === 'number' ? Number.isFinite(value) : Number.isInteger(value)
  if (!whole || value < (node.min ?? -Infinity) || value > (node.max ?? Infinity)) {
    const bounded = Math.min(node.max ?? Infinity, Math.max(node.min ?? -Infinity, value))
    const near = node.kind === 'number' ? bounded : Math.round(bounded)
    const hint = Number.isFinite(near) ? `write ${near}` : undefined
    return refuse(reading, 'SW1005', `expected ${expectationOf(node)}, found ${foundOf(value)}`, hint)
  }
  return value
}

function readWithUnit(node: Extract<Node, { kind: 'unit' }>, value: unknown, reading: Reading): unknown {
  const result = readUnit(node.unit, value)
  if (!result.ok) {
    const plain = ['string', 'number'].includes(typeof value)
    if (!plain) return wrongKind(node, value, reading)
    const hint = result.nearest === undefined ? undefined : `write ${result.nearest}`
    return refuse(reading, 'SW1004', `expected ${result.expected}, found ${foundOf(value)}`, hint)
  }
  if (typeof result.value === 'number') {
    if (node.min !== undefined && result.value < node.min) {
      const least = printUnit(node.unit, node.min)
      return refuse(reading, 'SW1005', `expected at least ${least}, found ${foundOf(value)}`, `write ${least} or more`)
    }
    if (node.max !== undefined && result.value > node.max) {
      const most = printUnit(node.unit, node.max)
      return refuse(reading, 'SW1005', `expected at most ${most}, found ${foundOf(value)}`, `write ${most} or less`)
    }
  }
  return value
}

function flagHint(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (/^(true|yes|on)$/i.test(value)) return 'write true, without quotes'
  return /^(false|no|off)$/i.test(value) ? 'write false, without quotes' : undefined
}
