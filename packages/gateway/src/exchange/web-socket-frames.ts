/**
 * Follows the frames of one direction of a WebSocket without looking inside, so that the gateway knows where a control frame of
 * its own may stand (RFC 6455 §5.2 and §5.4: between any two frames).
 */
export class WebSocketFrames {
  #header: number[] = []
  #payload = 0

  /** Whether the last byte seen ended a frame. */
  get atBoundary(): boolean {
    return this.#payload === 0 && this.#header.length === 0
  }

  feed(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#payload > 0) {
        const skip = Math.min(this.#payload, chunk.length - at)
        this.#payload -= skip
        at += skip
        continue
      }
      this.#header.push(chunk[at++] as number)
      const length = headerLength(this.#header)
      if (length === undefined || this.#header.length < length) continue
      this.#payload = payloadLength(this.#header)
      this.#header = []
    }
  }
}

function headerLength(header: readonly number[]): number | undefined {
  const second = header[1]
  if (second === undefined) return undefined
  const code = second & 0x7f
  return 2 + (code === 126 ? 2 : code === 127 ? 8 : 0) + (second & 0x80 ? 4 : 0)
}

function payloadLength(header: readonly number[]): number {
  const code = (header[1] ?? 0) & 0x7f
  if (code < 126) return code
  const bytes = code === 126 ? 2 : 8
  let length = 0
  for (let i = 0; i < bytes; i++) length = length * 256 + (header[2 + i] ?? 0)
  return length
}

/** A close frame as a server sends it: 1012, service restart (RFC 6455 §5.5.1, IANA registry of close codes). */
export function serverCloseFrame(code = 1012): Buffer {
  return Buffer.from([0x88, 0x02, code >> 8, code & 0xff])
}

/** The same as a client must send it: masked, here with a mask of zeros, which unmasks to itself. */
export function clientCloseFrame(code = 1012): Buffer {
  return Buffer.from([0x88, 0x82, 0, 0, 0, 0, code >> 8, code & 0xff])
}
