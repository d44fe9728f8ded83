import { randomFillSync } from 'node:crypto'

/** Makes identifiers of 24 random bytes in hexadecimal: the first 32 digits serve as trace, the last 16 as span. */
export class RequestIds {
  readonly #pool: Buffer = Buffer.allocUnsafe(24 * 256)
  readonly #fill: (buffer: Buffer) => void
  #at = 0
  #hex = ''

  constructor(fill: (buffer: Buffer) => void = randomFillSync) {
    this.#fill = fill
  }

  /** 48 lower-case hexadecimal digits. */
  next(): string {
    if (this.#at >= this.#hex.length) {
      this.#fill(this.#pool)
      this.#hex = this.#pool.toString('hex')
      this.#at = 0
    }
    this.#at += 48
    return this.#hex.slice(this.#at - 48, this.#at)
  }
}
