/** Something that waits for a replica. */
export interface Held {
  /** Monotonic ms after which it is told that nobody came. */
  holdUntil: number
  /** Tries again; may put itself back. */
  resume(): void
  /** Its deadline has passed. */
  holdExpired(): void
}

/** Requests that wait while no replica can take them: bounded, first in first out, each with its deadline. */
export class HoldQueue {
  readonly #waiting = new Set<Held>()

  get size(): number {
    return this.#waiting.size
  }

  /** False when `max` are waiting already. */
  add(held: Held, max: number): boolean {
    if (this.#waiting.size >= max) return false
    this.#waiting.add(held)
    return true
  }

  remove(held: Held): void {
    this.#waiting.delete(held)
  }

  /** Lets everyone who waits now try again, in the order of arrival. */
  wake(): void {
    if (this.#waiting.size === 0) return
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const held of waiting) held.resume()
  }

  /** Lets the first `count` try again. */
  wakeSome(count: number): void {
    for (const held of this.#waiting) {
      if (count-- <= 0) return
      this.#waiting.delete(held)
      held.resume()
    }
  }

  expire(now: number): void {
    for (const held of this.#waiting) {
      if (held.holdUntil > now) continue
      this.#waiting.delete(held)
      held.holdExpired()
    }
  }
}
