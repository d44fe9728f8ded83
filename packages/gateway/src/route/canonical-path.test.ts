import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalPath } from './canonical-path.ts'

describe('a path has one spelling', () => {
  test.each([
    ['/', '/'],
    ['/v1/orders/7', '/v1/orders/7'],
    ['/%61dmin', '/admin'],
    ['/a%7eb', '/a~b'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/a.b/..c/...', '/a.b/..c/...'],
    ['/a;v=1/b', '/a;v=1/b'],
    ['/100%25', '/100%25'],
  ])('%s is forwarded as %s', (path, expected) => {
    expect(canonicalPath(path)).toBe(expected)
  })

  test.each([
    '/a%2fb',
    '/a%2Fb',
    '/a%5cb',
    '/a%00',
    '/a//b',
    '//',
    '/a/../b',
    '/a/./b',
    '/..',
    '/.',
    '/%2e%2e/b',
    '/a/.%2E/b',
    '/..;/b',
    '/..;x=1/b',
    '/a\\b',
    '/a%',
    '/a%4',
    '/a%zz',
  ])('%s is refused', (path) => {
    expect(canonicalPath(path)).toBeUndefined()
  })

  test('spelling twice changes nothing', () => {
    const piece = fc.constantFrom('a', '/', '.', '%', '2', 'e', 'F', ';', '\\', '%41', '%2e', '%C3', 'z')
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const once = canonicalPath(`/${pieces.join('')}`)
        if (once !== undefined) expect(canonicalPath(once)).toBe(once)
      }),
    )
  })

  test('a decoder downstream sees the segments that were matched', () => {
    const segment = fc
      .array(fc.constantFrom('a', 'Z', '~', '%41', '%7e', '%C3%A9', '%20', '-', ';v=1'))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const path = `/${segments.filter((part) => part !== '').join('/')}`
        const spelled = canonicalPath(path)
        const decode = (value: string): string[] => value.split('/').map((part) => decodeURIComponent(part))
        expect(decode(spelled ?? '')).toEqual(decode(path))
      }),
    )
  })
})
