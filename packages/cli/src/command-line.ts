import { parseArgs } from 'node:util'
import { nearest, Problem } from '@seaworthy/model'
import type { Arguments, Command, Option } from './command.ts'
import { type CommandRow, commandTable } from './command-table.ts'
import { exitCode } from './exit-code.ts'
import { commandHelp, overview } from './help.ts'
import type { Io } from './io.ts'
import { ownVersion } from './own-version.ts'
import { problemLines } from './print-problem.ts'

const always: Readonly<Record<string, Option>> = {
  help: { type: 'boolean', short: 'h', help: 'show this' },
  json: { type: 'boolean', help: 'the same facts as data' },
}

/** Runs `seaworthy` with its arguments and returns the exit code; never throws. */
export async function runCommandLine(
  words: readonly string[],
  io: Io,
  table: readonly CommandRow[] = commandTable,
): Promise<number> {
  const json = words.includes('--json')
  try {
    const [name, ...rest] = words
    if (name === undefined || name === 'help' || name === '--help' || name === '-h') return await help(rest, io, table)
    if (name === '--version' || name === '-v') {
      io.out(await ownVersion())
      return exitCode.done
    }
    const command = await commandCalled(name, table)
    const args = parse(command, rest)
    if (args.values.help === true) {
      io.out(commandHelp(command, always))
      return exitCode.done
    }
    return await command.run(args, io)
  } catch (error) {
    return report(error, io, json)
  }
}

/** Prints what was thrown and returns its exit code. */
export function report(error: unknown, io: Io, json: boolean): number {
  if (io.signal.aborted && (!(error instanceof Error) || error.name === 'AbortError')) return exitCode.interrupted
  if (error instanceof Problem) {
    if (json) io.out(JSON.stringify({ problems: [error] }))
    else for (const line of problemLines(error.toJSON(), io)) io.err(line)
    return error.code.startsWith('SW900') && error.code !== 'SW9009' ? exitCode.usage : exitCode.problem
  }
  const message = error instanceof Error ? error.message : String(error)
  const fault = new Problem({
    code: 'SW9009',
    message: `Seaworthy itself failed: ${message}`,
    hint: 'run it again with SEAWORTHY_DEBUG=1 for the stack, and report it',
    cause: error,
  })
  if (json) io.out(JSON.stringify({ problems: [fault] }))
  else for (const line of problemLines(fault.toJSON(), io)) io.err(line)
  if (io.env.SEAWORTHY_DEBUG && error instanceof Error) io.err(error.stack ?? '')
  return exitCode.fault
}

async function help(words: readonly string[], io: Io, table: readonly CommandRow[]): Promise<number> {
  const [name] = words.filter((word) => !word.startsWith('-'))
  if (name !== undefined) io.out(commandHelp(await commandCalled(name, table), always))
  else io.out(overview(table))
  return exitCode.done
}

async function commandCalled(name: string, table: readonly CommandRow[]): Promise<Command> {
  const row = table.find((candidate) => candidate.name === name)
  if (row) return (await row.load()).command
  const near = nearest(
    name,
    table.map((candidate) => candidate.name),
  )
  throw new Problem({
    code: 'SW9001',
    message: `there is no command \`${name}\``,
    hint: near === undefined ? 'seaworthy --help lists all commands' : `did you mean seaworthy ${near}?`,
  })
}

function parse(command: Command, words: readonly string[]): Arguments {
  const options = { ...always, ...command.options }
  try {
    const { positionals, values } = parseArgs({
      args: [...words],
      options,
      strict: true,
      allowPositionals: true,
      allowNegative: true,
    })
    const most = command.positionals ?? 0
    if (positionals.length > most && values.help !== true) {
      throw new Problem({
        code: 'SW9003',
        message: `${command.name} takes ${most === 0 ? 'no arguments' : `at most ${most}`}, found \`${positionals[most]}\``,
        hint: command.usage,
      })
    }
    return { positionals, values: values as Arguments['values'] }
  } catch (error) {
    if (error instanceof Problem) throw error
    throw wrongOption(command, Object.keys(options), error)
  }
}

function wrongOption(command: Command, known: readonly string[], error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error)
  const unknown = /Unknown option '-{0,2}([^'= ]+)/.exec(message)?.[1]
  const near = unknown === undefined ? undefined : nearest(unknown, known)
  return new Problem({
    code: 'SW9002',
    message: unknown === undefined ? (message.split('. ')[0] ?? message) : `${command.name} has no option --${unknown}`,
    hint: near === undefined ? `seaworthy ${command.name} --help lists them` : `write --${near}`,
    cause: error,
  })
}
