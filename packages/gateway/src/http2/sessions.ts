import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type ServerOptions,
} from 'node:http2'
import type { Socket } from 'node:net'
import type { DataPlane } from '../core/data-plane.ts'
import type { Limits } from '../core/limits.ts'
import { Exchange } from '../exchange/exchange.ts'
import { answerWithProblem } from '../exchange/local-answer.ts'
import { collectRequest } from '../message/collect-request.ts'
import type { Hop } from '../message/forward-head.ts'
import { regularPairs } from './header-object.ts'
import { StreamFront } from './stream-front.ts'

/** Streams that one connection may have open at a time. */
const streamLimit = 128
/** Fields that mean something to one hop only and are malformed in HTTP/2 (RFC 9113 §8.2.2). */
const forbidden = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade'])

/** The HTTP/2 connections of one listener. */
export class Http2Sessions {
  readonly #plane: DataPlane
  readonly #limits: Limits
  readonly #sessions = new Set<ServerHttp2Session>()

  constructor(plane: DataPlane, limits: Limits) {
    this.#plane = plane
    this.#limits = limits
  }

  /** Serves a connection whose first bytes, if any were read, have been put back. */
  serve(socket: Socket, hop: Hop): void {
    const options: ServerOptions = {
      settings: { maxConcurrentStreams: streamLimit, maxHeaderListSize: this.#limits.headBytes, enablePush: false },
      maxHeaderListPairs: this.#limits.headFields + 8,
      maxSessionInvalidFrames: 100,
      maxSessionRejectedStreams: 100,
    }
    const session = performServerHandshake(socket, options)
    this.#sessions.add(session)
    session.on('stream', (stream, headers, _flags, raw) => this.#stream(stream, headers, raw, hop))
    session.on('error', () => session.destroy())
    session.on('close', () => this.#sessions.delete(session))
    session.setTimeout(this.#limits.idleMs, () => session.close())
  }

  #stream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: readonly string[], hop: Hop): void {
    const front = new StreamFront(stream)
    const pairs = regularPairs(raw)
    const authority = headers[':authority']
    const method = headers[':method'] ?? ''
    const host = pairs.findIndex((name, i) => i % 2 === 0 && name === 'host')
    // A Host that says the same as `:authority` is only a repetition; one that differs makes two, which is refused.
    if (host !== -1 && pairs[host + 1]?.toLowerCase() === authority?.toLowerCase()) pairs.splice(host, 2)
    const collected = pairs.some((name, i) => i % 2 === 0 && forbidden.has(name))
      ? 'bad-header'
      : collectRequest({
          method,
          target: headers[':path'] ?? '',
          protocol: 'HTTP/2',
          pairs,
          hasBody: !stream.readableEnded && !(stream as { endAfterHeaders?: boolean }).endAfterHeaders,
          ...(authority !== undefined && { authority }),
        })
    if (typeof collected === 'string') {
      answerWithProblem(front, collected, { method, requestId: '' }, this.#plane.dateLine())
      stream.resume()
      return
    }
    front.serve(new Exchange(this.#plane, front, collected.head, hop))
  }

  /** Lets requests finish and opens no new ones. */
  retire(): void {
    for (const session of this.#sessions) session.close()
  }

  destroy(): void {
    for (const session of this.#sessions) session.destroy()
  }

  get size(): number {
    return this.#sessions.size
  }
}
