/** Bytes of a request body that are kept for a second attempt, at most. */
export const replayLimit = 65_536

/**
 * What of a request body has arrived and may have to be sent (again): everything while no replica has been reached, later only as
 * long as the request is safe to repeat and small.
 */
export class Replay {
  chunks: Buffer[] = []
  bytes = 0
  /** False once something was let go: the body cannot be sent a second time. */
  complete = true

  /** Keeps a chunk that was not sent yet; false asks the client to wait. */
  hold(chunk: Buffer): boolean {
    this.chunks.push(chunk)
    this.bytes += chunk.length
    return this.bytes < replayLimit
  }

  /** Remembers a chunk that was sent, as long as all of them fit. */
  remember(chunk: Buffer): void {
    if (!this.complete) return
    this.chunks.push(chunk)
    this.bytes += chunk.length
    if (this.bytes > replayLimit) this.forget()
  }

  forget(): void {
    this.chunks = []
    this.bytes = 0
    this.complete = false
  }
}
