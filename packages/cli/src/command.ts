import type { ParseArgsOptionDescriptor } from 'node:util'
import type { Io } from './io.ts'

/** An option of a command, as `node:util`'s parseArgs has it, with what `--help` says of it. */
export interface Option extends ParseArgsOptionDescriptor {
  readonly help: string
  /** What stands for the value in `--help`, such as `NAME`; options of type `boolean` have none. */
  readonly value?: string
}

/** What was given on the command line, parsed by the command's options. */
export interface Arguments {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>
}

/** One verb of `seaworthy`; a file in `commands/` exports it as `command`. */
export interface Command {
  readonly name: string
  /** One line for the list of commands. */
  readonly summary: string
  /** What may be written, such as `seaworthy explain [part] [--env NAME]`. */
  readonly usage: string
  /** One real example, with its output where that says more. */
  readonly example: string
  /** Options besides `--help` and `--json`, which every command has. */
  readonly options?: Readonly<Record<string, Option>>
  /** Most positional arguments; none unless said. */
  readonly positionals?: number
  /** Does it and returns the exit code (`exit-code.ts`); throws a Problem, which is printed. */
  readonly run: (args: Arguments, io: Io) => Promise<number>
}

/** Options of every command that reads a catalog. */
export const catalogOptions: Readonly<Record<'config' | 'env', Option>> = {
  config: { type: 'string', short: 'c', value: 'PATH', help: 'catalog or its folder; this folder unless given' },
  env: { type: 'string', short: 'e', value: 'NAME', help: 'environment' },
}

/** The text given for an option. */
export function textOption(args: Arguments, name: string): string | undefined {
  const value = args.values[name]
  return typeof value === 'string' ? value : undefined
}

/** Whether a flag was given. */
export function flagOption(args: Arguments, name: string): boolean {
  return args.values[name] === true
}
