import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EngineKind } from '../core/engine.ts'
import type { Limits } from '../core/limits.ts'
import type { BoundListener } from './bound-listener.ts'
import type { StateFiles } from './state-files.ts'

/** Starts a process; `child_process.spawn` unless a test gives another. */
export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess

/** What holder and workers have in common. */
export interface GatewaySettings {
  readonly stateDir: string
  readonly engine: EngineKind
  /** Worker processes. */
  readonly workers: number
  readonly accessLog: boolean
  readonly limits: Partial<Limits>
}

/** What a holder is started with. */
export interface HolderCharge extends GatewaySettings {
  readonly listeners: readonly BoundListener[]
  /** The holder that makes way once this one is ready; absent at a first start and after a crash. */
  readonly predecessor?: number
  /** Whether workers of a holder that died may still be there. */
  readonly orphans: boolean
}

/** What a worker is started with. */
export interface WorkerCharge extends GatewaySettings {
  readonly id: string
  readonly epoch: string
  readonly listeners: readonly BoundListener[]
  /** The socket of the holder that starts it; later ones are found at the control path. */
  readonly link: string
}

/** The first descriptor after stdin, stdout and stderr: where inherited listeners begin. */
const firstInherited = 3

/** Starts a gateway process of its own session, with the listeners' descriptors as 3, 4, … and its output in the gateway's log. */
export function startProcess(
  entry: 'holder-main' | 'worker-main',
  charge: HolderCharge | WorkerCharge,
  files: StateFiles,
  start: Spawn = spawn,
): ChildProcess {
  const script = fileURLToPath(new URL(`./${entry}${extname(import.meta.url)}`, import.meta.url))
  const inherited = charge.listeners.map((listener, i) => ({ ...listener, fd: firstInherited + i }))
  const log = openSync(files.log, 'a', 0o640)
  try {
    return start(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', script, JSON.stringify({ ...charge, listeners: inherited })],
      { detached: true, stdio: ['ignore', log, log, ...charge.listeners.map((listener) => listener.fd)] },
    )
  } finally {
    closeSync(log)
  }
}

/** Reads the charge that {@link startProcess} gave to this process. */
export function readCharge<T extends HolderCharge | WorkerCharge>(): T {
  return JSON.parse(process.argv[2] ?? '{}') as T
}
