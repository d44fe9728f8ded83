import { beginHealth } from '../supervisor/health.ts'
import {
  adoptJob,
  adoptReplica,
  type Found,
  type JobRow,
  jobRow,
  type ReplicaRow,
  replicaRow,
} from '../supervisor/row.ts'
import { rotationOf, Supervisor, type SupervisorEffect, type SupervisorEvent } from '../supervisor/supervisor.ts'
import type { Unit } from '../supervisor/unit.ts'
import type { Agenda } from './agenda.ts'
import type { Scenario } from './scenario.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { SimulatedProcess, SimulatedProcesses } from './simulated-processes.ts'

/** What outlives a controller: the disk, the programs, the gateway, and what is wanted. */
export interface Remains {
  readonly agenda: Agenda
  readonly random: SeededRandom
  readonly scenario: Scenario
  readonly processes: SimulatedProcesses
  readonly replicaRows: Map<string, ReplicaRow>
  readonly jobRows: Map<string, JobRow>
  /** What the gateway was last told: replicas in rotation. */
  inRotation: ReadonlySet<string>
  wanted: readonly Unit[]
  jobWanted: boolean
  stopping: boolean
  readonly calm: () => boolean
  /** Exit codes that job programs left on disk, by key and attempt. */
  readonly exitCodes: Map<string, number>
  readonly jobStarts: Map<string, number>
  readonly violations: string[]
  readonly trace: (line: string) => void
}

/** A controller of the simulated machine: the real supervisor, and effects on simulated things. It can be killed at any moment. */
export class SimulatedController {
  readonly supervisor: Supervisor
  readonly #remains: Remains
  readonly #clockOffset: number
  #alive = true
  #wakeAt = Number.NEGATIVE_INFINITY
  #looking = false

  constructor(remains: Remains) {
    this.#remains = remains
    const { agenda, random } = remains
    // Each controller's monotonic clock begins somewhere else.
    this.#clockOffset = random.whole(-1_000_000, 1_000_000)
    let ids = 0
    const offset = this.#clockOffset
    this.supervisor = new Supervisor({
      get now() {
        return agenda.now + offset
      },
      random: random.next,
      nextId: () => {
        ids += 1
        return ids
      },
    })
    remains.processes.watcher = (process, exit) => {
      // A parent learns of it a moment later; a successor that is no parent looks for itself.
      if (this.#parents.has(process.pid)) agenda.after(random.whole(0, 5), () => this.#ended(process, exit))
    }
    this.#adopt()
    this.#look()
  }

  readonly #parents = new Set<number>()

  /** SIGKILL: nothing more is done by this one. */
  kill(): void {
    this.#alive = false
  }

  /** Tells the supervisor something; changes reach the disk before effects, however long that takes. */
  dispatch(event: SupervisorEvent): void {
    if (!this.#alive) return
    const { agenda, random, scenario } = this.#remains
    const { effects, changes } = this.supervisor.handle(event)
    const rows = [...changes.replicas]
      .map((id) => [id, this.supervisor.replicas.get(id)] as const)
      .map(([id, replica]) => [id, replica && replicaRow(replica)] as const)
    const jobs = [...changes.jobs].flatMap((key) => this.supervisor.jobs.get(key) ?? []).map(jobRow)
    const delay =
      scenario.weather.slowDisk > 0 && rows.length + jobs.length > 0 && !this.#remains.calm()
        ? random.whole(0, scenario.weather.slowDisk)
        : 0
    const carryOut = (): void => {
      if (!this.#alive) return
      for (const [id, row] of rows) {
        if (row) this.#remains.replicaRows.set(id, row)
        else this.#remains.replicaRows.delete(id)
        if (row?.wasReady) this.#markReady(row)
      }
      for (const row of jobs) this.#remains.jobRows.set(row.run.key, row)
      // The controller may die between the write and any of the effects.
      for (const effect of effects) if (this.#alive) this.#carryOut(effect)
    }
    if (delay === 0 && this.#diskFree <= agenda.now) carryOut()
    else this.#behindDisk(delay, carryOut)
    this.#noteDrains()
    this.#wake()
    this.#look()
  }

  #markReady(row: ReplicaRow): void {
    const process = row.process && this.#remains.processes.all.get(row.process.pid)
    if (process) process.wasReady = true
  }

  #diskFree = 0

  /** Writes go to disk one after the other; the real controller waits for each, so nothing overtakes it. */
  #behindDisk(delay: number, run: () => void): void {
    const { agenda } = this.#remains
    this.#diskFree = Math.max(this.#diskFree, agenda.now) + delay
    agenda.after(this.#diskFree - agenda.now, run)
  }

  #wake(): void {
    const { agenda } = this.#remains
    const at = this.supervisor.wakeAt - this.#clockOffset
    if (!Number.isFinite(at) || (this.#wakeAt > agenda.now && this.#wakeAt <= at)) return
    this.#wakeAt = Math.max(at, agenda.now)
    const mine = this.#wakeAt
    agenda.after(mine - agenda.now, () => {
      if (mine === this.#wakeAt) this.dispatch({ kind: 'tick' })
    })
  }

  #adopt(): void {
    const { replicaRows, jobRows, wanted, inRotation, exitCodes } = this.#remains
    const policies = new Map(wanted.map((unit) => [unit.id, unit.policy]))
    const now = this.#remains.agenda.now + this.#clockOffset
    const replicas = [...replicaRows.values()].flatMap((row) => {
      const replica = adoptReplica(row, this.#find(row.id), {
        policy: policies.get(row.unit),
        inRotation: inRotation.has(row.id),
        now,
        health: (policy, at, ready) => beginHealth(policy.health, at, ready),
      })
      if (!replica) replicaRows.delete(row.id)
      return replica ? [replica] : []
    })
    const jobs = [...jobRows.values()].map((row) => {
      const code = exitCodes.get(`${row.run.key} ${row.attempt}`)
      return adoptJob(row, this.#find(row.run.key), code === undefined ? undefined : { code }, now)
    })
    this.supervisor.adopt(replicas, jobs, inRotation)
    if (this.#remains.stopping) this.dispatch({ kind: 'shut-down', force: false })
    else this.dispatch({ kind: 'units', units: wanted })
    const { job } = this.#remains.scenario
    if (job && this.#remains.jobWanted && !this.#remains.stopping) this.dispatch({ kind: 'run-job', run: job })
  }

  #find(mark: string): Found {
    const [process] = this.#remains.processes.marked(mark)
    if (!process) return { kind: 'nothing' }
    const identity = { pid: process.pid, startTime: process.startTime }
    return process.leader ? { kind: 'alive', process: identity } : { kind: 'leaderless', process: identity }
  }

  /** Looks at processes while any is ending or was adopted, as the real driver does. */
  #look(): void {
    const { supervisor } = this
    const watched =
      supervisor.replicas
        .values()
        .some(({ state }) => 'process' in state && ('next' in state || !this.#parents.has(state.process.pid))) ||
      supervisor.jobs.values().some(({ state }) => 'process' in state && !this.#parents.has(state.process.pid))
    if (this.#looking || !watched) return
    this.#looking = true
    this.#remains.agenda.after(50, () => {
      this.#looking = false
      if (!this.#alive) return
      for (const { id, state } of [...this.supervisor.replicas.values()]) {
        if (!('process' in state)) continue
        const process = this.#remains.processes.all.get(state.process.pid)
        const ending = state.phase === 'stopping' || state.phase === 'killing'
        if (ending && !process) this.dispatch({ kind: 'replica', replica: id, event: { kind: 'emptied' } })
        else if (!ending && !process?.leader && !this.#parents.has(state.process.pid)) {
          this.dispatch({ kind: 'replica', replica: id, event: { kind: 'exited', exit: {}, empty: !process } })
        }
        if (state.phase === 'draining') this.dispatch({ kind: 'idle', replica: id })
      }
      for (const { run, state, attempt } of [...this.supervisor.jobs.values()]) {
        if (!('process' in state) || this.#parents.has(state.process.pid)) continue
        if (this.#remains.processes.all.get(state.process.pid)?.leader) continue
        const code = this.#remains.exitCodes.get(`${run.key} ${attempt}`)
        this.dispatch({
          kind: 'job',
          key: run.key,
          event: { kind: 'ended', ...(code !== undefined && { exit: { code } }) },
        })
      }
      this.#look()
    })
  }

  #ended(process: SimulatedProcess, exit: Parameters<NonNullable<SimulatedProcesses['watcher']>>[1]): void {
    const empty = !this.#remains.processes.all.has(process.pid)
    if (this.supervisor.jobs.has(process.mark))
      this.dispatch({ kind: 'job', key: process.mark, event: { kind: 'ended', exit } })
    else if (this.#current(process))
      this.dispatch({ kind: 'replica', replica: process.mark, event: { kind: 'exited', exit, empty } })
  }

  #current(process: SimulatedProcess): boolean {
    const state = this.supervisor.replicas.get(process.mark)?.state
    return state !== undefined && 'process' in state && state.process.pid === process.pid
  }

  #carryOut(effect: SupervisorEffect): void {
    const { agenda, random, processes, scenario } = this.#remains
    const later = (most: number, run: () => void): void =>
      agenda.after(random.whole(0, most), () => this.#alive && run())
    switch (effect.kind) {
      case 'launch':
        this.#remains.trace(`launch ${effect.replica}`)
        later(30, () => this.#launch(effect.replica))
        return
      case 'probe':
        this.#probe(effect.replica, effect.probe, effect.id)
        return
      case 'ask-to-stop': {
        this.#remains.trace(`stop ${effect.replica}`)
        this.#checkStop(effect.replica)
        const temper = this.#temperOf(effect.replica)
        processes.term(effect.process.pid, temper?.stopMs ?? 10)
        return
      }
      case 'kill':
        this.#remains.trace(`kill ${effect.replica}`)
        processes.kill(effect.process.pid)
        return
      case 'launch-job':
        later(30, () => this.#launchJob(effect.key, effect.attempt))
        return
      case 'signal-job':
        if (effect.signal === 'SIGKILL') processes.kill(effect.process.pid)
        else processes.term(effect.process.pid, 10)
        return
      case 'rotate': {
        const told = new Set(
          [...this.supervisor.replicas.values()].filter((replica) => rotationOf(replica) === 'in').map(({ id }) => id),
        )
        const tell = (): void =>
          later(scenario.weather.slowGateway, () => {
            if (!this.#remains.calm() && random.chance(scenario.weather.gatewayAway)) {
              tell()
              return
            }
            if (effect.rotation < this.#told) return
            this.#told = effect.rotation
            this.#remains.inRotation = told
            this.dispatch({ kind: 'rotated', rotation: effect.rotation })
          })
        tell()
        return
      }
      default:
        effect satisfies never
    }
  }

  #told = 0

  #temperOf(replica: string): ReturnType<Scenario['tempers']['get']> {
    const unit = this.supervisor.replicas.get(replica)?.unit ?? this.#remains.replicaRows.get(replica)?.unit
    return unit === undefined ? undefined : this.#remains.scenario.tempers.get(unit)
  }

  #launch(id: string): void {
    const { processes, replicaRows, violations, agenda, random } = this.#remains
    const replica = this.supervisor.replicas.get(id)
    const temper = this.#temperOf(id)
    if (!replica || !temper) return
    if (processes.marked(id).length > 0) violations.push(`${id} is started while a process of its last run is left`)
    if (replicaRows.get(id)?.phase !== 'launching') violations.push(`${id} is started without the intent on disk`)
    const process = processes.start(id, temper)
    this.#parents.add(process.pid)
    const { pid, startTime } = process
    agenda.after(random.whole(0, 5), () =>
      this.dispatch({
        kind: 'replica',
        replica: id,
        event: { kind: 'launched', process: { pid, startTime }, address: `sim:${pid}` },
      }),
    )
    // A program that ended before its start was told is told of right after.
    agenda.after(6, () => !process.leader && this.#ended(process, { code: 1 }))
  }

  #launchJob(key: string, attempt: number): void {
    const { processes, violations, agenda, scenario, jobStarts, exitCodes, random } = this.#remains
    if (processes.marked(key).length > 0) violations.push(`job ${key} is started while it runs`)
    if (exitCodes.values().some((code) => code === 0)) violations.push(`job ${key} is started again after it succeeded`)
    const starts = (jobStarts.get(key) ?? 0) + 1
    jobStarts.set(key, starts)
    if (starts > (scenario.job?.attempts ?? 1)) violations.push(`job ${key} is started ${starts} times`)
    const quiet = { startMs: 0, crashes: 0, hangs: 0, failsToStart: 0, ignoresTerm: 0, leavesChild: 0, stopMs: 0 }
    const process = processes.start(key, quiet)
    this.#parents.add(process.pid)
    const code = random.chance(scenario.jobFails) ? 1 : 0
    agenda.after(6 + scenario.jobMs, () => {
      if (!process.leader) return
      exitCodes.set(`${key} ${attempt}`, code)
      processes.end(process, { code })
    })
    const { pid, startTime } = process
    this.dispatch({ kind: 'job', key, event: { kind: 'launched', process: { pid, startTime } } })
  }

  #probe(id: string, kind: 'startup' | 'ready' | 'live', probe: number): void {
    const { agenda, random, scenario, processes, calm } = this.#remains
    if (!calm() && random.chance(scenario.weather.lostProbes)) return
    const state = this.supervisor.replicas.get(id)?.state
    const process = state && 'process' in state ? processes.all.get(state.process.pid) : undefined
    agenda.after(random.whole(0, 30), () => {
      // A program that hangs says nothing at all; the prober gives up in time or the supervisor does.
      if (process?.hung) return
      const ok = process?.leader === true && agenda.now >= process.answersFrom
      const result = ok
        ? ({ ok: true } as const)
        : ({ ok: false, silent: false, detail: 'nothing listens there yet' } as const)
      this.dispatch({ kind: 'replica', replica: id, event: { kind: 'probed', probe: kind, id: probe, result } })
    })
  }

  /** A routed replica that was ready hears the signal only when it is out of rotation, or its drain budget is over. */
  #checkStop(id: string): void {
    const replica = this.supervisor.replicas.get(id)
    if (replica?.state.phase !== 'stopping' || /not alive|did not start/.test(replica.state.why)) return
    const policy = this.supervisor.units.get(replica.unit)?.policy
    if (!policy?.routed || !this.#remains.inRotation.has(id)) return
    const drained = this.#drainBegan.get(id)
    if (drained === undefined || this.#remains.agenda.now - drained < policy.drain - 1) {
      this.#remains.violations.push(`${id} is signalled while the gateway sends it requests`)
    }
  }

  readonly #drainBegan = new Map<string, number>()

  #noteDrains(): void {
    for (const { id, state } of this.supervisor.replicas.values()) {
      if (state.phase === 'draining') this.#drainBegan.set(id, this.#drainBegan.get(id) ?? this.#remains.agenda.now)
      else if (state.phase === 'ready' || state.phase === 'starting') this.#drainBegan.delete(id)
    }
  }
}
