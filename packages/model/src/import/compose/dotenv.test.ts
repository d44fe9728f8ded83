// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Compose and Docker write variables
import { describe, expect, it } from 'vitest'
import { readDotenv } from './dotenv.ts'

function read(text: string): Record<string, string> {
  return Object.fromEntries([...readDotenv(text).entries].map(([name, { value }]) => [name, value]))
}

describe('env files are read by the rules of the Compose specification', () => {
  it.each([
    ['VAR=VAL', 'VAL'],
    ['VAR="VAL"', 'VAL'],
    ["VAR='VAL'", 'VAL'],
    ['VAR=VAL # comment', 'VAL'],
    ['VAR=VAL# not a comment', 'VAL# not a comment'],
    ['VAR="VAL # not a comment"', 'VAL # not a comment'],
    ['VAR="VAL" # comment', 'VAL'],
    ["VAR='$OTHER'", '$OTHER'],
    ["VAR='${OTHER}'", '${OTHER}'],
    ["VAR='Let\\'s go!'", "Let's go!"],
    ['VAR="{\\"hello\\": \\"json\\"}"', '{"hello": "json"}'],
    ['VAR="some\\tvalue"', 'some\tvalue'],
    ["VAR='some\\tvalue'", 'some\\tvalue'],
    ['VAR=some\\tvalue', 'some\\tvalue'],
    ['VAR=', ''],
    ['VAR=""', ''],
    ['export VAR=x', 'x'],
    ['VAR: x', 'x'],
    ['VAR = spaced  ', 'spaced'],
    ['  VAR=x', 'x'],
    ['VAR="two\nlines"', 'two\nlines'],
    ['VAR="a\\\\b"', 'a\\b'],
    ['VAR="\\$HOME"', '$HOME'],
    ['VAR=$$HOME', '$HOME'],
    ['\uFEFFVAR=x', 'x'],
    ['VAR=x\r\n', 'x'],
    ['# comment\n\nVAR=x', 'x'],
    ['VAR="bell\\a"', 'bell\u0007'],
  ])('%j', (text, value) => {
    expect(read(text)).toEqual({ VAR: value })
  })

  it('values are put together from earlier ones and from outside, in double quotes and without', () => {
    const { entries } = readDotenv('A=1\nB="${A}2"\nC=$B-${OUT:-x}\nD=${OUTSIDE}', (name) =>
      name === 'OUTSIDE' ? 'o' : undefined,
    )
    expect([...entries].map(([name, { value }]) => [name, value])).toEqual([
      ['A', '1'],
      ['B', '12'],
      ['C', '12-x'],
      ['D', 'o'],
    ])
    expect(entries.get('C')?.variables).toEqual(['B', 'OUT'])
  })

  it('a name alone is passed through where the outside has it', () => {
    expect(readDotenv('A\nB\nC=1', (name) => (name === 'A' ? 'from outside' : undefined)).entries.has('B')).toBe(false)
    expect(readDotenv('A', () => 'x').entries.get('A')?.value).toBe('x')
  })

  it('every entry knows its line, also behind a value of several', () => {
    const { entries } = readDotenv('A="1\n2\n3"\nB=2\n# c\nC=3')
    expect([...entries.values()].map((entry) => entry.line)).toEqual([1, 4, 6])
  })

  it('raw values are taken as they are', () => {
    expect(readDotenv('A="$B"\nC=\'d\' # e', undefined, 'raw').entries.get('A')?.value).toBe('"$B"')
    expect(readDotenv("C='d' # e", undefined, 'raw').entries.get('C')?.value).toBe("'d' # e")
  })

  it('what is no variable is a fault with its line, and the rest is read', () => {
    const file = readDotenv('A=1\nno variable here\nB=2\nC="unended')
    expect(file.faults.map((fault) => fault.line)).toEqual([2, 4])
    expect([...file.entries.keys()]).toEqual(['A', 'B'])
  })
})
