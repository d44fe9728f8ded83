import type { Socket } from 'node:net'
import type { DataPlane } from '../core/data-plane.ts'
import type { Limits } from '../core/limits.ts'
import { Exchange } from '../exchange/exchange.ts'
import type { Front } from '../exchange/front.ts'
import { answerWithProblem } from '../exchange/local-answer.ts'
import { ChunkedDecoder, type ChunkSink } from '../http1/chunked-decoder.ts'
import { Output } from '../http1/output.ts'
import { RequestReader } from '../http1/request-reader.ts'
import { responseText } from '../http1/response-text.ts'
import type { CollectedRequest } from '../message/collect-request.ts'
import type { Hop } from '../message/forward-head.ts'
import type { RefusalName } from '../message/refusal.ts'
import type { ResponseHead } from '../message/response-head.ts'

/** Bytes of later requests that are kept while one is being answered, before reading stops. */
const backlogLimit = 65_536
/** ms and bytes for which a connection is still read after its last answer, so that the answer is not lost to a reset. */
const lingerMs = 1_000
const lingerBytes = 1_048_576
/** Rest of a body that is read and dropped, so that the connection can go on, when the answer came before its end. */
const discardLimit = 65_536

/** What a connection is doing: reading a head, reading a body, waiting for the answer to be complete, passing a tunnel, or ending. */
type Phase = 'head' | 'body' | 'answer' | 'tunnel' | 'linger' | 'closed'

/** What a connection needs of its server. */
export interface ConnectionHost {
  readonly plane: DataPlane
  readonly limits: Limits
  /** Whether connections are to close after their next answer. */
  readonly retired: boolean
  /** The connection speaks HTTP/2: `early` are the bytes that were read. */
  http2(socket: Socket, early: Buffer, hop: Hop): void
  gone(connection: ClientConnection): void
}

/** One client connection that speaks HTTP/1: reads requests strictly, one at a time, and writes their answers. */
export class ClientConnection implements Front, ChunkSink {
  /** Monotonic ms after which the present phase has taken too long; infinite while a request is in flight. */
  deadline: number
  readonly #socket: Socket
  readonly #host: ConnectionHost
  readonly #hop: Hop
  readonly #reader: RequestReader
  readonly #output: Output
  #phase: Phase = 'head'
  #exchange: Exchange | undefined
  #decoder: ChunkedDecoder | undefined
  #bodyLeft = 0
  #backlog: Buffer | undefined
  #feeding = false
  #more = true
  #close = false
  #minor = 1
  /** How the answer under way is framed. */
  #framing: 'length' | 'chunked' | 'plain' = 'plain'
  #answerOver = true
  #lingered = 0

  readonly #listeners: readonly (readonly [event: string, listener: () => void])[] = [
    ['drain', () => this.#exchange?.clientDrained()],
    ['end', () => this.#ended()],
    ['error', () => this.#socket.destroy()],
    ['close', () => this.#closed()],
  ]

  constructor(socket: Socket, host: ConnectionHost, hop: Hop) {
    this.#socket = socket
    this.#host = host
    this.#hop = hop
    this.#reader = new RequestReader(host.limits)
    this.#output = new Output(socket)
    this.deadline = host.plane.now() + host.limits.headMs
    for (const [event, listener] of this.#listeners) socket.on(event, listener)
  }

  /** Whether no request is under way. */
  get idle(): boolean {
    return this.#phase === 'head' && !this.#reader.begun
  }

  /** The deadline has passed. */
  expire(): void {
    if (this.#phase === 'head' && this.#reader.begun) this.#refuse('request-timeout')
    else this.destroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Bytes from the client, valid only within this call; false stops reading until the socket is resumed. */
  data(chunk: Buffer): boolean {
    this.#more = true
    switch (this.#phase) {
      case 'head':
      case 'body':
        this.#feed(chunk)
        break
      case 'tunnel':
        this.bodyData(chunk)
        this.#exchange?.uncork()
        break
      case 'answer':
        this.#keep(chunk)
        break
      case 'linger':
        this.#lingered += chunk.length
        if (this.#lingered > lingerBytes) this.destroy()
        break
      case 'closed':
        break
      default:
        this.#phase satisfies never
    }
    return this.#more
  }

  #keep(chunk: Buffer): void {
    this.#backlog = Buffer.concat(this.#backlog === undefined ? [chunk] : [this.#backlog, chunk])
    if (this.#backlog.length > backlogLimit) this.#stop()
  }

  #stop(): void {
    this.#more = false
    this.#socket.pause()
  }

  #feed(chunk: Buffer): void {
    this.#feeding = true
    let at = 0
    while (at < chunk.length) {
      if (this.#phase === 'head') at = this.#readHead(chunk, at)
      else if (this.#phase === 'body') at = this.#readBody(chunk, at)
      else {
        if (this.#phase === 'answer') this.#keep(at === 0 ? chunk : chunk.subarray(at))
        break
      }
    }
    this.#feeding = false
    this.#exchange?.uncork()
  }

  #readHead(chunk: Buffer, from: number): number {
    const fresh = !this.#reader.begun
    const read = this.#reader.read(chunk, from)
    if (read === 'more') {
      if (fresh) this.deadline = this.#host.plane.now() + this.#host.limits.headMs
      return chunk.length
    }
    if (read === 'http2') {
      this.#toHttp2(this.#reader.preface)
      return chunk.length
    }
    if (typeof read === 'string') {
      this.#refuse(read)
      return chunk.length
    }
    const at = this.#reader.consumed
    this.#begin(read)
    return at
  }

  #begin({ head, close }: CollectedRequest): void {
    this.deadline = Number.POSITIVE_INFINITY
    this.#close = close
    this.#minor = head.protocol === 'HTTP/1.0' ? 0 : 1
    this.#answerOver = false
    if (head.framing === 'chunked') {
      this.#decoder = new ChunkedDecoder()
      this.#phase = 'body'
    } else if (head.framing === 'length' && head.contentLength > 0) {
      this.#bodyLeft = head.contentLength
      this.#phase = 'body'
    } else this.#phase = 'answer'
    const exchange = new Exchange(this.#host.plane, this, head, this.#hop)
    this.#exchange = exchange
    exchange.start()
  }

  #readBody(chunk: Buffer, from: number): number {
    const decoder = this.#decoder
    let at: number
    if (decoder === undefined) {
      at = Math.min(from + this.#bodyLeft, chunk.length)
      this.#bodyLeft -= at - from
      this.bodyData(from === 0 && at === chunk.length ? chunk : chunk.subarray(from, at))
      if (this.#bodyLeft === 0) this.#bodyOver('')
    } else {
      at = decoder.decode(chunk, from, this)
      if (decoder.failed) {
        this.#close = true
        this.#exchange?.clientBroke('bad-chunk')
        return chunk.length
      }
      if (decoder.done) this.#bodyOver(decoder.trailers)
    }
    return at
  }

  bodyData(data: Buffer): void {
    if (this.#exchange?.bodyData(data) === false) this.#stop()
  }

  #bodyOver(trailers: string): void {
    this.#decoder = undefined
    if (this.#phase !== 'body') return
    this.#phase = 'answer'
    this.#exchange?.bodyEnd(trailers)
    if (this.#answerOver) this.#next()
  }

  #toHttp2(early: Buffer): void {
    const socket = this.#socket
    this.#phase = 'closed'
    // One by one: removing all at once would also set the stream flowing again and lose what is put back.
    for (const [event, listener] of this.#listeners) socket.off(event, listener)
    socket.pause()
    this.#host.gone(this)
    this.#host.http2(socket, early, this.#hop)
  }

  /** Answers a request that has no exchange because its head is unsound. */
  #refuse(name: RefusalName): void {
    this.#close = true
    this.#answerOver = false
    this.#phase = 'answer'
    answerWithProblem(this, name, { method: '', requestId: '' }, this.#host.plane.dateLine())
  }

  #ended(): void {
    if (this.#phase === 'linger' || this.#phase === 'head') this.#socket.end()
    else this.destroy()
  }

  #closed(): void {
    this.#phase = 'closed'
    this.#host.gone(this)
    this.#exchange?.clientGone()
    this.#exchange = undefined
  }

  // The front's side: what the exchange tells.

  interim(status: number, block: string): void {
    if (this.#minor === 1)
      this.#socket.write(`HTTP/1.1 ${status} ${status === 100 ? 'Continue' : 'Early Hints'}\r\n${block}\r\n`, 'latin1')
  }

  respond(head: ResponseHead, added: string): void {
    if (head.status === 101) {
      this.#framing = 'plain'
      this.#phase = 'tunnel'
      this.#output.text(responseText(head, added, 'Connection: Upgrade\r\nUpgrade: websocket\r\n'))
      const early = this.#backlog
      this.#backlog = undefined
      this.#resume()
      if (early !== undefined) this.data(early)
      return
    }
    if (this.#host.retired || (this.#phase === 'body' && !this.#discardable())) this.#close = true
    let framing = ''
    if (head.contentLength >= 0) {
      this.#framing = 'length'
      framing = `Content-Length: ${head.contentLength}\r\n`
    } else if (head.framing === 'none') this.#framing = 'plain'
    else if (this.#minor === 1) {
      this.#framing = 'chunked'
      framing = 'Transfer-Encoding: chunked\r\n'
    } else {
      this.#framing = 'plain'
      this.#close = true
    }
    if (this.#close) framing += 'Connection: close\r\n'
    else if (this.#minor === 0) framing += 'Connection: keep-alive\r\n'
    this.#output.text(responseText(head, added, framing))
  }

  write(chunk: Buffer): boolean {
    const output = this.#output
    if (this.#framing === 'chunked') {
      output.text(`${chunk.length.toString(16)}\r\n`)
      output.bytes(chunk)
      output.text('\r\n')
    } else output.bytes(chunk)
    return !output.full
  }

  end(trailers: string): void {
    if (this.#framing === 'chunked') this.#output.text(`0\r\n${trailers}\r\n`)
    this.#output.flush()
    this.#exchange = undefined
    this.#answerOver = true
    if (this.#phase === 'tunnel') {
      this.#socket.end()
      this.#linger()
    } else if (this.#close) {
      this.#socket.end()
      this.#linger()
    } else if (this.#phase === 'answer') this.#next()
    else {
      this.deadline = this.#host.plane.now() + this.#host.limits.headMs
      this.#resume()
    }
  }

  /** Whether so little of the body is missing, and certain to come, that it is better read than the connection closed. */
  #discardable(): boolean {
    return this.#decoder === undefined && this.#bodyLeft <= discardLimit && this.#exchange?.head.expectContinue !== true
  }

  #linger(): void {
    this.#phase = 'linger'
    this.#backlog = undefined
    this.deadline = this.#host.plane.now() + lingerMs
    this.#resume()
  }

  /** The request and its answer are complete: on to the next. */
  #next(): void {
    this.#phase = 'head'
    this.#exchange = undefined
    this.deadline = this.#host.plane.now() + this.#host.limits.idleMs
    const backlog = this.#backlog
    if (this.#feeding) return
    this.#resume()
    if (backlog === undefined) return
    this.#backlog = undefined
    this.#feed(backlog)
  }

  flush(): void {
    this.#output.flush()
  }

  cut(): void {
    this.#exchange = undefined
    this.destroy()
  }

  resumeBody(): void {
    if (this.#phase === 'body' || this.#phase === 'tunnel') this.#resume()
  }

  #resume(): void {
    if (this.#more) return
    this.#more = true
    this.#socket.resume()
  }
}
