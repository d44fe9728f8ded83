import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { CounterPage } from '../counter-page.ts'
import type { GatewaySnapshot } from '../snapshot.ts'
import { type FromWorker, Link, type ToWorker, type WorkerReport, type WorkerState } from './link.ts'

/** ms without a report after which a worker counts as hung. */
const hungMs = 15_000
/** Final pages of workers that ended, kept so that their last counts are read. */
const departedLimit = 256

/** A worker as its holder knows it. */
export interface Member {
  readonly id: string
  readonly pid: number
  readonly epoch: string
  state: WorkerState
  snapshotVersion: number
  report: WorkerReport | undefined
  reportedAt: number
  readonly link: Link<ToWorker, FromWorker>
}

/** What a set of workers asks of its holder. */
export interface WorkerSetOptions {
  /** Starts a worker process. */
  readonly start: (id: string, epoch: string) => ChildProcess
  readonly snapshot: () => GatewaySnapshot | undefined
  readonly now?: () => number
  /** Ends a process that hangs. */
  readonly kill?: (pid: number) => void
}

/** The workers of a gateway: as many active ones as wanted, replaced when they die, and retired ones until they have finished. */
export class WorkerSet {
  wanted = 0
  readonly departed: CounterPage[] = []
  readonly #options: WorkerSetOptions
  readonly #now: () => number
  readonly #members = new Map<string, Member>()
  /** Started and not yet heard of, by id. */
  readonly #starting = new Map<string, ChildProcess>()
  readonly #waiting = new Set<() => void>()
  #request = 0
  #answers = new Map<number, (error: string | undefined) => void>()
  #number = 0
  #quickDeaths = 0
  #tickets = ''

  constructor(options: WorkerSetOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  members(): Member[] {
    return [...this.#members.values()]
  }

  /** Starts or retires workers until as many are active as wanted. */
  balance(): void {
    // While no number is wanted nobody is too many: orphans call one by one while their new holder still waits for the others.
    if (this.wanted === 0) return
    const active = this.members().filter((member) => member.state === 'active')
    for (const surplus of active.slice(this.wanted)) this.#retire(surplus)
    for (let missing = this.wanted - active.length - this.#starting.size; missing > 0; missing--) this.#start()
    active.forEach((member, rank) => {
      member.link.send({ kind: 'heir', rank })
    })
  }

  #start(): void {
    const epoch = randomBytes(6).toString('hex')
    const id = `w${++this.#number}-${process.pid}`
    const child = this.#options.start(id, epoch)
    const began = this.#now()
    this.#starting.set(id, child)
    child.once('error', () => undefined)
    child.once('exit', () => {
      this.#starting.delete(id)
      this.#quickDeaths = this.#now() - began < 1_000 ? this.#quickDeaths + 1 : 0
      const wait = this.#quickDeaths < 3 ? 0 : Math.min(100 * 2 ** (this.#quickDeaths - 3), 5_000)
      setTimeout(() => this.balance(), wait)
      this.#changed()
    })
    child.unref()
  }

  /** Takes in a worker that called: one that was started here, or one whose holder died or made way. */
  welcome(stream: Duplex): void {
    let member: Member | undefined
    const link: Link<ToWorker, FromWorker> = new Link<ToWorker, FromWorker>(
      stream,
      (message) => {
        if (message.kind === 'hello') member = this.#admit(message, link)
        else if (member !== undefined) this.#hear(member, message)
      },
      () => {
        if (member !== undefined) this.#lost(member)
      },
    )
  }

  #admit(hello: FromWorker & { kind: 'hello' }, link: Link<ToWorker, FromWorker>): Member {
    const { id, pid, epoch, state, snapshotVersion } = hello
    const member: Member = { id, pid, epoch, state, snapshotVersion, report: undefined, reportedAt: this.#now(), link }
    this.#starting.delete(id)
    this.#members.set(epoch, member)
    const snapshot = this.#options.snapshot()
    if (snapshot !== undefined && snapshot.version > snapshotVersion) link.send({ kind: 'snapshot', snapshot })
    if (this.#tickets !== '') link.send({ kind: 'tickets', keys: this.#tickets })
    this.balance()
    this.#changed()
    return member
  }

  #hear(member: Member, message: FromWorker): void {
    switch (message.kind) {
      case 'hello':
        break
      case 'applied':
        if (message.error === undefined) member.snapshotVersion = message.version
        else this.#answers.get(-message.version)?.(message.error)
        break
      case 'report':
        member.report = message.report
        member.reportedAt = this.#now()
        this.#answers.get(message.request)?.(undefined)
        break
      case 'reloaded':
        this.#answers.get(message.request)?.(message.error)
        break
      case 'bye':
        this.#depart(message.page)
        member.report = undefined
        break
      default:
        message satisfies never
    }
    this.#changed()
  }

  #lost(member: Member): void {
    if (this.#members.get(member.epoch) !== member) return
    this.#members.delete(member.epoch)
    if (member.report !== undefined) this.#depart(member.report.page)
    this.balance()
    this.#changed()
  }

  #depart(page: CounterPage): void {
    this.departed.push(page)
    if (this.departed.length > departedLimit) this.departed.shift()
  }

  #retire(member: Member): void {
    member.state = 'retired'
    member.link.send({ kind: 'retire' })
  }

  /** Sends a snapshot to every worker and resolves when it is in force in each; a worker that does not follow within `withinMs` is ended. */
  async publish(snapshot: GatewaySnapshot, withinMs = 5_000): Promise<void> {
    let refused: string | undefined
    this.#answers.set(-snapshot.version, (error) => {
      refused = error
    })
    for (const member of this.#members.values()) member.link.send({ kind: 'snapshot', snapshot })
    const inForce = (): boolean =>
      refused !== undefined || this.members().every((member) => member.snapshotVersion >= snapshot.version)
    if (!(await this.until(inForce, withinMs))) {
      for (const member of this.members()) if (member.snapshotVersion < snapshot.version) this.#end(member)
    }
    this.#answers.delete(-snapshot.version)
    if (refused !== undefined) throw new Error(refused)
  }

  /** Puts an older snapshot in force again, after a newer one failed somewhere. */
  recall(snapshot: GatewaySnapshot): void {
    for (const member of this.#members.values()) member.link.send({ kind: 'snapshot', snapshot, recall: true })
  }

  /** Asks every worker and resolves when all have answered or `withinMs` have passed; throws the first error that one reports. */
  async ask(kind: 'report' | 'reload', withinMs = 1_000): Promise<void> {
    const request = ++this.#request
    let missing = this.#members.size
    let failure: string | undefined
    this.#answers.set(request, (error) => {
      missing--
      failure ??= error
    })
    for (const member of this.#members.values()) member.link.send({ kind, request })
    const before = this.#members.size
    await this.until(() => missing <= before - this.#members.size || missing <= 0, withinMs)
    this.#answers.delete(request)
    if (failure !== undefined) throw new Error(failure)
  }

  /** Gives every worker, present and to come, the same keys for TLS session tickets (48 bytes). */
  shareTickets(keys: Buffer): void {
    this.#tickets = keys.toString('base64')
    for (const member of this.#members.values()) member.link.send({ kind: 'tickets', keys: this.#tickets })
  }

  /** Ends workers that have not reported for too long. */
  endHung(): void {
    const now = this.#now()
    for (const member of this.members()) if (now - member.reportedAt > hungMs) this.#end(member)
  }

  #end(member: Member): void {
    const kill = this.#options.kill ?? ((pid: number) => process.kill(pid, 'SIGKILL'))
    try {
      kill(member.pid)
    } catch {
      // It is gone already, which is what was wanted.
    }
    member.link.close()
  }

  /** Tells every worker; none is started any more. */
  dismiss(message: ToWorker): void {
    this.wanted = 0
    for (const member of this.#members.values()) member.link.send(message)
  }

  /** Whether as many workers serve the present snapshot as wanted. */
  get ready(): boolean {
    const version = this.#options.snapshot()?.version ?? 0
    const serving = this.members().filter((member) => member.state === 'active' && member.snapshotVersion >= version)
    return this.wanted > 0 && serving.length >= this.wanted
  }

  /** Resolves to true once `condition` holds, to false when `withinMs` have passed before. */
  until(condition: () => boolean, withinMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true)
    return new Promise((resolve) => {
      const settle = (value: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(value)
      }
      const look = (): void => {
        if (condition()) settle(true)
      }
      const timer = setTimeout(() => settle(false), withinMs)
      this.#waiting.add(look)
    })
  }

  #changed(): void {
    for (const look of [...this.#waiting]) look()
  }
}
