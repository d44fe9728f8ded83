import type { Desired } from '../desired/desired.ts'
import { externalUrl } from '../desired/injected-environment.ts'
import { systemProber } from '../probe/run-probe.ts'
import type { EngineParts } from './engine-parts.ts'
import type { MachineEngine } from './machine-engine.ts'

/** ms between two rounds, and between two looks at what is in flight to draining replicas. */
const everyRound = 2000
const everyIdleLook = 50
const everyExternal = 5000

/** What the engine does again and again: measures, looks whether draining replicas are idle, asks externals. */
export class Rounds implements Disposable {
  readonly #parts: EngineParts
  readonly #engine: MachineEngine
  readonly #timers = new Map<string, Disposable>()
  #externals: Desired | undefined
  #closed = false

  constructor(parts: EngineParts, engine: MachineEngine) {
    this.#parts = parts
    this.#engine = engine
  }

  /** Begins. */
  start(): void {
    this.#again('round', everyRound, () => this.#round())
    this.#again('idle', everyIdleLook, () => this.#lookForIdle())
    this.#again('externals', everyExternal, () => this.#askExternals())
  }

  /** Next scheduled run by job, ms since the Unix epoch. */
  nextRuns(): ReadonlyMap<string, number> {
    return new Map()
  }

  /** Asks these externals from now on, at once for the first time; volumes are made. */
  watchExternals(desired: Desired): void {
    this.#externals = desired
    void this.#askExternals()
  }

  [Symbol.dispose](): void {
    this.#closed = true
    for (const timer of this.#timers.values()) timer[Symbol.dispose]()
  }

  #again(name: string, ms: number, work: () => Promise<void>): void {
    if (this.#closed) return
    const timer = this.#parts.clock.after(ms, () => {
      void work()
        .catch(() => {})
        .then(() => this.#again(name, ms, work))
    })
    this.#timers.set(name, timer)
  }

  async #round(): Promise<void> {
    const { usage, clock, exposure, driver, store, publisher } = this.#parts
    usage.sample(clock.now())
    exposure.advance(driver.supervisor.replicas.values(), clock.now())
    store.write({ exposure: exposure.record() })
    await publisher.check()
    void this.#engine
  }

  async #lookForIdle(): Promise<void> {
    const { driver, link, publisher } = this.#parts
    const draining = [...driver.supervisor.replicas.values()].filter(({ state }) => state.phase === 'draining')
    if (draining.length === 0) return
    const busy = publisher.isOpen ? (await link.status()).endpoints.filter(({ inFlight }) => inFlight > 0) : []
    for (const { id } of draining) {
      if (!busy.some((endpoint) => endpoint.id === id)) driver.dispatch({ kind: 'idle', replica: id })
    }
  }

  async #askExternals(): Promise<void> {
    const desired = this.#externals
    if (!desired) return
    const { driver, volumes } = { driver: this.#parts.driver, volumes: Object.keys(desired.fleet.volumes) }
    for (const name of volumes) driver.dispatch({ kind: 'outside', target: `volume:${name}`, outside: { ready: true } })
    await Promise.all(
      Object.values(desired.fleet.externals).map(async ({ name, url, check }) => {
        const outside = await this.#askOne(name, url, check)
        driver.dispatch({ kind: 'outside', target: `external:${name}`, outside })
      }),
    )
  }

  async #askOne(
    name: string,
    written: string,
    check: 'none' | 'tcp' | 'http',
  ): Promise<{ readonly ready: boolean; readonly why?: string }> {
    try {
      const url = new URL(externalUrl(name, written, process.env))
      if (check === 'none') return { ready: true }
      const port = url.port || (url.protocol === 'https:' ? '443' : url.protocol === 'http:' ? '80' : '')
      const question =
        check === 'tcp' ? ({ kind: 'tcp', port: 0 } as const) : ({ kind: 'http', path: url.pathname } as const)
      const result = await systemProber({
        question,
        address: `${url.hostname}:${port}`,
        timeout: 2000,
        exec: async () => undefined,
      })
      return result.ok ? { ready: true } : { ready: false, why: result.detail }
    } catch (error) {
      return { ready: false, why: error instanceof Error ? error.message : String(error) }
    }
  }
}
