import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessIdentity } from '../host/processes.ts'

/** A long-running program of the rig: enough to stop it and to start it again. */
export interface RunningProcess extends ProcessIdentity {
  readonly name: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly log: string
  /** Started by a test beside the cluster; the cluster is whole without it. */
  readonly guest: boolean
}

/** All that must be undone, written down before it is done. */
export interface RigState {
  readonly version: 1
  readonly name: string
  /** Which addresses; -1 while none are taken. */
  readonly index: number
  /** `api` is a control plane without nodes. */
  readonly shape: 'api' | 'cluster'
  readonly processes: readonly RunningProcess[]
  /** Kernel settings as they were before, by path below /proc/sys. */
  readonly settings: Readonly<Record<string, string>>
  /** True once everything was ready. */
  readonly ready: boolean
}

/** Where a rig keeps everything it writes. */
export function rigFolder(name: string): string {
  return join(tmpdir(), 'seaworthy-cluster', name)
}

/** What was written down for a rig, or nothing when there is none. */
export function readState(name: string): RigState | undefined {
  const path = join(rigFolder(name), 'state.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * The state of a rig that is being changed. Every change is on disk before `update` returns, and starts from what is on disk,
 * since several processes may hold the same rig.
 */
export class StateFile {
  readonly name: string
  readonly #path: string

  private constructor(name: string) {
    this.name = name
    this.#path = join(rigFolder(name), 'state.json')
  }

  /** Makes the rig's folder and writes the first state down. */
  static create(state: RigState): StateFile {
    mkdirSync(rigFolder(state.name), { recursive: true, mode: 0o755 })
    const file = new StateFile(state.name)
    file.#write(state)
    return file
  }

  /** The state of a rig that is there. */
  static open(name: string): StateFile {
    return new StateFile(name)
  }

  /** What is written down now. */
  get value(): RigState {
    return JSON.parse(readFileSync(this.#path, 'utf8'))
  }

  /** Writes a change down. */
  update(change: Partial<RigState>): void {
    this.#write({ ...this.value, ...change })
  }

  /** Writes down a process in place of an earlier one of that name. */
  addProcess(added: RunningProcess): void {
    this.update({ processes: [...this.value.processes.filter(({ name }) => name !== added.name), added] })
  }

  #write(state: RigState): void {
    const draft = `${this.#path}.${process.pid}.draft`
    writeFileSync(draft, JSON.stringify(state, undefined, 2))
    renameSync(draft, this.#path)
  }
}
