/**
 * Time in which this process ran. A process that got no processor for a while, or was stopped, must not conclude that others were silent
 * meanwhile: their answers wait in its own sockets. Call `beat` at a steady interval; what a beat comes late is taken off.
 */
export class RunningTime {
  readonly #now: () => number
  readonly #beatMs: number
  #last: number
  #stalled = 0
  #longest = 0

  constructor(now: () => number, beatMs: number) {
    this.#now = now
    this.#beatMs = beatMs
    this.#last = now()
  }

  /** Forgets the time since the last beat, after a pause in beating that was meant. */
  restart(): void {
    this.#last = this.#now()
  }

  /** Notes that another interval is over. Lateness of less than 200 ms is not counted. */
  beat(): void {
    const now = this.#now()
    const late = now - this.#last - this.#beatMs
    if (late > 200) {
      this.#stalled += late
      this.#longest = Math.max(this.#longest, late)
    }
    this.#last = now
  }

  /** The clock's ms less the stalls that were noted so far. */
  value(): number {
    return this.#now() - this.#stalled
  }

  /** The longest stall, ms. */
  get longestStall(): number {
    return this.#longest
  }
}
