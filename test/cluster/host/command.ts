import { spawn } from 'node:child_process'
import { clusterProblem } from '../problem-codes.ts'

/** How a program is run. */
export interface CommandOptions {
  readonly input?: string
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
  /** Ends the program after so many ms. Default: 120000. */
  readonly timeoutMs?: number
}

/** How a program ended. */
export interface CommandResult {
  /** Exit status; 127 when the program could not be started, 143 when a signal ended it. */
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end and returns what it said, whatever its status. */
export async function tryCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: 'pipe',
      timeout: options.timeoutMs ?? 120_000,
      ...(options.env && { env: options.env }),
      ...(options.cwd && { cwd: options.cwd }),
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
    const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString('utf8')
    child.on('error', (error) => resolve({ status: 127, stdout: '', stderr: error.message }))
    child.on('close', (code, signal) => {
      const stderr = signal ? `${text(err)}\nended by ${signal}` : text(err)
      resolve({ status: code ?? 143, stdout: text(out), stderr })
    })
  })
}

/** Runs a program and returns its standard output. Throws SWC001 with its standard error when it fails. */
export async function command(program: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { status, stdout, stderr } = await tryCommand(program, args, options)
  if (status === 0) return stdout
  const said = (stderr.trim() || stdout.trim()).slice(-2000)
  throw clusterProblem({ code: 'SWC001', message: `${[program, ...args].join(' ')} ended with ${status}: ${said}` })
}
