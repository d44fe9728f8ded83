import type { Duplex } from 'node:stream'
import type { Exchange } from '../exchange/exchange.ts'
import type { Front } from '../exchange/front.ts'
import { responseText } from '../http1/response-text.ts'
import type { ResponseHead } from '../message/response-head.ts'

/** Bytes that are kept until the replica has agreed to switch. */
const earlyLimit = 65_536

/** A request to switch protocols, on the bare socket that `node:http` hands over. */
export class SocketFront implements Front {
  readonly #socket: Duplex
  #exchange: Exchange | undefined
  /** What came before the replica agreed to switch. */
  #early: Buffer | undefined
  #open = false

  constructor(socket: Duplex) {
    this.#socket = socket
  }

  serve(exchange: Exchange, early: Buffer): void {
    const socket = this.#socket
    socket.on('error', () => exchange.clientGone())
    socket.on('close', () => exchange.clientGone())
    socket.on('drain', () => exchange.clientDrained())
    this.#exchange = exchange
    if (early.length > 0) this.#early = early
    exchange.start()
    exchange.uncork()
    socket.on('data', (chunk: Buffer) => this.#data(chunk))
    socket.on('end', () => exchange.clientGone())
  }

  #data(chunk: Buffer): void {
    if (!this.#open) {
      this.#early = this.#early === undefined ? chunk : Buffer.concat([this.#early, chunk])
      if (this.#early.length > earlyLimit) this.#socket.pause()
      return
    }
    if (this.#exchange?.bodyData(chunk) === false) this.#socket.pause()
    this.#exchange?.uncork()
  }

  interim(): void {}

  respond(head: ResponseHead, added: string): void {
    const connection = head.status === 101 ? 'Connection: Upgrade\r\nUpgrade: websocket\r\n' : 'Connection: close\r\n'
    const length = head.contentLength >= 0 ? `Content-Length: ${head.contentLength}\r\n` : ''
    this.#socket.write(responseText(head, added, length + connection), 'latin1')
    if (head.status !== 101) return
    this.#open = true
    const early = this.#early
    this.#early = undefined
    this.#socket.resume()
    if (early !== undefined) this.#data(early)
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
