import { request } from 'node:http'
import { resolve } from 'node:path'
import type { CounterPage } from '@seaworthy/gateway'
import { type Fleet, Problem, type ProblemDetails } from '@seaworthy/model'
import type {
  DownOptions,
  Engine,
  JobOutcome,
  LogLine,
  LogQuery,
  PreviewTarget,
  RouteOptions,
  RouteReceipt,
  Shares,
  VersionExposure,
  VersionRequest,
} from '../contract.ts'
import type { EngineEvent, Observation } from '../contract-events.ts'
import type { Plan } from '../contract-plan.ts'
import type { EngineState, VersionState } from '../contract-state.ts'
import { engineProblem } from '../problem-codes.ts'
import { readEvents } from './read-events.ts'
import { socketPath } from './socket-path.ts'

/** What a controller tells of itself. */
export interface ControllerState {
  readonly pid: number
  /** ms since the Unix epoch. */
  readonly startedAt: number
  readonly version: string
  readonly stateDir: string
  readonly root: string
  readonly environment: string
  /** The process whose end stops the fleet; null when it runs detached. */
  readonly owner: { readonly pid: number } | null
}

/** The engine of a controller in another process, over its socket. Throws SW4022 when none answers. */
export class ControllerClient implements Engine {
  readonly kind = 'machine'
  readonly #socket: string

  constructor(stateDir: string) {
    this.#socket = socketPath(resolve(stateDir))
  }

  /** Which controller answers. */
  controller(): Promise<ControllerState> {
    return this.call('GET', '/v1/controller')
  }

  /** Makes the fleet that of a process, or (without one) nobody's. */
  async giveTo(pid?: number): Promise<void> {
    await this.call('PUT', '/v1/controller/owner', pid === undefined ? {} : { pid })
  }

  plan(fleet: Fleet, replacement: Plan['replacement'] = 'rolling'): Promise<Plan> {
    return this.call('POST', '/v1/plan', { fleet, replacement })
  }

  apply(plan: Plan): AsyncIterable<EngineEvent> {
    return this.events('POST', '/v1/apply', plan)
  }

  down(options: DownOptions = {}): AsyncIterable<EngineEvent> {
    return this.events('POST', '/v1/down', options)
  }

  state(): Promise<EngineState> {
    return this.call('GET', '/v1/state')
  }

  observe(signal?: AbortSignal): AsyncIterable<Observation> {
    return this.events('GET', '/v1/observe', undefined, signal)
  }

  ensureVersion(service: string, { version, ...wanted }: VersionRequest): Promise<VersionState> {
    return this.call('PUT', path`/v1/services/${service}/versions/${version}`, wanted)
  }

  scaleVersion(service: string, version: string, replicas: number): Promise<VersionState> {
    return this.call('PATCH', path`/v1/services/${service}/versions/${version}`, { replicas })
  }

  async removeVersion(service: string, version: string): Promise<void> {
    await this.call('DELETE', path`/v1/services/${service}/versions/${version}`)
  }

  route(service: string, shares: Shares, options: RouteOptions = {}): Promise<RouteReceipt> {
    return this.call('PUT', path`/v1/services/${service}/route`, { shares, options })
  }

  promote(service: string, version: string): Promise<VersionState> {
    return this.call('POST', path`/v1/services/${service}/promote`, { version })
  }

  counters(): Promise<readonly CounterPage[]> {
    return this.call('GET', '/v1/counters')
  }

  exposure(service: string): Promise<readonly VersionExposure[]> {
    return this.call('GET', path`/v1/services/${service}/exposure`)
  }

  runJob(job: string, key: string, overrides?: Parameters<Engine['runJob']>[2]): Promise<JobOutcome> {
    return this.call('PUT', path`/v1/jobs/${job}/runs/${key}`, overrides)
  }

  preview(service: string, version: string): Promise<readonly PreviewTarget[]> {
    return this.call('GET', path`/v1/services/${service}/versions/${version}/preview`)
  }

  logs(query: LogQuery): Promise<readonly LogLine[]> {
    return this.call('GET', `/v1/logs?${words(query)}`)
  }

  /** Every line that is written from now on, until `signal` aborts. */
  followLogs(query: LogQuery, signal?: AbortSignal): AsyncIterable<LogLine> {
    return this.events('GET', `/v1/logs/follow?${words(query)}`, undefined, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** One operation of the API by its path; for those that extensions add. */
  call<T>(method: string, target: string, body?: unknown): Promise<T> {
    return new Promise((done, failed) => {
      const outgoing = request({ socketPath: this.#socket, method, path: target, agent: false }, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (part: string) => {
          text += part
        })
        answer.on('error', failed)
        answer.on('end', () => {
          const value = JSON.parse(text || '{}') as unknown
          if (answer.statusCode === 200) done(value as T)
          else failed(problemOf(value))
        })
      })
      outgoing.on('error', (cause) => failed(this.#absent(cause)))
      outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }

  /** The events of one operation; for those that extensions add. Leaving the iteration only stops listening. */
  async *events<T>(method: string, target: string, body?: unknown, signal?: AbortSignal): AsyncGenerator<T> {
    const outgoing = request({ socketPath: this.#socket, method, path: target, agent: false })
    const stop = (): void => void outgoing.destroy()
    signal?.addEventListener('abort', stop)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
    try {
      const answer = await new Promise<import('node:http').IncomingMessage>((done, failed) => {
        outgoing.on('response', done)
        outgoing.on('error', failed)
      })
      for await (const { name, data } of readEvents(answer)) {
        if (name === 'problem' || answer.statusCode !== 200) throw problemOf(JSON.parse(data))
        yield JSON.parse(data) as T
      }
    } catch (error) {
      if (signal?.aborted) return
      throw error instanceof Problem ? error : this.#absent(error)
    } finally {
      signal?.removeEventListener('abort', stop)
      outgoing.destroy()
    }
  }

  #absent(cause: unknown): Problem {
    return engineProblem({
      code: 'SW4022',
      message: `No controller answers at ${this.#socket}.`,
      hint: 'Start the fleet with `seaworthy up`.',
      cause,
    })
  }
}

/** Connects to the controller of a state directory; throws SW4022 when none answers. */
export async function connectController(stateDir: string): Promise<ControllerClient> {
  const client = new ControllerClient(stateDir)
  await client.controller()
  return client
}

function path(strings: TemplateStringsArray, ...names: readonly string[]): string {
  return strings
    .map((part, index) => `${part}${index < names.length ? encodeURIComponent(names[index] ?? '') : ''}`)
    .join('')
}

function words(query: LogQuery): URLSearchParams {
  return new URLSearchParams(Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)])))
}

function problemOf(value: unknown): Problem {
  const { code = 'SW4024', message = 'the controller refused', hint, where } = value as Partial<ProblemDetails>
  return new Problem({ code, message, ...(hint !== undefined && { hint }), ...(where !== undefined && { where }) })
}
