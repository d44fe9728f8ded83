import type { Io } from '../io.ts'

/** Lines that are drawn again in the same place of a terminal. */
export class LiveScreen {
  readonly #io: Pick<Io, 'out'>
  #height = 0

  constructor(io: Pick<Io, 'out'>) {
    this.#io = io
  }

  /** Draws lines in place of those drawn before. */
  draw(lines: readonly string[]): void {
    // Up to where the last drawing began, and everything below it away.
    const back = this.#height > 0 ? `\u001b[${this.#height}A\u001b[0J` : ''
    this.#io.out(`${back}${lines.join('\n')}`)
    this.#height = lines.length
  }

  /** What was drawn stays; the next drawing begins below. */
  leave(): void {
    this.#height = 0
  }
}
