const slots = 4_096

/**
 * Remembers who was seen in the present window of `windowMs` milliseconds, in bounded memory (32 KiB once used). When two clients
 * share a slot the older is forgotten, so a count of episodes can only be too high, never too low.
 */
export class Episodes {
  readonly #windowMs: number
  #clients: Uint32Array | undefined
  #windows: Uint32Array | undefined

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** Whether `client` (a 32-bit hash) comes for the first time in the window that `now` (ms) lies in. */
  first(client: number, now: number): boolean {
    this.#clients ??= new Uint32Array(slots)
    this.#windows ??= new Uint32Array(slots)
    const window = (Math.floor(now / this.#windowMs) + 1) >>> 0
    const slot = (client ^ (client >>> 16)) & (slots - 1)
    if (this.#windows[slot] === window && this.#clients[slot] === client >>> 0) return false
    this.#windows[slot] = window
    this.#clients[slot] = client
    return true
  }
}
