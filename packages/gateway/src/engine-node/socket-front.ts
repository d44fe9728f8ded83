import type { Duplex } from 'node:stream'
import type { Exchange } from '../exchange/exchange.ts'
import type { Front } from '../exchange/front.ts'
import { responseText } from '../http1/response-text.ts'
import type { ResponseHead } from '../message/response-head.ts'

/** A request to switch protocols, on the bare socket that `node:http` hands over. */
export class SocketFront implements Front {
  readonly #socket: Duplex

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  serve(exchange: Exchange, early: Buffer): void {
    const socket = this.#socket
    socket.on('error', () => exchange.clientGone())
    socket.on('close', () => exchange.clientGone())
    socket.on('drain', () => exchange.clientDrained())
    exchange.start()
    exchange.uncork()
    socket.on('data', (chunk: Buffer) => {
      if (!exchange.bodyData(chunk)) socket.pause()
      exchange.uncork()
    })
    socket.on('end', () => exchange.clientGone())
    if (early.length > 0) exchange.bodyData(early)
    exchange.uncork()
  }

  interim(): void {}

  respond(head: ResponseHead, added: string): void {
    const connection = head.status === 101 ? 'Connection: Upgrade\r\nUpgrade: websocket\r\n' : 'Connection: close\r\n'
    const length = head.contentLength >= 0 ? `Content-Length: ${head.contentLength}\r\n` : ''
    this.#socket.write(responseText(head, added, length + connection), 'latin1')
  }

  write(chunk: Buffer): boolean {
    return this.#socket.write(chunk)
  }

  end(): void {
    this.#socket.end()
  }

  flush(): void {}

  cut(): void {
    this.#socket.destroy()
  }

  resumeBody(): void {
    this.#socket.resume()
  }
}
