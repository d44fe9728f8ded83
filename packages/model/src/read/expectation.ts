import { isPart } from '../author/part.ts'
import { describeValue } from '../json-value.ts'
import type { Node } from '../schema/node.ts'
import { readUnit } from '../units/unit.ts'

/** What a field takes, in words for a message. */
export function expectationOf(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.examples ? `a text such as ${joined(node.examples.map((example) => `\`${example}\``))}` : 'a text'
    case 'name':
      return 'a name'
    case 'flag':
      return 'true or false'
    case 'integer':
      return `a whole number${bounds(node.min, node.max)}`
    case 'number':
      return `a number${bounds(node.min, node.max)}`
    case 'unit': {
      const result = readUnit(node.unit, undefined)
      return result.ok ? node.unit : result.expected
    }
    case 'choice':
      return node.of.length === 1 ? `\`${node.of[0]}\`` : `one of ${joined(node.of)}`
    case 'list':
      return 'a list'
    case 'pair':
      return 'a pair such as `[low, high]`'
    case 'record':
    case 'object':
    case 'overlay':
      return 'an object'
    case 'reference':
      return `${/^[aeiou]/.test(node.to[0] ?? '') ? 'an' : 'a'} ${joined(node.to)}`
    case 'json':
      return 'plain data'
    case 'either':
      return joined([...new Set(node.of.map(expectationOf))])
    case 'short':
      return `${expectationOf(node.short)}, or an object`
    default:
      return node satisfies never
  }
}

/** What was found, in words for a message. */
export function foundOf(value: unknown): string {
  return isPart(value) ? `the ${value.kind} \`${value.name}\`` : describeValue(value)
}

/** `a, b or c`. */
export function joined(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

function bounds(min: number | undefined, max: number | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return `, at least ${min}`
  return max === undefined ? '' : `, at most ${max}`
}
