import { BlockedHistogram } from './blocked-histogram.ts'
import type { LoadClock } from './load-clock.ts'

/** How the client itself fared during a run. */
export interface ClientHealth {
  /** Share (0..1) of the run that this thread spent on a processor. */
  readonly cpu: number
  /** Processor time of this thread for each request, µs. */
  readonly cpuMicrosPerRequest: number
  /** Share (0..1) of the run in which the event loop was busy, waiting for a processor included. */
  readonly busy: number
  /** How late a timer of 5 ms fired, ms: what any answer may have waited in the client before it was seen. */
  readonly loopDelay: BlockedHistogram
}

const sampleMs = 5

/** Watches this thread until `stop`. */
export class HealthWatch {
  readonly #clock: LoadClock
  readonly #startedAt: number
  readonly #cpu = process.threadCpuUsage()
  readonly #busy = performance.eventLoopUtilization()
  readonly #delay = new BlockedHistogram()
  #cancel: () => void = () => undefined
  #expected = 0

  constructor(clock: LoadClock) {
    this.#clock = clock
    this.#startedAt = clock.now()
    this.#sample()
  }

  /** Ends the watch; `requests` is what the processor time is divided by. */
  stop(requests: number): ClientHealth {
    this.#cancel()
    const cpu = process.threadCpuUsage(this.#cpu)
    const micros = cpu.user + cpu.system
    const elapsed = Math.max(1e-9, this.#clock.now() - this.#startedAt)
    return {
      cpu: micros / 1000 / elapsed,
      cpuMicrosPerRequest: requests === 0 ? 0 : micros / requests,
      busy: performance.eventLoopUtilization(this.#busy).utilization,
      loopDelay: this.#delay,
    }
  }

  #sample(): void {
    this.#expected = this.#clock.now() + sampleMs
    this.#cancel = this.#clock.after(sampleMs, () => {
      this.#delay.record(this.#expected - this.#startedAt, this.#clock.now() - this.#expected)
      this.#sample()
    })
  }
}
