import { spawn } from 'node:child_process'
import type { Launch } from '../launch/launch.ts'
import { findExecutable } from './command.ts'

/**
 * Runs a command as a replica would: its directory, variables and user. Resolves with the exit code; with undefined
 * when it was cut off after `timeout` ms, 127 when there is no such command. Its output goes nowhere.
 */
export function runBeside(launch: Launch, command: readonly string[], timeout: number): Promise<number | undefined> {
  const { cwd, env, user } = launch.request
  const file = findExecutable(command[0] ?? '', cwd, env.PATH ?? '')
  if (file === undefined) return Promise.resolve(127)
  return new Promise((resolve) => {
    const child = spawn(file, command.slice(1), { cwd, env, stdio: 'ignore', detached: true, ...user })
    const timer = setTimeout(() => {
      resolve(undefined)
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL')
      } catch {
        // It ended meanwhile.
      }
    }, timeout)
    child.on('error', () => resolve(127))
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(code ?? undefined)
    })
  })
}
