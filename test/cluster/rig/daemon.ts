import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { identify, isAlive, signal } from '../host/processes.ts'
import { until } from '../host/until.ts'
import { clusterProblem } from '../problem-codes.ts'
import type { RunningProcess, StateFile } from './state.ts'

/** In the environment of everything that a rig starts, with the rig's name: what finds a process nobody wrote down. */
export const rigMark = 'SEAWORTHY_CLUSTER_RIG'

/** A program that goes on running when this process ends. */
export interface DaemonSpec {
  readonly name: string
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly log: string
  /** Default: false; see `RunningProcess`. */
  readonly guest?: boolean
}

/** Starts a program in a session of its own, with its output in its log, and writes it down. Throws SWC001. */
export function startDaemon(spec: DaemonSpec, state: StateFile): RunningProcess {
  const [program = '', ...args] = spec.argv
  const env = { ...spec.env, [rigMark]: state.value.name }
  const log = openSync(spec.log, 'a')
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    cwd: '/',
  })
  closeSync(log)
  child.on('error', () => undefined)
  child.unref()
  const identity = child.pid === undefined ? undefined : identify(child.pid)
  if (!identity) throw clusterProblem({ code: 'SWC001', message: `${program} could not be started for ${spec.name}.` })
  const running = {
    ...identity,
    name: spec.name,
    argv: spec.argv,
    env: spec.env ?? {},
    log: spec.log,
    guest: spec.guest ?? false,
  }
  state.addProcess(running)
  return running
}

/** Ends a program at once and waits until it is gone. */
export async function killDaemon(running: RunningProcess): Promise<void> {
  if (isAlive(running)) signal(running.pid, 'SIGKILL')
  await until(`${running.name} to end`, async () => !isAlive(running), { everyMs: 20 })
}

/** Starts a program again with the same arguments, whether or not it still runs. */
export async function restartDaemon(name: string, state: StateFile): Promise<RunningProcess> {
  const before = daemonNamed(name, state)
  await killDaemon(before)
  return startDaemon(before, state)
}

/** What was written down under a name. Throws SWC001. */
export function daemonNamed(name: string, state: StateFile): RunningProcess {
  const found = state.value.processes.find((running) => running.name === name)
  if (!found) throw clusterProblem({ code: 'SWC001', message: `The rig has no process ${name}.` })
  return found
}

/** The last lines of a log, for a problem's message. */
export function tailOf(log: string, lines = 12): string {
  if (!existsSync(log)) return `(no ${log})`
  return `${log}:\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n')}`
}
