import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findExecutable } from '../machine/process/command.ts'
import { lockController } from '../machine/state/controller-lock.ts'
import { StateStore } from '../machine/state/state-store.ts'

/** System calls that change what is on disk or what it is called. */
export const writingCalls = [
  'openat',
  'write',
  'pwrite64',
  'ftruncate',
  'fsync',
  'fdatasync',
  'rename',
  'unlink',
  'close',
] as const
export type WritingCall = (typeof writingCalls)[number]

/** The program killed at one point, and what was found then. */
export interface CrashPoint {
  readonly call: WritingCall
  /** The how-many-eth such call on the state's files it was killed at. */
  readonly index: number
  /** False when the program ended before it made that many. */
  readonly killed: boolean
  /** What was broken; empty when everything that was acknowledged was there and whole. */
  readonly violations: readonly string[]
}

/** Where strace is; undefined when it is not installed or may not trace here. */
export function findStrace(): string | undefined {
  const strace = findExecutable('strace', '/', process.env.PATH ?? '')
  if (!strace) return undefined
  return spawnSync(strace, ['-qq', '-o', '/dev/null', 'true']).status === 0 ? strace : undefined
}

/**
 * Runs the writer and kills it with SIGKILL just before its `index`-th `call` on the state's files (strace's injection),
 * then reads the state as the next controller would.
 */
export function crashAt(
  strace: string,
  call: WritingCall,
  index: number,
  manner: 'whole' | 'naive' = 'whole',
): CrashPoint {
  const directory = mkdtempSync(join(tmpdir(), 'seaworthy-crash-'))
  try {
    const files = [
      'snapshot.json',
      'snapshot.json.new',
      'state.db',
      'state.db-wal',
      'state.db-shm',
      'lock.db',
      'lock.db-journal',
    ]
    const paths = [directory, ...files.map((file) => join(directory, file))].flatMap((path) => ['-P', path])
    const inject = ['-e', `trace=${call}`, '-e', `inject=${call}:signal=SIGKILL:when=${index}`]
    const writer = fileURLToPath(new URL('./writer.ts', import.meta.url))
    const run = spawnSync(
      strace,
      [
        '-f',
        '-qq',
        '-o',
        '/dev/null',
        ...paths,
        ...inject,
        process.execPath,
        '--disable-warning=ExperimentalWarning',
        writer,
        directory,
        manner,
      ],
      { encoding: 'utf8', timeout: 60_000, env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
    )
    const killed = run.signal === 'SIGKILL' || run.status === 137
    if (!killed && run.status !== 0) return { call, index, killed, violations: [`the writer failed: ${run.stderr}`] }
    return { call, index, killed, violations: inspect(directory, run.stdout) }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function inspect(directory: string, output: string): readonly string[] {
  const acknowledged = new Map<string, number>()
  for (const line of output.split('\n')) {
    const [what, round] = line.split(' ')
    if (what && round) acknowledged.set(what, Number(round))
  }
  const violations: string[] = []
  const expectAtLeast = (what: string, found: number | undefined): void => {
    const least = acknowledged.get(what) ?? 0
    if ((found ?? 0) < least)
      violations.push(`${what}: round ${least} was acknowledged, ${found ?? 'nothing'} is there`)
  }
  try {
    expectAtLeast('file', readFile(join(directory, 'snapshot.json')))
  } catch (error) {
    violations.push(`file: unreadable, ${error instanceof Error ? error.message : error}`)
  }
  try {
    // As the next controller: the lock of a killed one is free, the store opens.
    using _ = lockController(directory)
    using store = new StateStore(directory)
    expectAtLeast('document', store.read<{ readonly round: number }>('desired')?.round)
    expectAtLeast('rows', store.replicas()[0]?.restarts)
    expectAtLeast('rows', store.jobs()[0]?.attempt)
  } catch (error) {
    violations.push(`store: ${error instanceof Error ? error.message : error}`)
  }
  return violations
}

function readFile(path: string): number | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  return (JSON.parse(text) as { readonly round: number }).round
}
