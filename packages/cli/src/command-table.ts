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
  { name: 'up', load: () => import('./commands/up.ts') },
  { name: 'down', load: () => import('./commands/down.ts') },
  { name: 'status', load: () => import('./commands/status.ts') },
  { name: 'logs', load: () => import('./commands/logs.ts') },
  { name: 'doctor', load: () => import('./commands/doctor.ts') },
  { name: 'release', load: () => import('./commands/release.ts') },
  { name: 'render', load: () => import('./commands/render.ts') },
  { name: 'explain', load: () => import('./commands/explain.ts') },
  { name: 'check', load: () => import('./commands/check.ts') },
]
