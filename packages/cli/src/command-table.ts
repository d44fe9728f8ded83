import type { Command } from './command.ts'

/** A command by name; its file is loaded when it is called, so that no command pays for another. */
export interface CommandRow {
  readonly name: string
  readonly load: () => Promise<{ readonly command: Command }>
}

/** Every command, in the order of `--help`. */
export const commandTable: readonly CommandRow[] = [
  { name: 'init', load: () => import('./commands/init.ts') },
  { name: 'import', load: () => import('./commands/import.ts') },
  { name: 'explain', load: () => import('./commands/explain.ts') },
]
