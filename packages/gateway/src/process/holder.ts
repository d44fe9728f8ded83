import { randomBytes } from 'node:crypto'
import { closeSync, statSync } from 'node:fs'
import { rename, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { Problem } from '@seaworthy/model'
import { openMetrics } from '../count/open-metrics.ts'
import type { CounterPage } from '../counter-page.ts'
import type { GatewaySnapshot } from '../snapshot.ts'
import { checkSnapshot } from '../snapshot-check.ts'
import { CertificateStore } from '../tls/certificate-store.ts'
import { type BoundListener, bindAndHandOver, fits } from './bound-listener.ts'
import { type ControlApi, controlServer, tellSuperseded } from './control-server.ts'
import { type HolderCharge, startProcess } from './entry.ts'
import { readSnapshot, replaceFile, type StateFiles, stateFiles } from './state-files.ts'
import { type GatewayStatus, sumLoads, workerStatus } from './status.ts'
import { releaseTakeover } from './takeover.ts'
import { WorkerSet } from './worker-set.ts'

/** ms that a successor has to become ready, and that orphaned workers have to call. */
const successionMs = 15_000
const orphansMs = 2_000
/** ms for which TLS session tickets are sealed with the same keys. */
const ticketsMs = 12 * 3_600_000

/**
 * The process that owns the listening sockets and never accepts on them: it starts workers that inherit them, gives every snapshot to
 * all of them, and hands everything to a successor when the gateway is upgraded or gets a new listener.
 */
export class Holder implements ControlApi {
  readonly #charge: HolderCharge
  readonly #files: StateFiles
  readonly #workers: WorkerSet
  readonly #startedAt: number = Date.now()
  #listeners: readonly BoundListener[]
  #snapshot: GatewaySnapshot | undefined
  #server: Server | undefined
  #socketPath = ''
  #inode = 0
  #changing: Promise<void> = Promise.resolve()
  #superseded: (() => void) | undefined
  #ending = false

  constructor(charge: HolderCharge) {
    this.#charge = charge
    this.#files = stateFiles(charge.stateDir)
    this.#listeners = charge.listeners
    this.#workers = new WorkerSet({
      snapshot: () => this.#snapshot,
      start: (id, epoch) => {
        const { predecessor: _predecessor, orphans: _orphans, ...settings } = this.#charge
        const listeners = this.#listeners
        return startProcess('worker-main', { ...settings, listeners, id, epoch, link: this.#socketPath }, this.#files)
      },
    })
  }

  /** Starts or adopts workers and opens the control socket; resolves when the gateway serves. */
  async start(): Promise<void> {
    this.#snapshot = await readSnapshot(this.#files)
    this.#workers.shareTickets(randomBytes(48))
    await replaceFile(this.#files.ports, JSON.stringify(this.#listeners.map(({ fd: _fd, ...rest }) => rest)))
    this.#socketPath = `${this.#files.control}.${process.pid}`
    this.#server = controlServer(this, (stream) => this.#workers.welcome(stream))
    const server = this.#server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#socketPath, resolve)
    })
    const { predecessor } = this.#charge
    if (predecessor === undefined) await this.#takeName()
    if (this.#charge.orphans) {
      await this.#workers.until(() => this.#workers.members().length >= this.#charge.workers, orphansMs)
    }
    this.#workers.wanted = this.#charge.workers
    this.#workers.balance()
    await this.#workers.until(() => this.#workers.ready, successionMs)
    if (predecessor !== undefined) {
      const before = this.#files.control
      const old = `${before}.${predecessor}.old`
      await rename(before, old).catch(() => undefined)
      await this.#takeName()
      await tellSuperseded(old).catch(() => undefined)
      await unlink(old).catch(() => undefined)
    }
    setInterval(() => void this.#look(), 1_000)
    setInterval(() => this.#workers.shareTickets(randomBytes(48)), ticketsMs)
    process.on('SIGTERM', () => void this.drain(10_000))
  }

  async #takeName(): Promise<void> {
    await rename(this.#socketPath, this.#files.control)
    this.#socketPath = this.#files.control
    this.#inode = statSync(this.#files.control).ino
    releaseTakeover(this.#files)
  }

  /** Once a second: reads every worker, ends those that hang, and steps down when another holder has taken the name. */
  async #look(): Promise<void> {
    if (this.#ending) return
    const inode = await Promise.resolve()
      .then(() => statSync(this.#files.control).ino)
      .catch(() => 0)
    if (inode !== this.#inode && this.#superseded === undefined) process.exit(0)
    await this.#workers.ask('report').catch(() => undefined)
    this.#workers.endHung()
  }

  apply(snapshot: GatewaySnapshot): Promise<void> {
    const changed = this.#changing.then(() => this.#apply(snapshot))
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async #apply(snapshot: GatewaySnapshot): Promise<void> {
    const before = this.#snapshot
    if (before !== undefined && snapshot.version <= before.version) {
      if (JSON.stringify(before) === JSON.stringify(snapshot)) return
      throw new Problem({
        code: 'SW2002',
        message: `expected a snapshot newer than version ${before.version}, found version ${snapshot.version}`,
      })
    }
    checkSnapshot(snapshot)
    for (const { tls } of snapshot.listeners) if (tls !== undefined) new CertificateStore().load(tls)
    const fresh = snapshot.listeners.filter((wanted) => !this.#listeners.some((bound) => fits(bound, wanted)))
    // A port that cannot be had is found out before anything is changed.
    if (fresh.length > 0) await bindAndHandOver(fresh, () => undefined)
    await replaceFile(this.#files.snapshot, JSON.stringify(snapshot))
    try {
      this.#snapshot = snapshot
      await this.#workers.publish(snapshot)
      if (fresh.length > 0 || changesTls(before, snapshot)) return await this.#succeed(snapshot, fresh)
    } catch (cause) {
      this.#snapshot = before
      if (before !== undefined) {
        await replaceFile(this.#files.snapshot, JSON.stringify(before))
        this.#workers.recall(before)
      } else await unlink(this.#files.snapshot).catch(() => undefined)
      throw cause
    }
    for (const bound of this.#listeners) {
      if (!snapshot.listeners.some((wanted) => fits(bound, wanted))) closeSync(bound.fd)
    }
    this.#listeners = this.#listeners.filter((bound) => snapshot.listeners.some((wanted) => fits(bound, wanted)))
  }

  /** Starts a successor with our sockets and fresh ones; resolves when it has taken over, after which this process ends. */
  async #succeed(snapshot: GatewaySnapshot | undefined, fresh: GatewaySnapshot['listeners']): Promise<void> {
    const kept = this.#listeners.filter((bound) => snapshot?.listeners.some((wanted) => fits(bound, wanted)) ?? true)
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const child = await bindAndHandOver(fresh, (bound) =>
      startProcess(
        'holder-main',
        { ...this.#charge, listeners: [...kept, ...bound], predecessor: process.pid, orphans: false },
        this.#files,
      ),
    )
    const failed = (): void => {
      child.kill('SIGKILL')
      reject(
        new Problem({
          code: 'SW2006',
          message: 'expected the successor of this gateway to become ready, found that it ended or hangs',
          where: { file: this.#files.log },
        }),
      )
    }
    const timer = setTimeout(failed, successionMs)
    child.once('exit', failed)
    child.unref()
    this.#superseded = resolve
    try {
      await promise
      child.off('exit', failed)
      this.#makeWay()
    } finally {
      clearTimeout(timer)
      this.#superseded = undefined
    }
  }

  superseded(): void {
    this.#superseded?.()
  }

  #makeWay(): void {
    this.#ending = true
    this.#workers.dismiss({ kind: 'retire' })
    setTimeout(() => process.exit(0), 200)
  }

  upgrade(): Promise<void> {
    const changed = this.#changing.then(() => this.#succeed(undefined, []))
    this.#changing = changed.catch(() => undefined)
    return changed
  }

  async counters(): Promise<CounterPage[]> {
    await this.#workers.ask('report')
    const living = this.#workers.members().flatMap(({ report }) => (report === undefined ? [] : [report.page]))
    return [...this.#workers.departed, ...living]
  }

  async status(): Promise<GatewayStatus> {
    await this.#workers.ask('report')
    const members = this.#workers.members()
    return {
      pid: process.pid,
      startedAt: this.#startedAt,
      engine: this.#charge.engine,
      ready: this.#workers.ready && !this.#ending,
      snapshotVersion: this.#snapshot?.version ?? 0,
      listeners: this.#listeners.map(({ name, host, port }) => ({ name, host, port })),
      workers: members.map(workerStatus),
      endpoints: sumLoads(members.flatMap(({ report }) => report?.endpoints ?? [])),
      held: members.reduce((sum, { report }) => sum + (report?.held ?? 0), 0),
    }
  }

  async metrics(): Promise<string> {
    return openMetrics(await this.status(), await this.counters())
  }

  reload(): Promise<void> {
    return this.#workers.ask('reload')
  }

  /** Stops accepting, lets everything finish for `graceMs`, and ends the gateway. */
  async drain(graceMs: number): Promise<void> {
    if (this.#ending) return
    this.#ending = true
    for (const { fd } of this.#listeners) closeSync(fd)
    this.#workers.dismiss(graceMs > 0 ? { kind: 'drain', graceMs } : { kind: 'stop' })
    await this.#workers.until(() => this.#workers.members().length === 0, graceMs + 5_000)
    for (const { pid } of this.#workers.members()) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone in this moment.
      }
    }
    await unlink(this.#files.control).catch(() => undefined)
    setTimeout(() => process.exit(0), 50)
  }
}

/** Whether a listener gains or loses TLS, which takes new workers, because a worker cannot open a socket twice. */
function changesTls(before: GatewaySnapshot | undefined, after: GatewaySnapshot): boolean {
  const wasSecure = (name: string): boolean | undefined => {
    const listener = before?.listeners.find((one) => one.name === name)
    return listener && listener.tls !== undefined
  }
  return after.listeners.some(({ name, tls }) => (wasSecure(name) ?? tls !== undefined) !== (tls !== undefined))
}
