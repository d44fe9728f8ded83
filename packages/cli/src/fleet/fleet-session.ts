import { fileURLToPath } from 'node:url'
import { type ControllerClient, connectController, type EngineEvent, startControllerProcess } from '@seaworthy/engine'
import { exitCode } from '../exit-code.ts'
import type { Io } from '../io.ts'
import { paint } from '../paint.ts'
import { eventLines } from './event-lines.ts'
import { fleetTable } from './fleet-table.ts'
import { LiveScreen } from './live-screen.ts'
import type { OpenCatalog } from './open-catalog.ts'
import { makeStateDirectory } from './state-directory.ts'
import { TrafficMeter } from './traffic-meter.ts'

/** ms between two drawings of the live table. */
const drawEvery = 500

/** How a session is held. */
export interface SessionOptions {
  readonly detach: boolean
  readonly json: boolean
}

/** One `seaworthy up`: a controller, the catalog applied to it, and the terminal that shows it. */
export class FleetSession {
  readonly #catalog: OpenCatalog
  readonly #io: Io
  readonly #options: SessionOptions
  readonly #stateDir: string
  #client: ControllerClient
  /** Whether the fleet ends with this terminal. */
  readonly #ours: boolean
  readonly #screen: LiveScreen
  readonly #meter = new TrafficMeter()

  private constructor(
    catalog: OpenCatalog,
    io: Io,
    options: SessionOptions,
    stateDir: string,
    client: ControllerClient,
    ours: boolean,
  ) {
    this.#catalog = catalog
    this.#io = io
    this.#options = options
    this.#stateDir = stateDir
    this.#client = client
    this.#ours = ours
    this.#screen = new LiveScreen(io)
  }

  /** Starts a controller, or joins the one that runs. */
  static async open(catalog: OpenCatalog, io: Io, options: SessionOptions): Promise<FleetSession> {
    const stateDir = makeStateDirectory(catalog.folder, catalog.environment)
    const running = await connectController(stateDir).catch(() => undefined)
    const client = running ?? (await startController(catalog, stateDir, io))
    const owned = running && (await running.controller()).owner !== null
    const ours = !options.detach && (!running || owned === true)
    if (options.detach) await client.giveTo()
    else if (ours) await client.giveTo(process.pid)
    return new FleetSession(catalog, io, options, stateDir, client, ours)
  }

  /** Whether the fleet goes on when this command returns. */
  get staysBehind(): boolean {
    return !this.#ours
  }

  /** Brings the fleet to what the catalog says; false when it is stuck. */
  async apply(): Promise<boolean> {
    const plan = await this.#client.plan(this.#catalog.fleet)
    return await this.#follow(this.#client.apply(plan))
  }

  /** Shows the fleet until Ctrl-C, then drains and stops it; a second one kills. Returns the exit code. */
  async watch(): Promise<number> {
    const { dim } = paint(this.#io.color)
    if (!this.#live) this.#io.err(dim('running; Ctrl-C drains and stops everything'))
    const stopped = this.#io.signal
    const over = Promise.withResolvers<void>()
    stopped.addEventListener('abort', () => over.resolve(), { once: true })
    if (stopped.aborted) over.resolve()
    const showing = this.#show(stopped)
    await over.promise
    await showing
    return await this.#stop()
  }

  /** Says what runs, for a fleet that stays behind. */
  sayWhatRuns(settled: boolean): void {
    const { dim } = paint(this.#io.color)
    const where = this.#options.json
      ? []
      : [settled ? 'everything is ready' : 'not everything became ready; `seaworthy status` says why']
    for (const line of where) this.#io.err(dim(`${line}; it goes on running. \`seaworthy down\` stops it.`))
  }

  async #stop(): Promise<number> {
    this.#screen.leave()
    const { dim } = paint(this.#io.color)
    if (!this.#options.json) this.#io.err(dim('draining and stopping; Ctrl-C again kills'))
    let killed = false
    using _ = this.#io.onInterrupt?.(() => {
      killed = true
      void this.#drain(this.#client.down({ force: true })).catch(() => {})
    })
    try {
      await this.#drain(this.#client.down())
    } catch (error) {
      // The controller ends with its fleet, sometimes before its last word.
      if (await connectController(this.#stateDir).catch(() => undefined)) throw error
    }
    return killed ? exitCode.interrupted : exitCode.done
  }

  async #drain(events: AsyncIterable<EngineEvent>): Promise<void> {
    for await (const event of events) this.#say(event)
  }

  /** Shows events as they come; a live table in a terminal, lines elsewhere. False when the last one is `stuck`. */
  async #follow(events: AsyncIterable<EngineEvent>): Promise<boolean> {
    const drawn = new AbortController()
    const drawing = this.#live ? this.#draw(AbortSignal.any([drawn.signal, this.#io.signal])) : undefined
    let settled = false
    const interrupted = new Promise<'interrupted'>((done) => {
      this.#io.signal.addEventListener('abort', () => done('interrupted'), { once: true })
    })
    const iterator = events[Symbol.asyncIterator]()
    try {
      for (;;) {
        const next = await Promise.race([iterator.next(), interrupted])
        if (next === 'interrupted' || next.done) break
        settled = next.value.kind === 'settled'
        if (!this.#live || next.value.kind === 'stuck') this.#say(next.value)
      }
    } finally {
      drawn.abort()
      await drawing
    }
    return settled
  }

  get #live(): boolean {
    return this.#io.interactive && !this.#options.json
  }

  #say(event: EngineEvent): void {
    if (this.#options.json) this.#io.out(JSON.stringify(event))
    else for (const line of eventLines(event, this.#io)) this.#io.out(line)
  }

  /** Goes on showing, and brings back a controller that died: the fleet itself has gone on meanwhile. */
  async #show(signal: AbortSignal): Promise<void> {
    const { bad } = paint(this.#io.color)
    while (!signal.aborted) {
      try {
        if (this.#live) await this.#draw(signal)
        else for await (const seen of this.#client.observe(signal)) if (seen.kind === 'replica') this.#sayChange(seen)
      } catch {
        if (signal.aborted) return
      }
      if (signal.aborted || (await connectController(this.#stateDir).catch(() => undefined))) continue
      this.#screen.leave()
      this.#io.err(bad('the controller ended; a new one takes over'))
      this.#client = await startController(this.#catalog, this.#stateDir, this.#io)
      await this.#client.giveTo(process.pid)
    }
  }

  readonly #phases = new Map<string, string>()

  #sayChange(seen: Extract<EngineEvent, { kind: 'replica' }>): void {
    const { replica, phase } = seen.replica
    const known = this.#phases.get(replica)
    this.#phases.set(replica, phase)
    if (known !== undefined && known !== phase) this.#say(seen)
  }

  async #draw(signal: AbortSignal): Promise<void> {
    const { dim } = paint(this.#io.color)
    while (!signal.aborted) {
      const [state, pages] = await Promise.all([this.#client.state(), this.#client.counters()])
      this.#meter.add(pages, performance.now())
      this.#screen.draw([
        ...fleetTable(state, this.#meter.read(), this.#io),
        '',
        dim('Ctrl-C drains and stops everything; a second one kills.'),
      ])
      await pause(drawEvery, signal)
    }
  }
}

async function startController(catalog: OpenCatalog, stateDir: string, io: Io): Promise<ControllerClient> {
  return await startControllerProcess({
    stateDir,
    root: catalog.folder,
    environment: catalog.environment,
    main: fileURLToPath(new URL('../controller-main.ts', import.meta.url)),
    env: io.env,
    ...(io.env.SEAWORTHY_GATEWAY === 'node-http' && { gatewayEngine: 'node-http' }),
  })
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      done()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
}
