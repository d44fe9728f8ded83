import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The test service in a process of its own. */
export interface ServiceProcess extends AsyncDisposable {
  readonly pid: number
  /** 0 on a unix socket. */
  readonly port: number
  readonly url: string
  readonly child: ChildProcess
  /** Sends a signal. */
  readonly signal: (name: NodeJS.Signals) => void
  /** SIGTERM, and the exit code of its drain. */
  readonly drain: () => Promise<number | null>
}

/** Starts `test/fixtures/service.ts` with the given environment (its head says which variables there are) and waits until it listens. */
export async function startServiceProcess(environment: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const file = join(import.meta.dirname, '..', 'fixtures', 'service.ts')
  const child = spawn(process.execPath, [file], {
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text)),
    exited.then(([code]) => {
      throw new Error(`the test service ended with ${String(code)} before it listened`)
    }),
  ])
  const { port, pid } = JSON.parse(line) as { readonly port: number; readonly pid: number }
  const stop = async (name: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGCONT')
      child.kill(name)
      await exited
    }
    return child.exitCode
  }
  return {
    pid,
    port,
    child,
    url: environment.SOCKET === undefined ? `http://127.0.0.1:${port}` : `unix:${environment.SOCKET}`,
    signal: (name) => void child.kill(name),
    drain: () => stop('SIGTERM'),
    [Symbol.asyncDispose]: async () => void (await stop('SIGKILL')),
  }
}
