import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { formatProblem, Problem } from '@seaworthy/model'
import type { JobProgress } from '../../supervisor/job-state.ts'
import { type Exit, isUp, type ProcessIdentity, processOf, type Replica } from '../../supervisor/replica-state.ts'
import { jobRow, type ReplicaRow, replicaRow } from '../../supervisor/row.ts'
import { Supervisor, type SupervisorEffect, type SupervisorEvent } from '../../supervisor/supervisor.ts'
import type { JobRun } from '../../supervisor/unit.ts'
import type { Launch } from '../launch/launch.ts'
import type { Limits } from '../limits/limits.ts'
import { lastLines, logFile, tellingLine } from '../logs/log-file.ts'
import type { SecretMasks } from '../logs/secret-masks.ts'
import type { Clock, Random } from '../ports.ts'
import type { Prober } from '../probe/run-probe.ts'
import { isAlive, signalGroup } from '../process/process-group.ts'
import type { ProcessTable } from '../process/process-table.ts'
import { runBeside } from '../process/run-beside.ts'
import type { Spawn } from '../process/spawn.ts'
import type { StateStore } from '../state/state-store.ts'
import { type Handle, killAll, leftovers, markName } from './handle.ts'

/** The edges of the driver. */
export interface DriverPorts {
  readonly clock: Clock
  readonly random: Random
  readonly table: ProcessTable
  readonly spawn: Spawn
  readonly prober: Prober
  readonly limits: Limits
}

/** What the driver asks of whoever knows the fleet. */
export interface DriverHooks {
  readonly stateDir: string
  /** Value of the mark that all programs of this state directory begin with. */
  readonly scope: string
  readonly store: StateStore
  readonly masks: SecretMasks
  /** Everything needed to start a replica. Rejects with a Problem when it cannot be started at all. */
  readonly prepareReplica: (replica: Replica) => Promise<Launch>
  readonly prepareJob: (run: JobRun) => Promise<Launch>
  /** Rotation changed: tell the gateway, then dispatch `rotated`. */
  readonly rotate: (rotation: number) => void
  /** Replicas or jobs changed. */
  readonly changed: (replicas: ReadonlyMap<string, Replica | undefined>, jobs: readonly JobProgress[]) => void
}

/** ms between two looks at processes that were asked to end, and at those whose end the system does not tell. */
const endingLook = 40
const adoptedLook = 200

/**
 * Carries out what the supervisor decides, on a real machine: writes changes to disk first, then starts, probes and
 * ends processes, and reports what comes of it. One event at a time; nothing here decides anything.
 */
export class Driver implements Disposable {
  readonly supervisor: Supervisor
  readonly #ports: DriverPorts
  readonly #hooks: DriverHooks
  readonly #handles = new Map<string, Handle>()
  #wake: Disposable | undefined
  #look: Disposable | undefined
  #closed = false

  constructor(ports: DriverPorts, hooks: DriverHooks) {
    this.#ports = ports
    this.#hooks = hooks
    let probes = 0
    this.supervisor = new Supervisor({
      get now() {
        return ports.clock.now()
      },
      random: ports.random,
      nextId: () => {
        probes += 1
        return probes
      },
    })
  }

  /** Takes over a program that an earlier controller started. */
  adopt(id: string, mark: string, launch: Launch | undefined): void {
    const fence = launch?.bounds && this.#ports.limits.fence(fenceName(id), launch.bounds)
    this.#handles.set(id, {
      mark,
      own: false,
      memoryKillsBefore: fence?.memoryKills() ?? 0,
      ...(launch && { launch }),
      ...(fence && { fence }),
    })
  }

  /** The value of the mark of a replica or job run. */
  markOf(id: string): string {
    return `${this.#hooks.scope}/${id}`
  }

  /** What is known of a program that runs. */
  handleOf(id: string): Handle | undefined {
    return this.#handles.get(id)
  }

  /** Tells the supervisor what happened and carries out what follows. */
  dispatch(event: SupervisorEvent): void {
    if (this.#closed) return
    const { effects, changes } = this.supervisor.handle(event)
    const replicas = new Map<string, Replica | undefined>()
    const rows = new Map<string, ReplicaRow | undefined>()
    for (const id of changes.replicas) {
      const replica = this.supervisor.replicas.get(id)
      replicas.set(id, replica)
      rows.set(id, replica && replicaRow(replica))
    }
    const jobs = [...changes.jobs].map((key) => this.supervisor.jobs.get(key)).filter((job) => job !== undefined)
    const forgotten = [...changes.jobs].filter((key) => !this.supervisor.jobs.has(key))
    this.#hooks.store.commit({ replicas: rows, jobs: jobs.map(jobRow), forgotten })
    for (const effect of effects) this.#carryOut(effect)
    for (const [id, replica] of replicas) {
      if (replica === undefined) this.#forget(id)
      else if (replica.state.phase === 'ready') this.#handles.get(id)?.fence?.boundCpu()
    }
    for (const job of jobs) if (!('process' in job.state) && job.state.phase !== 'launching') this.#forget(job.run.key)
    if (replicas.size > 0 || jobs.length > 0) this.#hooks.changed(replicas, jobs)
    this.#schedule()
  }

  /** Stops driving; programs go on. */
  [Symbol.dispose](): void {
    this.#closed = true
    this.#wake?.[Symbol.dispose]()
    this.#look?.[Symbol.dispose]()
  }

  #schedule(): void {
    const { clock } = this.#ports
    this.#wake?.[Symbol.dispose]()
    this.#wake = undefined
    const at = this.supervisor.wakeAt
    if (Number.isFinite(at))
      this.#wake = clock.after(Math.max(0, at - clock.now()), () => this.dispatch({ kind: 'tick' }))
    this.#look ??= this.#nextLook()
  }

  #nextLook(): Disposable | undefined {
    const ending = this.supervisor.replicas
      .values()
      .some(({ state }) => state.phase === 'stopping' || state.phase === 'killing')
    const adopted = this.#handles.values().some((handle) => !handle.own)
    if (!ending && !adopted) return undefined
    return this.#ports.clock.after(ending ? endingLook : adoptedLook, () => {
      this.#look = undefined
      this.#lookAround()
      if (!this.#closed) this.#schedule()
    })
  }

  /** Sees to processes whose end nobody tells: adopted ones, and groups that outlive their leader. */
  #lookAround(): void {
    const { table } = this.#ports
    for (const { id, state } of [...this.supervisor.replicas.values()]) {
      const process = processOf(state)
      if (!process) continue
      const handle = this.#handles.get(id)
      const gone = !isAlive(table, process)
      if (state.phase === 'stopping' || state.phase === 'killing') {
        if (gone && leftovers(table, process, handle).length === 0)
          this.dispatch({ kind: 'replica', replica: id, event: { kind: 'emptied' } })
      } else if (gone && handle?.own === false) this.#ended(id, process, {})
    }
    for (const { run, state, attempt } of [...this.supervisor.jobs.values()]) {
      if (!('process' in state) || this.#handles.get(run.key)?.own !== false || isAlive(table, state.process)) continue
      this.#jobEnded(run.key, this.exitLeft(run.key, attempt))
    }
  }

  #carryOut(effect: SupervisorEffect): void {
    switch (effect.kind) {
      case 'launch':
        void this.#launch(effect.replica)
        return
      case 'probe':
        void this.#probe(effect.replica, effect.probe, effect.id)
        return
      case 'ask-to-stop':
        void this.#askToStop(effect.replica, effect.process)
        return
      case 'kill':
        killAll(this.#ports.table, effect.process, this.#handles.get(effect.replica))
        void this.#handles.get(effect.replica)?.launch?.cleanUp()
        return
      case 'launch-job':
        void this.#launchJob(effect.key, effect.attempt)
        return
      case 'signal-job':
        if (effect.signal === 'SIGKILL') killAll(this.#ports.table, effect.process, this.#handles.get(effect.key))
        else signalGroup(effect.process.pid, effect.signal)
        return
      case 'rotate':
        this.#hooks.rotate(effect.rotation)
        return
      default:
        effect satisfies never
    }
  }

  async #launch(id: string): Promise<void> {
    const tell = (event: Parameters<Supervisor['handle']>[0] & { kind: 'replica' }): void => this.dispatch(event)
    const replica = this.supervisor.replicas.get(id)
    if (!replica) return
    try {
      const launch = await this.#hooks.prepareReplica(replica)
      const process = await this.#start(id, launch, (exit) => {
        // The event of its start comes first, however short it ran.
        queueMicrotask(() => this.#ended(id, process, exit))
      })
      const { address } = launch
      tell({
        kind: 'replica',
        replica: id,
        event: { kind: 'launched', process, ...(address !== undefined && { address }) },
      })
    } catch (error) {
      const final = error instanceof Problem
      tell({ kind: 'replica', replica: id, event: { kind: 'launch-failed', why: reasonOf(error), final } })
    }
  }

  async #start(id: string, launch: Launch, onExit: (exit: Exit) => void, exitFile?: string): Promise<ProcessIdentity> {
    const { limits, spawn } = this.#ports
    const fence = launch.bounds && limits.fence(fenceName(id), launch.bounds)
    const mark = this.markOf(id)
    for (const secret of launch.masks) this.#hooks.masks.add(secret)
    this.#handles.set(id, {
      mark,
      launch,
      own: true,
      memoryKillsBefore: fence?.memoryKills() ?? 0,
      ...(fence && { fence }),
    })
    mkdirSync(join(this.#hooks.stateDir, 'logs'), { recursive: true, mode: 0o700 })
    return await spawn(
      {
        ...launch.request,
        env: { ...launch.request.env, [markName]: mark },
        logFile: logFile(this.#hooks.stateDir, id),
        joins: fence?.joins ?? [],
        ...(exitFile !== undefined && { exitFile }),
      },
      onExit,
    )
  }

  #ended(id: string, process: ProcessIdentity, exit: Exit): void {
    const handle = this.#handles.get(id)
    const empty = leftovers(this.#ports.table, process, handle).length === 0
    this.dispatch({ kind: 'replica', replica: id, event: { kind: 'exited', exit: this.#explain(id, exit), empty } })
  }

  /** Adds to an exit what the fence and the log know. */
  #explain(id: string, exit: Exit): Exit {
    const handle = this.#handles.get(id)
    const killed = handle?.fence !== undefined && handle.fence.memoryKills() > handle.memoryKillsBefore
    const memoryLimit = killed ? handle.launch?.bounds?.memory : undefined
    const lines = lastLines(logFile(this.#hooks.stateDir, id), 40, this.#hooks.masks.all)
    const lastLine = memoryLimit === undefined ? tellingLine(lines) : undefined
    return { ...exit, ...(memoryLimit !== undefined && { memoryLimit }), ...(lastLine !== undefined && { lastLine }) }
  }

  async #probe(id: string, kind: 'startup' | 'ready' | 'live', probeId: number): Promise<void> {
    const replica = this.supervisor.replicas.get(id)
    const unit = replica && this.supervisor.units.get(replica.unit)
    const plan = unit?.policy.health[kind]
    if (!plan) return
    const launch = this.#handles.get(id)?.launch
    const result = await this.#ports.prober({
      question: plan.question,
      address: replica?.address,
      timeout: plan.timeout,
      exec: async (command, timeout) => (launch ? await runBeside(launch, command, timeout) : undefined),
    })
    this.dispatch({ kind: 'replica', replica: id, event: { kind: 'probed', probe: kind, id: probeId, result } })
  }

  async #askToStop(id: string, target: ProcessIdentity): Promise<void> {
    const launch = this.#handles.get(id)?.launch
    if (launch?.stopCommand) await runBeside(launch, launch.stopCommand, 30_000)
    if (!isAlive(this.#ports.table, target)) return
    signalGroup(target.pid, launch?.stopSignal ?? 'SIGTERM')
    // A stopped program cannot hear the signal.
    if (this.#ports.table.find(target.pid)?.stopped) signalGroup(target.pid, 'SIGCONT')
  }

  async #launchJob(key: string, attempt: number): Promise<void> {
    const run = this.supervisor.jobs.get(key)?.run
    if (!run) return
    const exitFile = this.#exitFile(key, attempt)
    try {
      mkdirSync(join(this.#hooks.stateDir, 'jobs'), { recursive: true, mode: 0o700 })
      rmSync(exitFile, { force: true })
      const launch = await this.#hooks.prepareJob(run)
      const process = await this.#start(
        key,
        launch,
        (exit) => queueMicrotask(() => this.#jobEnded(key, exit)),
        exitFile,
      )
      this.dispatch({ kind: 'job', key, event: { kind: 'launched', process } })
    } catch (error) {
      this.dispatch({ kind: 'job', key, event: { kind: 'launch-failed', why: reasonOf(error) } })
    }
  }

  #jobEnded(key: string, exit: Exit | undefined): void {
    this.dispatch({ kind: 'job', key, event: { kind: 'ended', ...(exit && { exit: this.#explain(key, exit) }) } })
  }

  /** The exit code that a run of a job left behind, if it did. */
  exitLeft(key: string, attempt: number): Exit | undefined {
    try {
      return { code: Number.parseInt(readFileSync(this.#exitFile(key, attempt), 'utf8'), 10) }
    } catch {
      return undefined
    }
  }

  #exitFile(key: string, attempt: number): string {
    return join(this.#hooks.stateDir, 'jobs', `${fenceName(key)}.${attempt}.exit`)
  }

  #forget(id: string): void {
    const handle = this.#handles.get(id)
    this.#handles.delete(id)
    handle?.fence?.remove()
    void handle?.launch?.cleanUp()
  }

  /** Replicas that run and were not asked to end, with their processes. */
  running(): readonly { readonly replica: Replica; readonly process: ProcessIdentity }[] {
    return [...this.supervisor.replicas.values()].flatMap((replica) =>
      isUp(replica.state) ? [{ replica, process: replica.state.process }] : [],
    )
  }
}

/** A name that may stand in a path. */
function fenceName(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_.-]/g, '_')
}

function reasonOf(error: unknown): string {
  if (error instanceof Problem) return formatProblem(error.toJSON())
  return error instanceof Error ? error.message : String(error)
}
