import type { CounterPage } from '../counter-page.ts'
import { nodeHttpEngine } from '../engine-node/engine.ts'
import { ownEngine } from '../engine-own/engine.ts'
import { type AccessLog, silentLog } from '../log/access-log.ts'
import type { GatewaySnapshot, Listener } from '../snapshot.ts'
import { CertificateStore } from '../tls/certificate-store.ts'
import { DataPlane, type EndpointLoad } from './data-plane.ts'
import type { Engine, EngineKind, FrontServer } from './engine.ts'
import { defaultLimits, type Limits } from './limits.ts'

/** How to make a gateway in this process. */
export interface GatewayOptions {
  /** `own` unless told otherwise. */
  readonly engine?: EngineKind
  readonly limits?: Partial<Limits>
  readonly log?: AccessLog
  /** Names the worker in counter pages. */
  readonly worker?: string
  readonly epoch?: string
  /** Listeners that are bound already, with the ports that were asked for; the others are bound here. */
  readonly descriptors?: readonly BoundDescriptor[]
  /** False keeps the gateway from binding listeners that have no descriptor; true unless told otherwise. */
  readonly bind?: boolean
  /** Monotonic ms. */
  readonly now?: () => number
  readonly wallClock?: () => number
  readonly random?: () => number
}

/** A listening socket that this process was given. */
export interface BoundDescriptor {
  readonly name: string
  readonly host: string
  /** The port that was asked for; 0 for any. */
  readonly asked: number
  /** The port in use. */
  readonly port: number
  readonly fd: number
}

/** A listener that is open. */
export interface OpenListener {
  readonly name: string
  readonly host: string
  /** The port in use, never 0. */
  readonly port: number
}

interface Served {
  readonly listener: Listener
  readonly front: FrontServer
  readonly certificates: CertificateStore | undefined
  readonly port: number
}

/** A gateway within this process: what a worker runs, and what tests and embedders use. */
export class Gateway {
  readonly plane: DataPlane
  readonly #engine: Engine
  readonly #options: GatewayOptions
  readonly #log: AccessLog
  readonly #served = new Map<string, Served>()
  /** Fronts that accept nothing more and still have connections. */
  readonly #retired = new Set<FrontServer>()
  #ticketKeys: Buffer | undefined
  #applying: Promise<void> = Promise.resolve()

  constructor(options: GatewayOptions = {}) {
    this.#options = options
    this.#log = options.log ?? silentLog
    this.#engine = engineOf(options.engine ?? 'own', { ...defaultLimits, ...options.limits })
    const { worker, epoch, now, wallClock, random } = options
    this.plane = new DataPlane({
      ...(worker !== undefined && { worker }),
      ...(epoch !== undefined && { epoch }),
      ...(now && { now }),
      ...(wallClock && { wallClock }),
      ...(random && { random }),
      log: this.#log,
      connect: (endpoint, pool) => this.#engine.connect(endpoint, pool),
    })
  }

  /** Puts a snapshot in force: routes and pools in one event-loop turn, new listeners before, gone ones after. Throws a Problem. */
  apply(snapshot: GatewaySnapshot): Promise<void> {
    const applied = this.#applying.then(() => this.#apply(snapshot))
    this.#applying = applied.catch(() => undefined)
    return applied
  }

  async #apply(snapshot: GatewaySnapshot): Promise<void> {
    this.reload(snapshot)
    const first = this.plane.version === 0
    if (first) this.plane.apply(snapshot)
    for (const listener of snapshot.listeners) {
      const served = this.#served.get(listener.name)
      if (isServed(served, listener) || (served !== undefined && this.#options.bind === false)) continue
      await this.#open(listener)
    }
    if (!first) this.plane.apply(snapshot)
    const wanted = new Set(snapshot.listeners.map((listener) => listener.name))
    for (const name of [...this.#served.keys()]) if (!wanted.has(name)) this.#retire(name)
  }

  /** Reads certificate files again; throws a Problem SW2004 and keeps the loaded ones when that fails. */
  reload(snapshot: GatewaySnapshot): void {
    for (const listener of snapshot.listeners) {
      if (listener.tls !== undefined) this.#served.get(listener.name)?.certificates?.load(listener.tls)
    }
  }

  async #open(listener: Listener): Promise<void> {
    const { name, host, port: asked } = listener
    const bound = this.#options.descriptors?.find(
      (one) => one.name === name && one.host === host && one.asked === asked,
    )
    if (bound === undefined && this.#options.bind === false) return
    this.#retire(name)
    let certificates: CertificateStore | undefined
    if (listener.tls !== undefined) {
      certificates = new CertificateStore()
      certificates.load(listener.tls)
    }
    const tls = certificates?.options(this.#engine.kind === 'own' ? ['h2', 'http/1.1'] : ['http/1.1'])
    const front = this.#engine.front({ plane: this.plane, listener: listener.name, ...(tls && { tls }) })
    const port = await front.listen(bound === undefined ? { host, port: asked } : { fd: bound.fd })
    if (this.#ticketKeys !== undefined) front.setTicketKeys(this.#ticketKeys)
    this.#served.set(name, { listener, front, certificates, port })
  }

  #retire(name: string): void {
    const served = this.#served.get(name)
    if (served === undefined) return
    this.#served.delete(name)
    served.front.retire(5_000)
    this.#retired.add(served.front)
  }

  /** Exchanges the keys of TLS session tickets: 48 bytes that all workers share, so that a session resumes at any of them. */
  setTicketKeys(keys: Buffer): void {
    this.#ticketKeys = keys
    for (const { front } of this.#served.values()) front.setTicketKeys(keys)
  }

  /** The listeners that are open, with the ports they really have. */
  listeners(): OpenListener[] {
    return [...this.#served.values()].map(({ listener, port }) => ({ name: listener.name, host: listener.host, port }))
  }

  counters(): CounterPage {
    return this.plane.counters()
  }

  loads(): EndpointLoad[] {
    return this.plane.loads()
  }

  /** Client connections that are open. */
  get connections(): number {
    for (const front of this.#retired) if (front.connections === 0) this.#retired.delete(front)
    let connections = 0
    for (const { front } of this.#served.values()) connections += front.connections
    for (const front of this.#retired) connections += front.connections
    return connections
  }

  /** Accepts nothing more; connections close after the answers they wait for, idle ones after `idleMs`. */
  retire(idleMs = 5_000): void {
    for (const name of [...this.#served.keys()]) {
      const served = this.#served.get(name)
      this.#served.delete(name)
      if (served === undefined) continue
      served.front.retire(idleMs)
      this.#retired.add(served.front)
    }
  }

  /** Retires, lets requests finish for up to `graceMs`, then ends streams properly and whatever is left. */
  async drain(graceMs: number): Promise<void> {
    this.retire(Math.min(graceMs, 1_000))
    const end = this.plane.now() + graceMs
    while (this.plane.now() < end && this.#busy()) await pause(20)
    this.plane.endStreams(false)
    const streamsEnd = this.plane.now() + 1_000
    while (this.plane.now() < streamsEnd && this.plane.inFlight.size > 0) await pause(20)
    await this.stop()
  }

  /** Whether something other than an idle connection or a stream is still going on. */
  #busy(): boolean {
    for (const exchange of this.plane.inFlight.all()) if (!exchange.isStream) return true
    return this.connections > this.plane.inFlight.size
  }

  /** Ends everything now. */
  async stop(): Promise<void> {
    for (const { front } of this.#served.values()) front.destroy()
    for (const front of this.#retired) front.destroy()
    this.#served.clear()
    this.#retired.clear()
    this.plane.stop()
    await this.#log.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

/** Makes a gateway in this process, without listeners until a snapshot is applied. */
export function createGateway(options: GatewayOptions = {}): Gateway {
  return new Gateway(options)
}

function engineOf(kind: EngineKind, limits: Limits): Engine {
  switch (kind) {
    case 'node-http':
      return nodeHttpEngine(limits)
    case 'own':
      return ownEngine(limits)
    default:
      return kind satisfies never
  }
}

function isServed(served: Served | undefined, wanted: Listener): boolean {
  if (served === undefined) return false
  const { listener, port } = served
  const samePort = listener.port === wanted.port || port === wanted.port
  return listener.host === wanted.host && samePort && (listener.tls === undefined) === (wanted.tls === undefined)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
