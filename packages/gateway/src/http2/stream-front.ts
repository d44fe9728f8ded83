import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Exchange } from '../exchange/exchange.ts'
import type { Front } from '../exchange/front.ts'
import type { ResponseHead } from '../message/response-head.ts'
import { blockOfObject, headerObject } from './header-object.ts'

/** One stream of an HTTP/2 connection as a front. */
export class StreamFront implements Front {
  readonly #stream: ServerHttp2Stream
  #trailers = ''
  #bodiless = false

  constructor(stream: ServerHttp2Stream) {
    this.#stream = stream
    stream.on('error', () => undefined)
  }

  /** Connects the stream with its exchange and starts it. */
  serve(exchange: Exchange): void {
    const stream = this.#stream
    let requestTrailers = ''
    stream.on('close', () => exchange.clientGone())
    stream.on('aborted', () => exchange.clientGone())
    stream.on('drain', () => exchange.clientDrained())
    exchange.start()
    exchange.uncork()
    if (exchange.head.framing === 'none') return
    stream.on('trailers', (headers) => {
      requestTrailers = blockOfObject(headers)
    })
    stream.on('data', (chunk: Buffer) => {
      if (!exchange.bodyData(chunk)) stream.pause()
      exchange.uncork()
    })
    stream.on('end', () => {
      exchange.bodyEnd(requestTrailers)
      exchange.uncork()
    })
  }

  interim(status: number, block: string): void {
    if (!this.#stream.destroyed && !this.#stream.headersSent) {
      this.#stream.additionalHeaders({ ...headerObject(block), ':status': status })
    }
  }

  respond(head: ResponseHead, added: string): void {
    const stream = this.#stream
    if (stream.destroyed || stream.closed) return
    const headers = headerObject(head.block + added)
    headers[':status'] = head.status
    if (head.contentLength >= 0) headers['content-length'] = head.contentLength
    this.#bodiless = head.framing === 'none'
    if (this.#bodiless) {
      stream.respond(headers, { endStream: true })
      return
    }
    const mayHaveTrailers = head.framing !== 'length'
    stream.respond(headers, { waitForTrailers: mayHaveTrailers })
    if (mayHaveTrailers) stream.on('wantTrailers', () => stream.sendTrailers(headerObject(this.#trailers)))
  }

  write(chunk: Buffer): boolean {
    const stream = this.#stream
    return stream.destroyed || stream.closed || stream.write(Buffer.from(chunk))
  }

  end(trailers: string): void {
    this.#trailers = trailers
    if (!this.#bodiless && !this.#stream.destroyed) this.#stream.end()
  }

  flush(): void {}

  cut(): void {
    if (!this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  }

  resumeBody(): void {
    this.#stream.resume()
  }
}
