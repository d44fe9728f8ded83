import type { JobRow, ReplicaRow } from '../supervisor/row.ts'
import type { Unit } from '../supervisor/unit.ts'
import { missing } from '../supervisor/waits.ts'
import { Agenda } from './agenda.ts'
import { drawScenario } from './scenario.ts'
import { type SeededRandom, seededRandom } from './seeded-random.ts'
import { type Remains, SimulatedController } from './simulated-controller.ts'
import { SimulatedProcesses } from './simulated-processes.ts'

/** What one seed showed. */
export interface Simulated {
  readonly seed: number
  /** Broken promises, in the order in which they were seen; empty when all held. */
  readonly violations: readonly string[]
  /** Kills of the controller that happened. */
  readonly controllerKills: number
  /** A hash of everything that was done, in order: two runs of one seed have the same. */
  readonly fingerprint: number
  readonly trace: readonly string[]
}

/** ms of calm in which everything must come right, and in which a shut-down must end. */
const calmMs = 30_000
/** More happenings than any run needs: reaching it means that something spins. */
const happenings = 200_000

/**
 * Runs a fleet that is drawn from a seed through faults, then calm, then a shut-down, on the real supervisor, and lists
 * every promise that was broken: never two processes for one replica, intent on disk before a start, no signal to what
 * gets requests, a job at most as often as allowed and never after it succeeded, everything right in the end, nothing
 * left at the end.
 */
export function simulate(seed: number, keepTrace = false): Simulated {
  const random = seededRandom(seed)
  const scenario = drawScenario(random)
  const agenda = new Agenda()
  const trace: string[] = []
  let fingerprint = seed >>> 0
  const note = (line: string): void => {
    const text = `${agenda.now.toFixed(0)} ${line}`
    for (let index = 0; index < text.length; index += 1)
      fingerprint = (Math.imul(fingerprint, 31) + text.charCodeAt(index)) >>> 0
    if (keepTrace) trace.push(text)
  }
  const { storm, controllerKills, changes } = scenario.weather
  const calm = (): boolean => agenda.now >= storm
  const remains: Remains = {
    agenda,
    random,
    scenario,
    processes: new SimulatedProcesses(agenda, random, calm),
    replicaRows: new Map<string, ReplicaRow>(),
    jobRows: new Map<string, JobRow>(),
    inRotation: new Set(),
    wanted: scenario.units,
    jobWanted: scenario.job !== undefined,
    stopping: false,
    calm,
    exitCodes: new Map(),
    jobStarts: new Map(),
    violations: [],
    trace: note,
  }
  let controller = new SimulatedController(remains)
  let kills = 0
  const again = (mean: number, act: () => void): void => {
    if (mean > 0) {
      agenda.after(mean * (0.5 + random.next()), () => {
        if (calm()) return
        act()
        again(mean, act)
      })
    }
  }
  again(controllerKills, () => {
    note('controller killed')
    kills += 1
    controller.kill()
    remains.processes.watcher = undefined
    agenda.after(random.whole(0, 1000), () => {
      controller = new SimulatedController(remains)
    })
  })
  again(changes, () => {
    remains.wanted = changed(remains.wanted, random)
    note(`wanted ${remains.wanted.map(({ id, replicas }) => `${id}=${replicas}`).join(' ')}`)
    controller.dispatch({ kind: 'units', units: remains.wanted })
  })
  const spun = (): void => {
    remains.violations.push(`it spins: ${happenings} happenings and no end`)
  }
  if (!agenda.run(storm + calmMs, happenings)) spun()
  checkSettled(remains, controller)
  note('shut down')
  remains.stopping = true
  controller.dispatch({ kind: 'shut-down', force: random.chance(0.3) })
  for (let end = storm + calmMs; end < storm + 2 * calmMs && !gone(remains, controller); ) {
    end += 1000
    if (!agenda.run(end, happenings)) spun()
  }
  checkGone(remains, controller)
  return { seed, violations: remains.violations, controllerKills: kills, fingerprint, trace }
}

function gone(remains: Remains, { supervisor }: SimulatedController): boolean {
  return supervisor.empty && remains.processes.all.size === 0
}

/** Other numbers of replicas, or a unit that is no longer wanted. */
function changed(units: readonly Unit[], random: SeededRandom): readonly Unit[] {
  return units.map((unit) => (unit.target.startsWith('postgres:') ? unit : { ...unit, replicas: random.whole(0, 3) }))
}

function checkSettled(remains: Remains, { supervisor }: SimulatedController): void {
  const { violations, wanted } = remains
  const job = [...supervisor.jobs.values()][0]
  if (job && !['succeeded', 'failed'].includes(job.state.phase) && missing(job.run.needs, supervisor).length === 0) {
    violations.push(`the job is ${job.state.phase} after the calm`)
  }
  for (const unit of wanted) {
    // What waits for a job that failed for good, or for a unit without replicas, waits rightly.
    if (missing(unit.needs, supervisor).length > 0 && !needsMustBeThere(unit, wanted, job?.state.phase)) continue
    const ready = [...supervisor.replicas.values()].filter(
      (replica) => replica.unit === unit.id && replica.state.phase === 'ready',
    )
    if (ready.length !== unit.replicas) {
      const phases = [...supervisor.replicas.values()]
        .filter((replica) => replica.unit === unit.id)
        .map(({ state }) => state.phase)
      violations.push(
        `${unit.id} has ${ready.length} ready replicas of ${unit.replicas} after the calm (${phases.join(', ')})`,
      )
    }
    for (const { id } of ready) if (!remains.inRotation.has(id)) violations.push(`${id} is ready and gets no requests`)
    const running = [...remains.processes.all.values()].filter(({ mark }) => mark.startsWith(`${unit.stem}-`))
    if (running.length !== ready.length)
      violations.push(`${unit.id} has ${running.length} processes and ${ready.length} ready replicas`)
  }
}

/** Whether everything that a unit needs must be ready by now. */
function needsMustBeThere(unit: Unit, wanted: readonly Unit[], job: string | undefined): boolean {
  return unit.needs.every((need) => {
    if (need.optional) return true
    if (need.target === 'job:migrate') return job === 'succeeded'
    const other = wanted.find(({ target }) => target === need.target)
    return other !== undefined && other.replicas > 0 && needsMustBeThere(other, wanted, job)
  })
}

function checkGone(remains: Remains, { supervisor }: SimulatedController): void {
  if (remains.processes.all.size > 0) {
    remains.violations.push(
      `after the shut-down these are left: ${[...remains.processes.all.values()].map(({ mark }) => mark).join(', ')}`,
    )
  }
  if (!supervisor.empty) {
    const left = [...supervisor.replicas.values()].map(({ id, state }) => `${id} ${state.phase}`)
    remains.violations.push(`after the shut-down the supervisor still has ${left.join(', ')}`)
  }
  if (remains.replicaRows.size > 0)
    remains.violations.push(`after the shut-down the disk still has ${[...remains.replicaRows.keys()].join(', ')}`)
}
