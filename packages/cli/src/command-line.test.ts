import { describe, expect, test } from 'vitest'
import type { Command } from './command.ts'
import { runCommandLine } from './command-line.ts'
import { type CommandRow, commandTable } from './command-table.ts'
import type { Io } from './io.ts'

interface Heard {
  readonly code: number
  readonly out: string
  readonly err: string
}

async function run(words: readonly string[], table?: readonly CommandRow[]): Promise<Heard> {
  const out: string[] = []
  const err: string[] = []
  const io: Io = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    cwd: import.meta.dirname,
    env: {},
    interactive: false,
    color: false,
    columns: 0,
    signal: new AbortController().signal,
    confirm: async () => false,
  }
  return { code: await runCommandLine(words, io, table), out: out.join('\n'), err: err.join('\n') }
}

const echo: Command = {
  name: 'echo',
  summary: 'says it again',
  usage: 'seaworthy echo [word] [--loud]',
  example: '$ seaworthy echo hello\nhello',
  options: { loud: { type: 'boolean', help: 'in capitals' } },
  positionals: 1,
  run: async (args, io) => {
    const [word = ''] = args.positionals
    if (word === 'fail') throw new Error('no voice')
    io.out(args.values.loud === true ? word.toUpperCase() : word)
    return 0
  },
}
const table: readonly CommandRow[] = [{ name: 'echo', summary: echo.summary, load: async () => ({ command: echo }) }]

test('a command gets its arguments and options', async () => {
  expect(await run(['echo', 'hello', '--loud'], table)).toEqual({ code: 0, out: 'HELLO', err: '' })
})

describe('what is wrong with the command line is said with the way out, exit code 2', () => {
  const cases: readonly (readonly [readonly string[], string, string])[] = [
    [['ehco'], 'there is no command `ehco`', 'did you mean seaworthy echo?'],
    [['echo', '--laud'], 'echo has no option --laud', 'write --loud'],
    [['echo', 'a', 'b'], 'echo takes at most 1, found `b`', 'seaworthy echo [word] [--loud]'],
    [['echo', '--loud=yes'], 'does not take an argument', 'seaworthy echo --help'],
  ]
  for (const [words, said, way] of cases) {
    test(words.join(' '), async () => {
      const { code, err } = await run(words, table)
      expect(code).toBe(2)
      expect(err).toContain(said)
      expect(err).toContain(way)
    })
  }

  test('as data with --json', async () => {
    const { code, out } = await run(['ehco', '--json'], table)
    expect([code, JSON.parse(out)]).toMatchObject([2, { problems: [{ code: 'SW9001' }] }])
  })
})

test('a fault of its own is exit code 4 and says how to report it', async () => {
  const { code, err } = await run(['echo', 'fail'], table)
  expect(code).toBe(4)
  expect(err).toContain('Seaworthy itself failed: no voice')
})

describe('help', () => {
  test('lists every command with its summary', async () => {
    const { code, out } = await run([])
    expect(code).toBe(0)
    for (const { name } of commandTable) expect(out).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'))
  })

  test('of a command has usage, options, one example and the exit codes', async () => {
    for (const words of [
      ['echo', '--help'],
      ['help', 'echo'],
      ['echo', '-h', 'too', 'many'],
    ]) {
      const { code, out } = await run(words, table)
      expect(code).toBe(0)
      expect(out).toContain('Usage: seaworthy echo [word] [--loud]')
      expect(out).toMatch(/--loud +in capitals/)
      expect(out).toContain('$ seaworthy echo hello')
      expect(out).toMatch(/130 +interrupted/)
    }
  })

  test('of every command stands under the name by which it is called, with an example that calls it', async () => {
    for (const { name, summary, load } of commandTable) {
      const { command } = await load()
      expect([command.name, command.summary]).toEqual([name, summary])
      expect(command.example).toContain(`seaworthy ${name}`)
      expect(command.usage).toMatch(new RegExp(`^seaworthy ${name}\\b`))
    }
  })
})
