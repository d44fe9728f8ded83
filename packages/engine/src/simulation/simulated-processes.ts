import type { Exit, ProcessIdentity } from '../supervisor/replica-state.ts'
import type { Agenda } from './agenda.ts'
import type { Temper } from './scenario.ts'
import type { SeededRandom } from './seeded-random.ts'

/** A simulated program: a leader and perhaps a child that outlives it. */
export interface SimulatedProcess extends ProcessIdentity {
  /** Replica or job run that it was started for. */
  readonly mark: string
  leader: boolean
  child: boolean
  answersFrom: number
  hung: boolean
  ignoresTerm: boolean
  /** Whether a controller knows that it has been ready; one that hangs before waits for a person, rightly. */
  wasReady: boolean
}

/** The programs of a simulated machine. They do not know of any controller: whoever watches is told of ends. */
export class SimulatedProcesses {
  readonly all: Map<number, SimulatedProcess> = new Map()
  /** Told when a leader ends; replaced by each controller, absent while there is none. */
  watcher: ((process: SimulatedProcess, exit: Exit) => void) | undefined
  readonly #agenda: Agenda
  readonly #random: SeededRandom
  readonly #calm: () => boolean
  #pids = 100

  constructor(agenda: Agenda, random: SeededRandom, calm: () => boolean) {
    this.#agenda = agenda
    this.#random = random
    this.#calm = calm
  }

  /** Starts one. */
  start(mark: string, temper: Temper): SimulatedProcess {
    const random = this.#random
    this.#pids += 1
    const stormy = !this.#calm()
    const process: SimulatedProcess = {
      pid: this.#pids,
      startTime: String(this.#agenda.now),
      mark,
      leader: true,
      child: random.chance(temper.leavesChild),
      answersFrom: this.#agenda.now + temper.startMs,
      hung: false,
      ignoresTerm: random.chance(temper.ignoresTerm),
      wasReady: false,
    }
    this.all.set(process.pid, process)
    if (stormy && random.chance(temper.failsToStart))
      this.#agenda.after(random.whole(0, 50), () => this.end(process, { code: 1 }))
    else this.#live(process, temper)
    return process
  }

  /** Each second something may befall it. */
  #live(process: SimulatedProcess, temper: Temper): void {
    if (temper.crashes === 0 && temper.hangs === 0) return
    this.#agenda.after(1000 * (0.5 + this.#random.next()), () => {
      if (!process.leader || this.#calm()) return
      if (this.#random.chance(temper.crashes)) {
        this.end(process, { code: 1 })
        return
      }
      if (this.#random.chance(temper.hangs) && process.wasReady) process.hung = true
      this.#live(process, temper)
    })
  }

  /** The leader ends; its child may stay. */
  end(process: SimulatedProcess, exit: Exit): void {
    if (!process.leader) return
    process.leader = false
    this.#sweep(process)
    this.watcher?.(process, exit)
  }

  /** SIGTERM to the group. */
  term(pid: number, stopMs: number): void {
    const process = this.all.get(pid)
    if (!process || process.hung) return
    if (!process.ignoresTerm) this.#agenda.after(stopMs, () => this.end(process, { code: 0 }))
    // Children that ignore SIGTERM are what leaves them behind.
  }

  /** SIGKILL to the group: it always works, a moment later. */
  kill(pid: number): void {
    this.#agenda.after(this.#random.whole(0, 20), () => {
      const process = this.all.get(pid)
      if (!process) return
      process.child = false
      if (process.leader) this.end(process, { signal: 'SIGKILL' })
      else this.#sweep(process)
    })
  }

  /** What is left of those with a mark. */
  marked(mark: string): readonly SimulatedProcess[] {
    return [...this.all.values()].filter((process) => process.mark === mark)
  }

  #sweep(process: SimulatedProcess): void {
    if (!process.leader && !process.child) this.all.delete(process.pid)
  }
}
