import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const fixture = join(import.meta.dirname, 'fixtures/wrong.mts')

/** Compiler messages by line: the first and those that explain it. */
function compile(): ReadonlyMap<number, string> {
  const compiler = join(import.meta.dirname, '../../../../node_modules/.bin/tsc')
  const options = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ]
  const { stdout } = spawnSync(
    compiler,
    [...options, '--types', 'node', '--skipLibCheck', '--allowImportingTsExtensions', '--pretty', 'false', fixture],
    { encoding: 'utf8' },
  )
  const found = new Map<number, string>()
  let line = 0
  for (const text of stdout.split('\n')) {
    const head = /wrong\.mts\((\d+),\d+\): error (.*)/.exec(text)
    if (head) line = Number(head[1])
    if (line > 0) found.set(line, `${found.get(line) ?? ''}${head ? head[2] : text}\n`)
  }
  return found
}

test('wrong references, units, words and keys are compile errors, and right ones are not', () => {
  const errors = compile()
  const expected = new Map<number, string>()
  for (const [index, text] of readFileSync(fixture, 'utf8').split('\n').entries()) {
    const mark = /\/\/ error: (.*)$/.exec(text)
    if (mark?.[1] && index > 0) expected.set(index + 1, mark[1])
  }
  expect(
    [...errors.keys()].filter((line) => !expected.has(line)).map((line) => `${line}: ${errors.get(line)}`),
  ).toEqual([])
  for (const [line, said] of expected) expect(errors.get(line) ?? `line ${line} compiles`).toContain(said)
})
