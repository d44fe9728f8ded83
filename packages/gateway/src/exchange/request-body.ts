import type { RequestHead } from '../message/request-head.ts'
import type { Upstream } from './upstream.ts'

/** Bytes of a request body that are kept for a second attempt, at most. */
export const replayLimit = 65_536

/**
 * The body of one request on its way: what has arrived while no replica was reached, and, as long as the request is safe to repeat and
 * small, what was sent already.
 */
export class RequestBody {
  /** Bytes that have arrived. */
  bytes = 0
  /** Whether all of it has arrived. */
  done: boolean
  trailers = ''
  /** Whether all that has arrived could be sent again. */
  replayable = true
  #kept: Buffer[] | undefined
  #keptBytes = 0

  constructor(head: RequestHead) {
    this.done = head.framing === 'none' || head.contentLength === 0
  }

  /** Keeps a chunk that was not sent yet; false asks the client to wait. */
  hold(chunk: Buffer): boolean {
    this.#keep(chunk)
    return this.#keptBytes < replayLimit
  }

  /** Sends a chunk, and keeps it when `repeatable` and small enough; false when the replica asks to wait. */
  send(chunk: Buffer, upstream: Upstream, repeatable: boolean): boolean {
    if (this.replayable) {
      if (repeatable) this.#keep(chunk)
      if (!repeatable || this.#keptBytes > replayLimit) this.release()
    }
    return upstream.write(chunk)
  }

  /** Sends what was kept, at the beginning of an attempt; false when the replica asks to wait. */
  replay(upstream: Upstream, repeatable: boolean): boolean {
    let ready = true
    for (const chunk of this.#kept ?? []) ready = upstream.write(chunk)
    if (!repeatable && this.#kept !== undefined) this.release()
    return ready
  }

  /** Lets go of everything: nothing will be sent again. */
  release(): void {
    this.#kept = undefined
    this.replayable = false
  }

  #keep(chunk: Buffer): void {
    this.#kept ??= []
    // The bytes lie in a buffer that the next read overwrites.
    this.#kept.push(Buffer.from(chunk))
    this.#keptBytes += chunk.length
  }
}
