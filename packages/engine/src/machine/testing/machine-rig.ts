import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Rig } from '../../conformance/rig.ts'
import type { MachineEngine } from '../engine/machine-engine.ts'
import { type MachineEngineOptions, startMachineEngine } from '../engine/start-machine-engine.ts'
import { findExecutable } from '../process/command.ts'
import { systemProcessTable } from '../process/process-table.ts'
import { markName } from '../runtime/handle.ts'
import { InProcessGateway } from './in-process-gateway.ts'

/** The repository's folder: what the test services' paths are relative to. */
export const repository: string = resolve(import.meta.dirname, '../../../../..')

/** A rig whose engine runs on this machine, with what tests of it look at. */
export interface MachineRig extends Rig {
  readonly engine: MachineEngine
  readonly stateDir: string
  readonly successor: () => Promise<MachineEngine>
  /** Processes that carry the mark of this rig's fleet, whatever became of their parents. */
  readonly marked: () => readonly number[]
}

/** Starts a machine engine in a directory of its own; disposing it kills everything and deletes the directory. */
export async function machineRig(options: Partial<MachineEngineOptions> = {}): Promise<MachineRig> {
  const stateDir = mkdtempSync(join(tmpdir(), 'seaworthy-engine-'))
  const gateway = new InProcessGateway()
  const start = (): Promise<MachineEngine> => startMachineEngine({ stateDir, root: repository, gateway, ...options })
  let engine = await start()
  const table = systemProcessTable()
  return {
    get engine() {
      return engine
    },
    stateDir,
    program: { run: [process.execPath, join(repository, 'test/fixtures/service.ts')] },
    script: (code) => ({ run: [process.execPath, '-e', code] }),
    successor: async () => {
      await engine[Symbol.asyncDispose]()
      engine = await start()
      return engine
    },
    kill: async (replica) => {
      const pid = (await engine.state()).replicas.find((each) => each.replica === replica)?.pid
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
    },
    marked: () =>
      table
        .all()
        .filter(({ pid, zombie }) => !zombie && table.environment(pid, markName)?.startsWith(`${engine.scope}/`))
        .map(({ pid }) => pid),
    [Symbol.asyncDispose]: async () => {
      for await (const _ of engine.down({ force: true }));
      await engine[Symbol.asyncDispose]()
      await gateway[Symbol.asyncDispose]()
      rmSync(stateDir, { recursive: true, force: true })
    },
  }
}

/** Whether this machine lets other users run things and has control groups that may be written. */
export const isRoot: boolean = process.getuid?.() === 0 && process.platform === 'linux'

/** Whether PostgreSQL's programs and its client are somewhere on this machine. */
export const hasPostgres: boolean =
  (existsSync('/usr/lib/postgresql') || existsSync('/opt/homebrew/opt')) &&
  findExecutable('psql', '/', process.env.PATH ?? '') !== undefined
