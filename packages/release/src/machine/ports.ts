import { spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import type { Engine } from '@seaworthy/engine'
import type { ReleaseJournal } from './journal.ts'

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null
  /** The last 2,000 characters that it wrote. */
  readonly output: string
}

/** The world as a release sees it. */
export interface ReleasePorts {
  readonly engine: Engine
  readonly journal: ReleaseJournal
  /** ms since the Unix epoch. */
  readonly now: () => number
  /** ms by a clock that does not jump. */
  readonly ticks: () => number
  /** Resolves after ms, or rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly fetch: typeof fetch
  /** Runs a command to its end; killed with its children when the signal aborts. */
  readonly run: (
    words: readonly string[],
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ) => Promise<CommandResult>
  /** ms between two looks at the counters. */
  readonly pollMs: number
  /** Random part of a release's name. */
  readonly nonce: () => string
}

async function runCommand(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<CommandResult> {
  signal.throwIfAborted()
  const [program = '', ...args] = words
  const child = spawn(program, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { promise, resolve } = Promise.withResolvers<CommandResult>()
  let output = ''
  const hear = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-2000)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  child.on('error', (error) => resolve({ code: null, output: error.message }))
  child.on('close', (code) => resolve({ code, output }))
  const kill = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It has ended by itself in the meantime.
    }
  }
  signal.addEventListener('abort', kill, { once: true })
  const result = await promise
  signal.removeEventListener('abort', kill)
  signal.throwIfAborted()
  return result
}

/** The real world around an engine and a journal. */
export function realPorts(engine: Engine, journal: ReleaseJournal): ReleasePorts {
  return {
    engine,
    journal,
    now: Date.now,
    ticks: () => performance.now(),
    sleep: async (ms, signal) => void (await wait(ms, undefined, { signal })),
    fetch,
    run: runCommand,
    pollMs: 1_000,
    nonce: () => Math.random().toString(36).slice(2, 8),
  }
}
