import type { Front } from './front.ts'
import type { StreamTail } from './stream-tail.ts'
import type { Upstream } from './upstream.ts'

/** A gRPC answer: it ends between two messages with status 14, UNAVAILABLE, which clients take as leave to try again. */
export class GrpcTail implements StreamTail {
  #prefix: number[] = []
  #left = 0

  toClient(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#left > 0) {
        const skip = Math.min(this.#left, chunk.length - at)
        this.#left -= skip
        at += skip
        continue
      }
      this.#prefix.push(chunk[at++] as number)
      if (this.#prefix.length < 5) continue
      this.#left = this.#prefix.slice(1).reduce((length, byte) => length * 256 + byte, 0)
      this.#prefix = []
    }
  }

  toReplica(): void {}

  close(front: Front, upstream: Upstream, force: boolean): boolean {
    const between = this.#left === 0 && this.#prefix.length === 0
    if (!between && !force) return false
    upstream.abort()
    if (between) front.end('grpc-status: 14\r\ngrpc-message: this replica is being replaced\r\n')
    else front.cut()
    return true
  }
}
