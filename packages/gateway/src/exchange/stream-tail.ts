import { latin1 } from '../http1/latin1.ts'
import type { ResponseHead } from '../message/response-head.ts'
import type { Front } from './front.ts'
import { GrpcTail } from './grpc-tail.ts'
import type { Upstream } from './upstream.ts'
import { clientCloseFrame, serverCloseFrame, WebSocketFrames } from './web-socket-frames.ts'

/** A long-lived answer (event stream or WebSocket) and where in it an end may stand. */
export interface StreamTail {
  /** Bytes that went to the client. */
  toClient(chunk: Buffer): void
  /** Bytes that went to the replica. */
  toReplica(chunk: Buffer): void
  /** Ends the stream as its protocol demands, if that is possible here or `force` is given; true once it has. */
  close(front: Front, upstream: Upstream, force: boolean): boolean
}

/** The tail of an answer that goes on as long as it likes; `undefined` for any other. */
export function tailOf(answer: ResponseHead): StreamTail | undefined {
  if (answer.status === 101) return new WebSocketTail()
  if (answer.framing === 'none') return undefined
  switch (answer.kind) {
    case 'event-stream':
      return new EventStreamTail()
    case 'grpc':
      return new GrpcTail()
    case 'plain':
      return undefined
    default:
      return answer.kind satisfies never
  }
}

/** Server-sent events end after a blank line, so that no client loses half an event. */
export class EventStreamTail implements StreamTail {
  #tail = '\n\n'

  toClient(chunk: Buffer): void {
    this.#tail = (this.#tail + latin1(chunk, Math.max(0, chunk.length - 4), chunk.length)).slice(-4)
  }

  toReplica(): void {}

  close(front: Front, upstream: Upstream, force: boolean): boolean {
    if (!force && !/(?:\n\n|\r\r|\r\n\r\n)$/.test(this.#tail)) return false
    upstream.abort()
    front.end('')
    return true
  }
}

/** WebSockets end with close frames of code 1012 (service restart) to both sides. */
export class WebSocketTail implements StreamTail {
  readonly #toClient = new WebSocketFrames()
  readonly #toReplica = new WebSocketFrames()

  toClient(chunk: Buffer): void {
    this.#toClient.feed(chunk)
  }

  toReplica(chunk: Buffer): void {
    this.#toReplica.feed(chunk)
  }

  close(front: Front, upstream: Upstream, force: boolean): boolean {
    if (!this.#toClient.atBoundary) {
      if (!force) return false
      upstream.abort()
      front.cut()
      return true
    }
    front.write(serverCloseFrame())
    if (this.#toReplica.atBoundary) upstream.write(clientCloseFrame())
    upstream.end('')
    upstream.flush()
    front.end('')
    return true
  }
}
