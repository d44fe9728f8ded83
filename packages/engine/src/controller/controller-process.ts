import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { extname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { engineProblem } from '../problem-codes.ts'
import { type ControllerClient, connectController } from './controller-client.ts'

/** How to run a controller in a process of its own. */
export interface ControllerProcessOptions {
  readonly stateDir: string
  readonly root: string
  readonly environment: string
  readonly gatewayEngine?: 'own' | 'node-http'
  readonly gatewayWorkers?: number
  /** Module to run instead of the bare controller: one that adds extensions and calls `runController`. */
  readonly main?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** ms within which it must answer; 20,000 unless given. */
  readonly withinMs?: number
}

/** What the process is told on its command line. */
export type ControllerCharge = Omit<ControllerProcessOptions, 'main' | 'env' | 'withinMs'>

/**
 * Starts a controller that outlives this process, and connects to it. Throws SW4023 with its last words when it does
 * not come up; when another one holds the state directory, that one is returned.
 */
export async function startControllerProcess(options: ControllerProcessOptions): Promise<ControllerClient> {
  const stateDir = resolve(options.stateDir)
  const running = await connectController(stateDir).catch(() => undefined)
  if (running) return running
  mkdirSync(join(stateDir, 'logs'), { recursive: true, mode: 0o711 })
  const logFile = join(stateDir, 'logs', 'controller.log')
  const { main, env = process.env, withinMs = 20_000, ...charge } = options
  const script = main ?? fileURLToPath(new URL(`./controller-main${extname(import.meta.url)}`, import.meta.url))
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, JSON.stringify({ ...charge, stateDir })],
    {
      cwd: options.root,
      env: env as NodeJS.ProcessEnv,
      detached: true,
      stdio: ['ignore', log, log],
    },
  )
  closeSync(log)
  child.unref()
  const end = performance.now() + withinMs
  while (performance.now() < end) {
    const client = await connectController(stateDir).catch(() => undefined)
    if (client) {
      // Whoever was quicker is as good; ours would wait to take over once that one ends.
      if ((await client.controller()).pid !== child.pid) child.kill('SIGKILL')
      return client
    }
    if (child.exitCode !== null) break
    await new Promise((next) => setTimeout(next, 15))
  }
  if (child.exitCode === null) child.kill('SIGKILL')
  throw engineProblem({
    code: 'SW4023',
    message: `The controller did not come up: ${lastWords(logFile)}`,
    where: { file: logFile },
  })
}

function lastWords(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n')
  return lines.findLast((line) => /SW\d{4}|Error/.test(line)) ?? lines.at(-1) ?? 'it said nothing'
}
