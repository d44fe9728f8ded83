import { existsSync } from 'node:fs'
import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import { createGateway, type Gateway } from '../core/gateway.ts'
import { FileLog } from '../log/access-log.ts'
import type { GatewaySnapshot } from '../snapshot.ts'
import { startProcess, type WorkerCharge } from './entry.ts'
import { type FromWorker, Link, type ToWorker, type WorkerReport, type WorkerState } from './link.ts'
import { type StateFiles, stateFiles } from './state-files.ts'
import { claimTakeover } from './takeover.ts'

/** ms between attempts to reach the holder, and how long the first heir waits for one before it starts a new one. */
const reconnectMs = 50
const takeoverMs = 300

/** One worker process: serves what it is told to, and goes on serving when nobody tells it anything any more. */
export class Worker {
  readonly #charge: WorkerCharge
  readonly #files: StateFiles
  readonly #gateway: Gateway
  readonly #log: FileLog | undefined
  #link: Link<FromWorker, ToWorker> | undefined
  #state: WorkerState = 'active'
  #snapshot: GatewaySnapshot | undefined
  #rank = 0
  #aloneSince = performance.now()
  #ending = false

  constructor(charge: WorkerCharge) {
    this.#charge = charge
    this.#files = stateFiles(charge.stateDir)
    this.#log = charge.accessLog ? new FileLog(this.#files.accessLog) : undefined
    this.#gateway = createGateway({
      engine: charge.engine,
      limits: charge.limits,
      worker: charge.id,
      epoch: charge.epoch,
      descriptors: charge.listeners,
      bind: false,
      ...(this.#log && { log: this.#log }),
    })
  }

  /** Connects to the holder and does as it says, until told to end. */
  start(): void {
    this.#connect()
    process.on('SIGTERM', () => void this.#end(10_000))
    setInterval(() => this.#leaveWhenIdle(), 200).unref()
  }

  #connect(): void {
    if (this.#ending) return
    const call = request({
      socketPath: existsSync(this.#charge.link) ? this.#charge.link : this.#files.control,
      path: '/link',
      headers: { connection: 'upgrade', upgrade: 'seaworthy-link' },
    })
    const again = (): void => {
      call.destroy()
      this.#tryLater()
    }
    call.on('error', again)
    call.on('response', again)
    call.on('upgrade', (_response, socket) => this.#linked(socket))
    call.end()
  }

  #linked(socket: Duplex): void {
    const link = new Link<FromWorker, ToWorker>(
      socket,
      (message) => this.#obey(message),
      () => {
        if (this.#link !== link) return
        this.#link = undefined
        this.#aloneSince = performance.now()
        this.#tryLater()
      },
    )
    this.#link = link
    link.send({
      kind: 'hello',
      id: this.#charge.id,
      pid: process.pid,
      epoch: this.#charge.epoch,
      state: this.#state,
      snapshotVersion: this.#gateway.plane.version,
    })
  }

  /** Without a holder for too long, the first heir starts a new one with the sockets that it has itself. */
  #tryLater(): void {
    const alone = performance.now() - this.#aloneSince
    if (this.#state === 'active' && alone > takeoverMs * (1 + this.#rank) && claimTakeover(this.#files)) {
      const { id: _id, epoch: _epoch, link: _link, ...settings } = this.#charge
      startProcess('holder-main', { ...settings, orphans: true }, this.#files).unref()
    }
    setTimeout(() => this.#connect(), reconnectMs)
  }

  #obey(message: ToWorker): void {
    switch (message.kind) {
      case 'snapshot':
        void this.#apply(message.snapshot, message.recall === true)
        break
      case 'report':
        this.#link?.send({ kind: 'report', request: message.request, report: this.#report() })
        break
      case 'reload':
        this.#reload(message.request)
        break
      case 'retire':
        this.#retire()
        break
      case 'drain':
        void this.#end(message.graceMs)
        break
      case 'stop':
        void this.#end(0)
        break
      case 'tickets':
        this.#gateway.setTicketKeys(Buffer.from(message.keys, 'base64'))
        break
      case 'heir':
        this.#rank = message.rank
        break
      default:
        message satisfies never
    }
  }

  async #apply(snapshot: GatewaySnapshot, recall: boolean): Promise<void> {
    let error: string | undefined
    try {
      if (recall || snapshot.version > this.#gateway.plane.version) {
        if (this.#state === 'active') await this.#gateway.apply(snapshot)
        else this.#gateway.plane.apply(snapshot)
        this.#snapshot = snapshot
      }
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
    }
    this.#link?.send({ kind: 'applied', version: snapshot.version, ...(error !== undefined && { error }) })
  }

  #report(): WorkerReport {
    const gateway = this.#gateway
    return {
      connections: gateway.connections,
      inFlight: gateway.plane.inFlight.size,
      held: gateway.plane.held(),
      endpoints: gateway.loads(),
      page: gateway.counters(),
      memory: process.memoryUsage.rss(),
      logLost: this.#log?.lost ?? 0,
    }
  }

  #reload(request: number): void {
    let error: string | undefined
    try {
      if (this.#snapshot !== undefined) this.#gateway.reload(this.#snapshot)
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause)
    }
    this.#link?.send({ kind: 'reloaded', request, ...(error !== undefined && { error }) })
  }

  #retire(): void {
    if (this.#state === 'retired') return
    this.#state = 'retired'
    this.#gateway.retire()
  }

  #leaveWhenIdle(): void {
    if (this.#state === 'retired' && !this.#ending && this.#gateway.connections === 0) void this.#end(0)
  }

  async #end(graceMs: number): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    this.#state = 'retired'
    if (graceMs > 0) await this.#gateway.drain(graceMs)
    else await this.#gateway.stop()
    this.#link?.send({ kind: 'bye', page: this.#gateway.counters() })
    this.#link?.end()
    setTimeout(() => process.exit(0), 100)
  }
}
