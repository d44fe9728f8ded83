import { request } from 'node:http'
import { Problem } from '@seaworthy/model'
import type { EndpointLoad } from '../core/data-plane.ts'
import type { OpenListener } from '../core/gateway.ts'
import type { CounterPage } from '../counter-page.ts'
import type { GatewaySnapshot } from '../snapshot.ts'
import { type StateFiles, stateFiles } from './state-files.ts'
import type { GatewayStatus } from './status.ts'

/** Commands a gateway that runs in processes of its own, over the unix socket in its state directory. */
export class GatewayControl implements AsyncDisposable {
  readonly stateDir: string
  /** The holder's process id as last seen; upgrades and new listeners change it. */
  pid: number
  readonly #files: StateFiles
  readonly #stopOnDispose: boolean

  /** Use {@link connectGateway} or `startGateway`. */
  constructor(stateDir: string, status: GatewayStatus, stopOnDispose: boolean) {
    this.stateDir = stateDir
    this.pid = status.pid
    this.#files = stateFiles(stateDir)
    this.#stopOnDispose = stopOnDispose
  }

  /** The listeners that are open, with the ports they really have. */
  async listeners(): Promise<readonly OpenListener[]> {
    return (await this.status()).listeners
  }

  /**
   * Puts a snapshot in force and resolves when it is, in every worker. Throws a Problem: SW2001 unsound, SW2002 not newer, SW2003
   * a listener cannot be bound, SW2004 certificate unreadable.
   */
  async apply(snapshot: GatewaySnapshot): Promise<void> {
    await call(this.#files.control, 'PUT', '/snapshot', snapshot)
  }

  /** What every worker has counted, those that ended lately included; cumulative within one `epoch`. */
  async counters(): Promise<CounterPage[]> {
    return (await call(this.#files.control, 'GET', '/counters')) as CounterPage[]
  }

  async status(): Promise<GatewayStatus> {
    const status = (await call(this.#files.control, 'GET', '/status')) as GatewayStatus
    this.pid = status.pid
    return status
  }

  /** All counts in the OpenMetrics text format. */
  async metrics(): Promise<string> {
    return (await call(this.#files.control, 'GET', '/metrics')) as string
  }

  /** What these endpoints still have in flight, over all workers; those that are idle are not listed. */
  async loads(endpointIds: readonly string[]): Promise<EndpointLoad[]> {
    const { endpoints } = await this.status()
    return endpoints.filter(({ id, inFlight }) => inFlight > 0 && endpointIds.includes(id))
  }

  /** Waits until these endpoints have nothing in flight; resolves to false when `timeoutMs` pass before. */
  async drained(endpointIds: readonly string[], timeoutMs: number): Promise<boolean> {
    const end = performance.now() + timeoutMs
    while ((await this.loads(endpointIds)).length > 0) {
      if (performance.now() >= end) return false
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    return true
  }

  /** Reads certificate files again; throws a Problem and keeps those in force when one is unreadable. */
  async reload(): Promise<void> {
    await call(this.#files.control, 'POST', '/reload')
  }

  /** Exchanges all processes for new ones started from the code on disk, without a lost connection. */
  async upgrade(): Promise<void> {
    await call(this.#files.control, 'POST', '/upgrade')
    await this.status()
  }

  /** Accepts nothing more, lets requests finish for up to `graceMs`, ends streams properly, and ends the gateway. */
  async drain(graceMs: number): Promise<void> {
    await call(this.#files.control, 'POST', '/drain', { graceMs })
  }

  /** Ends the gateway now. */
  async stop(): Promise<void> {
    await call(this.#files.control, 'POST', '/stop').catch((error: unknown) => {
      if (!(error instanceof Problem && error.code === 'SW2005')) throw error
    })
  }

  /** Ends the gateway if it was started here; a gateway that was only connected to goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#stopOnDispose) await this.stop()
  }
}

/** Connects to the gateway of a state directory; throws a Problem SW2005 when none answers. */
export async function connectGateway(stateDir: string): Promise<GatewayControl> {
  const status = (await call(stateFiles(stateDir).control, 'GET', '/status')) as GatewayStatus
  return new GatewayControl(stateDir, status, false)
}

function call(socketPath: string, method: string, path: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath, method, path, agent: false }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => {
        text += part
      })
      answer.on('error', reject)
      answer.on('end', () => {
        const json = answer.headers['content-type']?.includes('json') === true
        const value: unknown = json ? JSON.parse(text) : text
        if (answer.statusCode === 200) resolve(value)
        else reject(problemOf(value, answer.statusCode ?? 0))
      })
    })
    outgoing.on('error', (cause) => {
      reject(
        new Problem({
          code: 'SW2005',
          message: `expected a gateway at ${socketPath}, found none`,
          hint: 'start one with `seaworthy up`',
          cause,
        }),
      )
    })
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

function problemOf(value: unknown, status: number): Problem {
  const details = value as { code?: string; message?: string; hint?: string; where?: { path?: string } }
  return new Problem({
    code: details.code ?? 'SW2007',
    message: details.message ?? `the gateway answered with status ${status}`,
    ...(details.hint !== undefined && { hint: details.hint }),
    ...(details.where !== undefined && { where: details.where }),
  })
}
