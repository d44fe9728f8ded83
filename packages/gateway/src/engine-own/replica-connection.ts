import type { Socket } from 'node:net'
import type { Exchange } from '../exchange/exchange.ts'
import type { Upstream, UpstreamFailure } from '../exchange/upstream.ts'
import { ChunkedDecoder, type ChunkSink } from '../http1/chunked-decoder.ts'
import { Output } from '../http1/output.ts'
import { ResponseReader } from '../http1/response-reader.ts'
import { forwardHead } from '../message/forward-head.ts'
import type { ResponseHead } from '../message/response-head.ts'

/** What a connection tells the pool that it belongs to. */
export interface ConnectionPool {
  /** It can take another request; `keepAliveSeconds` is what the replica announced, or -1. */
  free(connection: ReplicaConnection, keepAliveSeconds: number): void
  gone(connection: ReplicaConnection): void
}

/** One connection to a replica, with at most one request on it. */
export class ReplicaConnection implements Upstream, ChunkSink {
  /** Monotonic ms after which it is not used again while idle. */
  freshUntil = 0
  /** Whether it has carried a request before the present one. */
  reused = false
  readonly #socket: Socket
  readonly #pool: ConnectionPool
  readonly #output: Output
  readonly #reader = new ResponseReader()
  #exchange: Exchange | undefined
  #head: ResponseHead | undefined
  #decoder: ChunkedDecoder | undefined
  #left = 0
  /** Whether the request is written completely. */
  #requestOver = true
  #chunked = false
  #more = true
  #dead = false

  constructor(socket: Socket, pool: ConnectionPool) {
    this.#socket = socket
    this.#pool = pool
    this.#output = new Output(socket)
    socket.on('drain', () => this.#exchange?.upstreamDrained())
    socket.on('end', () => this.#ended())
    socket.on('error', () => this.#fail(this.#head === undefined ? 'reset' : 'truncated'))
    socket.on('close', () => this.#fail(this.#head === undefined ? 'reset' : 'truncated'))
  }

  /** Takes a request; only on a connection that is connected and idle. */
  assign(exchange: Exchange): void {
    this.#exchange = exchange
    this.#requestOver = false
    this.#chunked = exchange.head.framing === 'chunked'
    exchange.upstreamReady(this)
  }

  /** Bytes from the replica, valid only within this call; false stops reading until `resume`. */
  data(bytes: Buffer): boolean {
    this.#more = true
    let at = 0
    while (at < bytes.length && this.#exchange !== undefined) at = this.#read(bytes, at)
    if (at < bytes.length) this.#destroy()
    this.#exchange?.upstreamFlush()
    return this.#more
  }

  #read(bytes: Buffer, from: number): number {
    const head = this.#head
    if (head === undefined) return this.#readHead(bytes, from)
    switch (head.framing) {
      case 'length': {
        const at = Math.min(from + this.#left, bytes.length)
        this.#left -= at - from
        this.bodyData(from === 0 && at === bytes.length ? bytes : bytes.subarray(from, at))
        if (this.#left === 0) this.#complete('', at === bytes.length)
        return at
      }
      case 'chunked':
        return this.#readChunked(bytes, from)
      case 'until-close':
        this.bodyData(from === 0 ? bytes : bytes.subarray(from))
        return bytes.length
      case 'none':
        return from
      default:
        return head.framing satisfies never
    }
  }

  #readChunked(bytes: Buffer, from: number): number {
    const decoder = this.#decoder as ChunkedDecoder
    const at = decoder.decode(bytes, from, this)
    if (decoder.failed) this.#fail('truncated')
    else if (decoder.done) this.#complete(decoder.trailers, at === bytes.length)
    return at
  }

  bodyData(data: Buffer): void {
    if (this.#exchange?.upstreamData(data) === false) this.#more = false
  }

  #readHead(bytes: Buffer, from: number): number {
    const exchange = this.#exchange as Exchange
    const head = this.#reader.read(bytes, from, exchange.head.method)
    if (head === 'more') return bytes.length
    if (head === 'malformed') {
      this.#fail('malformed')
      return bytes.length
    }
    const at = this.#reader.consumed
    if (head.status < 200 && head.status !== 101) {
      exchange.upstreamInterim(head.status, head.block)
      return at
    }
    this.#head = head
    this.#left = head.contentLength
    if (head.framing === 'chunked') this.#decoder = new ChunkedDecoder()
    if (head.status === 101) this.#head = { ...head, framing: 'until-close' }
    exchange.upstreamHead(head)
    if (this.#exchange === undefined) return bytes.length
    if (head.status !== 101 && (head.framing === 'none' || (head.framing === 'length' && head.contentLength === 0))) {
      this.#complete('', at === bytes.length)
    }
    return at
  }

  /** The answer is complete. The connection is given back first, because ending the exchange may begin the next one. */
  #complete(trailers: string, nothingLeft: boolean): void {
    const exchange = this.#exchange as Exchange
    this.#exchange = undefined
    this.#head = undefined
    this.#decoder = undefined
    if (this.#reader.keepAlive && this.#requestOver && nothingLeft && !this.#dead) {
      this.reused = true
      if (!this.#more) this.#socket.resume()
      this.#more = true
      this.#pool.free(this, this.#reader.keepAliveSeconds)
    } else this.#destroy()
    exchange.upstreamEnd(trailers)
  }

  #ended(): void {
    if (this.#head?.framing === 'until-close' && this.#exchange !== undefined) {
      const exchange = this.#exchange
      this.#exchange = undefined
      this.#destroy()
      exchange.upstreamEnd('')
    } else this.#fail(this.#head === undefined ? 'reset' : 'truncated')
  }

  #fail(failure: UpstreamFailure): void {
    const exchange = this.#exchange
    this.#exchange = undefined
    const kind = failure === 'reset' && this.reused ? 'stale' : failure
    this.#destroy()
    exchange?.upstreamFailed(kind)
  }

  #destroy(): void {
    if (this.#dead) return
    this.#dead = true
    this.#pool.gone(this)
    this.#socket.destroy()
  }

  /** Closes an idle connection. */
  close(): void {
    this.#destroy()
  }

  // What the exchange tells.

  sendHead(): void {
    const exchange = this.#exchange as Exchange
    const host = exchange.endpoint?.hostHeader ?? 'localhost'
    this.#output.text(forwardHead(exchange.head, exchange.addedFields(), host))
  }

  write(chunk: Buffer): boolean {
    const output = this.#output
    if (this.#chunked) {
      output.text(`${chunk.length.toString(16)}\r\n`)
      output.bytes(chunk)
      output.text('\r\n')
    } else output.bytes(chunk)
    return !output.full
  }

  end(trailers: string): void {
    if (this.#exchange?.isStream === true && this.#exchange.status === 101) {
      this.#output.flush()
      this.#socket.end()
      return
    }
    if (this.#chunked) this.#output.text(`0\r\n${trailers}\r\n`)
    this.#requestOver = true
  }

  flush(): void {
    this.#output.flush()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  abort(): void {
    this.#exchange = undefined
    this.#destroy()
  }
}
