import { describe, expect, it } from 'vitest'
import { parseIgnore } from './ignore.ts'

describe('an ignore file', () => {
  it.each([
    ['a pattern is anchored at the root', '*.log', ['a.log'], ['x/a.log', 'a.logs']],
    ['** crosses folders', '**/*.log', ['a.log', 'x/y/a.log'], ['a.txt']],
    ['a folder takes all below it', 'dist', ['dist', 'dist/a/b'], ['x/dist', 'distant']],
    ['slashes at the ends mean nothing', '/dist/', ['dist', 'dist/a'], ['x/dist']],
    ['? is one character, * none or more, neither a slash', 'a?c/*', ['abc/x', 'abc/x/y'], ['ac/x', 'a/c/x', 'abc']],
    ['sets and ranges', 'v[0-9].txt', ['v7.txt'], ['va.txt', 'v77.txt']],
    ['a backslash takes the meaning away', '\\*.txt', ['*.txt'], ['a.txt']],
    [
      '! takes back, and the last match decides',
      'docs\n!docs/keep\ndocs/keep/no',
      ['docs/a', 'docs/keep/no/x'],
      ['docs/keep', 'docs/keep/a'],
    ],
    ['comments and empty lines are nothing', '# a\n\n  \nb', ['b'], ['# a', 'a']],
    ['a dot is a dot', 'a.b', ['a.b'], ['axb']],
  ])('%s', (_, text, ignored, kept) => {
    const rule = parseIgnore(text)
    for (const path of ignored) expect(rule.ignores(path), path).toBe(true)
    for (const path of kept) expect(rule.ignores(path), path).toBe(false)
  })

  it.each(['[abc', 'a\\'])('refuses %s', (pattern) => {
    expect(() => parseIgnore(pattern)).toThrow(expect.objectContaining({ code: 'SW6709' }))
  })
})
