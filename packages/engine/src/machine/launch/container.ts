import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import type { Job, Service } from '@seaworthy/model'
import { findExecutable } from '../process/command.ts'

/** The container runtime of this machine: podman before docker, because it needs no daemon. */
export function findContainerRuntime(path: string): string | undefined {
  return findExecutable('podman', '/', path) ?? findExecutable('docker', '/', path)
}

/** How a container is run in the foreground, so that its client is the replica's process: signals and outputs go through. */
export function containerCommand(wanted: {
  readonly runtime: string
  readonly id: string
  readonly image: string
  readonly program: Service | Job
  readonly env: Readonly<Record<string, string>>
}): {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly remove: () => Promise<void>
} {
  const { runtime, id, image, program, env } = wanted
  const name = `seaworthy-${id}`
  const args = [
    ...['run', '--rm', '--name', name, '--network', 'host'],
    ...['--cpus', String(program.cpu), '--memory', `${program.memory}b`, '--pids-limit', String(program.pids)],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...(program.user ? ['--user', program.user] : []),
    // Values stand in the client's environment, not on its command line, which everyone can read.
    ...Object.keys(env).flatMap((key) => ['--env', key]),
    ...(basename(runtime) === 'docker' ? ['--init'] : []),
    image,
  ]
  return {
    args,
    env,
    remove: async () => {
      // Its client may have been killed and the container left.
      await promisify(execFile)(runtime, ['rm', '-f', name], { timeout: 20_000 }).catch(() => {})
    },
  }
}
