/** When something last moved; marking is free, and the clock is read only when somebody asks. */
export class Progress {
  #at: number
  #moved = false

  /** `now` is monotonic ms. */
  constructor(now: number) {
    this.#at = now
  }

  mark(): void {
    this.#moved = true
  }

  /** ms without movement, as precise as the times between these calls. */
  stillFor(now: number): number {
    if (this.#moved) {
      this.#moved = false
      this.#at = now
    }
    return now - this.#at
  }
}
