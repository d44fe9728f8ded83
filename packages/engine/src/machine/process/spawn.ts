import { spawn as spawnChild } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'
import type { Exit, ProcessIdentity } from '../../supervisor/replica-state.ts'
import type { ProcessTable } from './process-table.ts'

/** A program to start as the leader of a process group of its own. */
export interface SpawnRequest {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** Both outputs are appended here, so that they outlive whoever started it. */
  readonly logFile: string
  /** User and groups to become; needs root. */
  readonly user?: { readonly uid: number; readonly gid: number }
  /** Files that the new process writes `0` to before it becomes the program (cgroup.procs). */
  readonly joins: readonly string[]
  /** A file that the exit code is written to by a shell that stays behind for it: for whoever was not there to see it. */
  readonly exitFile?: string
  /** `setpriv`, where the machine has it: forbids new privileges. */
  readonly setpriv?: string
}

/** Starts programs and tells how they end. */
export type Spawn = (request: SpawnRequest, onExit: (exit: Exit) => void) => Promise<ProcessIdentity>

/** Joins the cgroups, then becomes the program: no shell stays behind. */
const joinScript = 'while [ "$1" != -- ]; do echo 0 > "$1" || exit 126; shift; done; shift; exec "$@"'

/** Runs the program and leaves its exit code; a signal to the group ends the program, not the shell. */
const witnessScript =
  'trap : TERM INT HUP QUIT USR1 USR2; "$@"; code=$?; echo $code > "$0.new" && mv "$0.new" "$0"; exit $code'

/** The words that are really run: join cgroups, drop privileges, become the program. */
export function launchWords(request: SpawnRequest): readonly string[] {
  const drop = request.setpriv
    ? [request.setpriv, '--no-new-privs', ...(request.user ? becoming(request.user) : []), '--']
    : []
  const bare = [...drop, request.file, ...request.args]
  const program = request.exitFile === undefined ? bare : ['/bin/sh', '-c', witnessScript, request.exitFile, ...bare]
  return request.joins.length > 0 ? ['/bin/sh', '-c', joinScript, 'sh', ...request.joins, '--', ...program] : program
}

function becoming(user: { readonly uid: number; readonly gid: number }): readonly string[] {
  return [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--bounding-set=-all', '--inh-caps=-all']
}

/** Starts a real program. Rejects with what the system said when it cannot. */
export function systemSpawn(table: ProcessTable): Spawn {
  return (request, onExit) =>
    new Promise((resolve, reject) => {
      const log = openSync(request.logFile, 'a', 0o600)
      const [file = request.file, ...args] = launchWords(request)
      const child = spawnChild(file, args, {
        cwd: request.cwd,
        env: request.env,
        detached: true,
        stdio: ['ignore', log, log],
        ...(request.user && !request.setpriv && request.user),
      })
      closeSync(log)
      child.once('error', (error) => reject(error))
      child.once('spawn', () => {
        const pid = child.pid ?? 0
        resetPriority(pid)
        const startTime = table.find(pid)?.startTime
        // The controller may be ended while replicas go on.
        child.unref()
        resolve({ pid, startTime: startTime ?? 'ended' })
      })
      child.once('exit', (code, signal) =>
        onExit({ ...(code !== null && { code }), ...(signal !== null && { signal }) }),
      )
    })
}

/** The controller may run with a higher priority than programs; theirs is the ordinary one. */
function resetPriority(pid: number): void {
  try {
    if (getPriority() < 0) setPriority(pid, 0)
  } catch {
    // It ended meanwhile.
  }
}
