import { describe, expect, test } from 'vitest'
import { parsePath } from '../catalog-path.ts'
import { positionOf, scriptOf, traceCall } from './script.ts'
import { tokensOf } from './script-tokens.ts'

describe('taking a script apart', () => {
  const texts = (source: string): readonly string[] => tokensOf(source).map(({ text }) => text)

  test('comments and white space are left out', () => {
    expect(texts('a // b\n/* c { */ d')).toEqual(['a', 'd'])
  })
  test('texts and templates are whole, whatever they hold', () => {
    const nested = ['`x$', '{g(`{$', '{1}`)}}`'].join('')
    expect(texts(`f('}', "a\\"b", ${nested})`)).toEqual(['f', '(', "'}'", ',', '"a\\"b"', ',', nested, ')'])
  })
  test('a regular expression is told from a division', () => {
    expect(texts('a / b / c')).toEqual(['a', '/', 'b', '/', 'c'])
    expect(texts('x = /[/}]\\/{/g')).toEqual(['x', '=', '/[/}]\\/{/g'])
  })
  test('brackets know their partners', () => {
    const tokens = tokensOf('f({ a: [1] })')
    expect(tokens[tokens[1]?.closes ?? -1]?.text).toBe(')')
    expect(tokens[tokens[2]?.closes ?? -1]?.text).toBe('}')
  })
  test('nonsense does no harm', () => {
    for (const source of ['', '}', '"', '`${', '/*', '((', '/[', '#!', '\u{1f600}'])
      expect(() => tokensOf(source)).not.toThrow()
  })
})

describe('following a path from a call', () => {
  /** The line that a path leads to from the call marked `@`. */
  const line = (marked: string, path: string): number => {
    const at = marked.indexOf('@')
    const script = scriptOf(marked.replace('@', ''))
    return positionOf(script, traceCall(script, at, parsePath(path)).at).line
  }

  test('through nested literals and lists', () => {
    const source = `@service('api', {\n  slo: {\n    availability: '1%',\n  },\n  routes: [\n    '/a',\n    { path: '/b' },\n  ],\n})`
    expect(line(source, 'slo.availability')).toBe(3)
    expect(line(source, 'routes[1].path')).toBe(7)
    expect(line(source, 'port')).toBe(1)
  })
  test('through constants and what is spread', () => {
    const source = `const base: Spec = {\n  port: 1,\n}\nconst slo = {\n  window: '7d',\n}\n@service('api', { ...base, slo })`
    expect(line(source, 'port')).toBe(2)
    expect(line(source, 'slo.window')).toBe(5)
  })
  test('through a named member of a constant', () => {
    const source = `const tiers = {\n  core: { cpu: 1 },\n  support: {\n    cpu: 2,\n  },\n}\n@service('a', { ...tiers.support })`
    expect(line(source, 'cpu')).toBe(4)
    expect(line(source, 'port')).toBe(7)
  })
  test('the last of two keys counts, as it does when it runs', () => {
    expect(line(`@service('a', {\n  port: 1,\n  port: 2,\n})`, 'port')).toBe(3)
  })
  test('through calls in a row', () => {
    expect(line(`['a'].@map(\n  app('core', {\n    port: 1,\n  }),\n)`, 'port')).toBe(3)
    expect(line(`@app('core')({\n  port: 1,\n})`, 'port')).toBe(2)
  })
  test('constants that hold each other end somewhere', () => {
    expect(line('const a = { ...b }\nconst b = { ...a }\n@f(a)', 'port')).toBe(3)
  })
})
