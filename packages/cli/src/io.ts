import { createInterface } from 'node:readline/promises'

/** The outside world as a command sees it; tests hand in another. */
export interface Io {
  /** Writes a line to standard output. */
  readonly out: (line: string) => void
  /** Writes a line to standard error: problems, progress, questions. */
  readonly err: (line: string) => void
  /** Folder in which the command was given. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a person sits in front of standard output. */
  readonly interactive: boolean
  /** Whether colours are wanted. */
  readonly color: boolean
  /** Columns of the terminal; 0 when there is none. */
  readonly columns: number
  /** Aborted on Ctrl-C and on a request to end. */
  readonly signal: AbortSignal
  /** Takes over: interrupts after the first call `handler` instead of ending the process, until disposed. */
  readonly onInterrupt?: (handler: () => void) => Disposable
  /** Asks a yes-or-no question; `false` when nobody is there to answer. */
  readonly confirm: (question: string) => Promise<boolean>
}

/** The world of this process. The first SIGINT, SIGTERM or SIGHUP aborts `signal`; a second one ends the process at once. */
export function systemIo(): Io {
  const controller = new AbortController()
  let takenOver: (() => void) | undefined
  const stop = (): void => {
    if (!controller.signal.aborted) controller.abort()
    else if (takenOver) takenOver()
    else process.exit(130)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.on('SIGHUP', stop)
  // Whoever reads us may stop reading, as `head` does; that is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  const interactive = process.stdout.isTTY === true
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    cwd: process.cwd(),
    env: process.env,
    interactive,
    color: wantsColor(process.env, interactive),
    columns: process.stdout.columns ?? 0,
    signal: controller.signal,
    onInterrupt: (handler) => {
      takenOver = handler
      return {
        [Symbol.dispose]: () => {
          takenOver = undefined
        },
      }
    },
    confirm: async (question) => {
      if (process.stdin.isTTY !== true) return false
      const reader = createInterface({ input: process.stdin, output: process.stderr })
      try {
        return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `, { signal: controller.signal })).trim())
      } catch {
        return false
      } finally {
        reader.close()
      }
    },
  }
}

/** Colours as https://no-color.org and https://force-color.org have it. */
function wantsColor(env: NodeJS.ProcessEnv, interactive: boolean): boolean {
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0'
  return interactive && env.TERM !== 'dumb'
}
