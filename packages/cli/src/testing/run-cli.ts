import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** What a command answered. */
export interface CliAnswer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder with files in it, gone when it is disposed of. */
export interface Folder {
  readonly path: string
  [Symbol.dispose](): void
}

/** Makes a folder outside of this repository, as a user's would be. */
export function folderWith(files: Readonly<Record<string, string>>): Folder {
  const path = mkdtempSync(join(tmpdir(), 'seaworthy-cli-'))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** Runs `seaworthy` as a process of its own, as a user would. */
export function runCli(words: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): CliAnswer {
  const { FORCE_COLOR: _, ...inherited } = process.env
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../../bin/seaworthy.mjs'), ...words],
    {
      cwd,
      encoding: 'utf8',
      env: { ...inherited, NO_COLOR: '1', ...env },
    },
  )
  return { code: status, stdout, stderr }
}
