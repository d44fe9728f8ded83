import { createServer, Server as NetServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TLSSocket, Server as TlsServer } from 'node:tls'
import type { DataPlane } from '../core/data-plane.ts'
import type { FrontOptions, FrontServer, ListenOn } from '../core/engine.ts'
import type { Limits } from '../core/limits.ts'
import { plainAddress } from '../core/trust.ts'
import { Http2Sessions } from '../http2/sessions.ts'
import { listen } from '../listen/bind.ts'
import { type Hop, hopOf } from '../message/forward-head.ts'
import { adoptSocket } from './adopt-socket.ts'
import { ClientConnection, type ConnectionHost } from './client-connection.ts'

const sweepMs = 250

/** A listener served by our own HTTP/1.1; connections that speak HTTP/2 go to Node's. */
export class OwnServer implements FrontServer, ConnectionHost {
  readonly plane: DataPlane
  readonly limits: Limits
  retired = false
  readonly #listener: string | undefined
  readonly #server: Server
  readonly #connections = new Set<ClientConnection>()
  readonly #http2: Http2Sessions
  readonly #timer: NodeJS.Timeout
  readonly #buffer: Buffer

  constructor(options: FrontOptions, limits: Limits, buffer: Buffer) {
    this.#buffer = buffer
    this.plane = options.plane
    this.limits = limits
    this.#listener = options.listener
    this.#http2 = new Http2Sessions(options.plane, limits)
    const settings = { noDelay: true, allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: 30_000 }
    const { tls } = options
    this.#server =
      tls === undefined
        ? createServer({ ...settings, pauseOnConnect: true }, (socket) => this.#serve(socket))
        : createTlsServer({ ...settings, handshakeTimeout: limits.handshakeMs, ...tls }, (socket) =>
            this.#serveTls(socket),
          )
    this.#timer = setInterval(() => this.#sweep(), sweepMs)
    this.#timer.unref()
    if (tls !== undefined) this.#server.on('tlsClientError', (_error, socket: Socket) => socket.destroy())
  }

  #serve(accepted: Socket): void {
    const peer = accepted.remoteAddress ?? ''
    let connection: ClientConnection | undefined
    const socket = adoptSocket(accepted, this.#buffer, (bytes) => connection?.data(bytes) ?? false)
    connection = new ClientConnection(socket, this, this.#hop(peer, 'http'))
    this.#connections.add(connection)
  }

  #serveTls(socket: TLSSocket): void {
    if (socket.alpnProtocol === 'h2') {
      this.#http2.serve(socket, this.#hop(socket.remoteAddress ?? '', 'https'))
      return
    }
    const connection = new ClientConnection(socket, this, this.#hop(socket.remoteAddress ?? '', 'https'))
    this.#connections.add(connection)
    socket.on('data', (bytes: Buffer) => {
      if (!connection.data(bytes)) socket.pause()
    })
  }

  #hop(remoteAddress: string, proto: 'http' | 'https'): Hop {
    const peer = plainAddress(remoteAddress)
    return hopOf(peer, proto, this.plane.isTrusted(peer), this.#listener)
  }

  http2(socket: Socket, early: Buffer, hop: Hop): void {
    socket.unshift(early)
    this.#http2.serve(socket, hop)
  }

  gone(connection: ClientConnection): void {
    this.#connections.delete(connection)
  }

  #sweep(): void {
    const now = this.plane.now()
    for (const connection of this.#connections) if (connection.deadline <= now) connection.expire()
  }

  listen(on: ListenOn): Promise<number> {
    return listen(this.#server, on)
  }

  retire(idleMs: number): void {
    if (this.retired) return
    this.retired = true
    NetServer.prototype.close.call(this.#server)
    setTimeout(() => {
      for (const connection of this.#connections) if (connection.idle) connection.destroy()
    }, idleMs).unref()
    this.#http2.retire()
    const until = this.plane.now() + idleMs
    for (const connection of this.#connections) {
      if (connection.idle) connection.deadline = Math.min(connection.deadline, until)
    }
  }

  setTicketKeys(keys: Buffer): void {
    if (this.#server instanceof TlsServer) this.#server.setTicketKeys(keys)
  }

  destroy(): void {
    clearInterval(this.#timer)
    this.retired = true
    this.#server.close()
    for (const connection of this.#connections) connection.destroy()
    this.#http2.destroy()
  }

  get connections(): number {
    return this.#connections.size + this.#http2.size
  }
}
