import type { Socket } from 'node:net'
import { latin1 } from './latin1.ts'

/** Up to this many bytes a chunk joins the text that is written at once; beyond, it is written beside it. */
const joinLimit = 8_192
/** Text that is written without waiting for a flush. */
const textLimit = 32_768

/** Gathers what belongs together into one write: a head and a small body leave in one packet. */
export class Output {
  readonly #socket: Socket
  #text = ''

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** Adds text of one byte per character. */
  text(text: string): void {
    this.#text += text
  }

  /** Adds bytes; they are copied, so the caller may reuse them. */
  bytes(chunk: Buffer): void {
    if (chunk.length <= joinLimit) {
      this.#text += latin1(chunk, 0, chunk.length)
      if (this.#text.length > textLimit) this.flush()
      return
    }
    this.#socket.cork()
    this.flush()
    this.#socket.write(Buffer.from(chunk))
    this.#socket.uncork()
  }

  /** Hands everything gathered to the socket. */
  flush(): void {
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    this.#socket.write(text, 'latin1')
  }

  /** Whether the other side reads more slowly than we write. */
  get full(): boolean {
    return this.#socket.writableNeedDrain
  }
}
