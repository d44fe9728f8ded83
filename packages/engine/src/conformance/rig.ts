import type { JobSpec, ServiceSpec } from '@seaworthy/model'
import { fleet, type JobPart, job, resolve, type ServicePart, service } from '@seaworthy/model'
import type { Engine } from '../contract.ts'
import type { EngineEvent } from '../contract-events.ts'

/** An engine under test, and what the suite needs around it. */
export interface Rig extends AsyncDisposable {
  readonly engine: Engine
  /** What runs the test service (`test/fixtures/service.ts`) here: a command or an image. */
  readonly program: Pick<ServiceSpec, 'run' | 'image'>
  /** What runs a line of JavaScript here and exits. */
  readonly script: (code: string) => Pick<JobSpec, 'run' | 'image'>
  /** Replaces the engine by a new one on the same state, as after a crash of the controller; absent where that makes no sense. */
  readonly successor?: () => Promise<Engine>
  /** Kills a replica's program at once. */
  readonly kill: (replica: string) => Promise<void>
}

/** Makes rigs; each test gets one of its own. */
export type RigMaker = () => Promise<Rig>

/** The answer to one request through the gateway. */
export interface Answer {
  readonly status: number
  /** Version and process that answered, as the test service tells. */
  readonly version: string
  readonly pid: number
}

/** A test service of a rig: ready when its readiness says so, drained quickly. */
export function testService(rig: Rig, name: string, spec: ServiceSpec = {}): ServicePart {
  return service(name, {
    ...rig.program,
    port: 3000,
    routes: [`/${name}`],
    health: { ready: { http: '/health/ready', every: '1s' } },
    stop: { drain: '5s', grace: '6s' },
    memory: '256Mi',
    cpu: 1,
    ...spec,
  })
}

/** A job of a rig that runs a line of JavaScript. */
export function testJob(rig: Rig, name: string, code: string, spec: JobSpec = {}): JobPart {
  return job(name, { ...rig.script(code), cpu: 1, ...spec })
}

/** A fleet of test services, resolved. The gateway finds a port of its own. */
export function testFleet(services: readonly ServicePart[], jobs: readonly JobPart[] = []): ReturnType<typeof resolve> {
  const document = fleet('conformance', { services, jobs, environments: [] })
  const resolved = resolve(document, 'development')
  const development = resolved.environments.development
  return development ? { ...resolved, environments: { development: { ...development, gatewayPort: 0 } } } : resolved
}

/** Applies a fleet and returns the events; the last one says how it ended. */
export async function applied(engine: Engine, wanted: ReturnType<typeof testFleet>): Promise<readonly EngineEvent[]> {
  const events: EngineEvent[] = []
  for await (const event of engine.apply(await engine.plan(wanted))) events.push(event)
  return events
}

/** Takes everything down and waits for the end. */
export async function takenDown(engine: Engine): Promise<readonly EngineEvent[]> {
  const events: EngineEvent[] = []
  for await (const event of engine.down()) events.push(event)
  return events
}

/** Asks a service through the gateway, on a connection of its own. */
export async function ask(
  engine: Engine,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const [url] = (await engine.state()).gateway.urls
  if (url === undefined) throw new Error('the gateway has no URL')
  const answer = await fetch(`${url}${path}`, { headers: { connection: 'close', ...headers } })
  const body = (await answer.json().catch(() => ({}))) as { readonly version?: string; readonly pid?: number }
  return { status: answer.status, version: body.version ?? '', pid: body.pid ?? 0 }
}

/** Waits until something is so; the test's own time-out ends it. */
export async function until<T>(look: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const seen = await look().catch(() => undefined)
    if (seen !== undefined && seen !== false) return seen
    await new Promise((next) => setTimeout(next, 25))
  }
}

/** Asks a path again and again until stopped; counts what came back. */
export class SteadyClient {
  readonly answers: Answer[] = []
  readonly failures: string[] = []
  #going = true
  readonly #done: Promise<void>

  constructor(url: string, pauseMs = 5) {
    this.#done = this.#run(url, pauseMs)
  }

  async #run(url: string, pauseMs: number): Promise<void> {
    let id = 0
    while (this.#going) {
      id += 1
      try {
        const answer = await fetch(url, { headers: { 'x-request-id': `steady-${id}` } })
        const body = (await answer.json()) as { readonly version?: string; readonly pid?: number }
        if (answer.status === 200) this.answers.push({ status: 200, version: body.version ?? '', pid: body.pid ?? 0 })
        else this.failures.push(`request ${id}: ${answer.status} ${JSON.stringify(body)}`)
      } catch (error) {
        this.failures.push(
          `request ${id}: ${error instanceof Error ? `${error.message} ${String(error.cause ?? '')}` : error}`,
        )
      }
      await new Promise((next) => setTimeout(next, pauseMs))
    }
  }

  /** Stops after the request under way. */
  async stop(): Promise<void> {
    this.#going = false
    await this.#done
  }
}

/** A client that asks a service of the fleet steadily, through the gateway. */
export async function steadyClient(engine: Engine, path: string): Promise<SteadyClient> {
  const [url] = (await engine.state()).gateway.urls
  return new SteadyClient(`${url}${path}`)
}
