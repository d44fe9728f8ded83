import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Exchange } from '../exchange/exchange.ts'
import type { Front } from '../exchange/front.ts'
import { pairsOf } from '../message/fields.ts'
import type { ResponseHead } from '../message/response-head.ts'

/** One request of `node:http` as a front. */
export class HttpFront implements Front {
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #close: () => boolean
  #exchange: Exchange | undefined
  #chunked = false

  constructor(request: IncomingMessage, response: ServerResponse, close: () => boolean) {
    this.#request = request
    this.#response = response
    this.#close = close
  }

  /** Connects the streams of this request with its exchange and starts it. */
  serve(exchange: Exchange): void {
    this.#exchange = exchange
    const request = this.#request
    const response = this.#response
    response.on('close', () => exchange.clientGone())
    response.on('drain', () => exchange.clientDrained())
    response.on('error', () => exchange.clientGone())
    request.on('error', () => exchange.clientGone())
    exchange.start()
    if (exchange.head.framing !== 'none') {
      request.on('data', (chunk: Buffer) => {
        if (!exchange.bodyData(chunk)) request.pause()
        exchange.uncork()
      })
      request.on('end', () => {
        exchange.bodyEnd(blockOf(request.rawTrailers))
        exchange.uncork()
      })
    } else request.resume()
    exchange.uncork()
  }

  interim(status: number): void {
    if (status === 100) this.#response.writeContinue()
  }

  respond(head: ResponseHead, added: string): void {
    const response = this.#response
    response.sendDate = false
    const pairs = pairsOf(head.block + added)
    if (head.contentLength >= 0) pairs.push('Content-Length', String(head.contentLength))
    this.#chunked = head.contentLength < 0 && head.framing !== 'none'
    if (this.#close() || this.#exchange?.body.done === false) pairs.push('Connection', 'close')
    response.writeHead(head.status, head.reason, pairs)
  }

  write(chunk: Buffer): boolean {
    return this.#response.write(chunk)
  }

  end(trailers: string): void {
    if (trailers !== '' && this.#chunked) {
      const pairs = pairsOf(trailers)
      const list: [string, string][] = []
      for (let i = 0; i + 1 < pairs.length; i += 2) list.push([pairs[i] ?? '', pairs[i + 1] ?? ''])
      this.#response.addTrailers(list)
    }
    this.#response.end()
  }

  flush(): void {
    this.#response.flushHeaders()
  }

  cut(): void {
    this.#response.destroy()
  }

  resumeBody(): void {
    this.#request.resume()
  }
}

/** A flat list of names and values as a block of field lines. */
export function blockOf(pairs: readonly string[]): string {
  let block = ''
  for (let i = 0; i + 1 < pairs.length; i += 2) block += `${pairs[i]}: ${pairs[i + 1]}\r\n`
  return block
}
