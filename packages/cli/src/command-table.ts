import type { Command } from './command.ts'

/** A command by name; its file is loaded when it is called, so that no command pays for another. */
export interface CommandRow {
  readonly name: string
  readonly load: () => Promise<{ readonly command: Command }>
}

/** Every command, in the order of `--help`. */
export const commandTable: readonly CommandRow[] = [{ name: 'explain', load: () => import('./commands/explain.ts') }]
