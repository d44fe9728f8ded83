import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { Server as NetServer } from 'node:net'
import type { Duplex } from 'node:stream'
import { type TLSSocket, Server as TlsServer } from 'node:tls'
import type { FrontOptions, FrontServer, ListenOn } from '../core/engine.ts'
import type { Limits } from '../core/limits.ts'
import { plainAddress } from '../core/trust.ts'
import { Exchange } from '../exchange/exchange.ts'
import { answerWithProblem } from '../exchange/local-answer.ts'
import { listen } from '../listen/bind.ts'
import { type CollectedRequest, collectRequest } from '../message/collect-request.ts'
import { type Hop, hopOf } from '../message/forward-head.ts'
import type { RefusalName } from '../message/refusal.ts'
import { HttpFront } from './http-front.ts'
import { SocketFront } from './socket-front.ts'

/** A listener served by `node:http`, with our own rules checked after its parser. */
export class NodeHttpServer implements FrontServer {
  readonly #options: FrontOptions
  readonly #server: Server
  readonly #hops = new WeakMap<object, Hop>()
  /** Open connections, with the requests that each has under way. */
  readonly #sockets = new Map<Duplex, number>()
  #retired = false

  constructor(options: FrontOptions, limits: Limits) {
    this.#options = options
    const settings = {
      maxHeaderSize: limits.headBytes,
      headersTimeout: limits.headMs,
      requestTimeout: 0,
      keepAliveTimeout: limits.idleMs,
      connectionsCheckingInterval: 1_000,
      requireHostHeader: false,
      noDelay: true,
      insecureHTTPParser: false,
      shouldUpgradeCallback: (request: IncomingMessage) => request.headers.upgrade?.toLowerCase() === 'websocket',
    }
    const server = options.tls ? createTlsServer({ ...settings, ...options.tls }) : createServer(settings)
    this.#server = server
    server.maxHeadersCount = limits.headFields
    server.on('request', (request, response) => this.#request(request, response))
    server.on('checkContinue', (request, response) => this.#request(request, response))
    server.on('checkExpectation', (request, response) => this.#request(request, response))
    server.on('upgrade', (request, socket, early) => this.#upgrade(request, socket, early))
    server.on(options.tls ? 'secureConnection' : 'connection', (socket: Duplex) => {
      this.#sockets.set(socket, 0)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
      const timeout = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      const status = timeout
        ? '408 Request Timeout'
        : error.code === 'HPE_HEADER_OVERFLOW'
          ? '431 Request Header Fields Too Large'
          : '400 Bad Request'
      if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      else socket.destroy()
    })
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    this.#count(request.socket, 1)
    response.once('close', () => this.#count(request.socket, -1))
    const collected = this.#collect(request)
    const { plane } = this.#options
    if (typeof collected === 'string') {
      const front = new HttpFront(request, response, () => true)
      answerWithProblem(front, collected, { method: request.method ?? '', requestId: '' }, plane.dateLine())
      return
    }
    const front = new HttpFront(request, response, () => collected.close || this.#retired)
    front.serve(new Exchange(plane, front, collected.head, this.#hop(request)))
  }

  #count(socket: Duplex, change: 1 | -1): void {
    const before = this.#sockets.get(socket)
    if (before !== undefined) this.#sockets.set(socket, before + change)
  }

  #upgrade(request: IncomingMessage, socket: Duplex, early: Buffer): void {
    this.#count(request.socket, 1)
    const collected = this.#collect(request)
    const { plane } = this.#options
    const front = new SocketFront(socket)
    if (typeof collected === 'string' || !collected.head.upgrade) {
      const name = typeof collected === 'string' ? collected : 'bad-header'
      answerWithProblem(front, name, { method: request.method ?? '', requestId: '' }, plane.dateLine())
      return
    }
    front.serve(new Exchange(plane, front, collected.head, this.#hop(request)), early)
  }

  #collect(request: IncomingMessage): CollectedRequest | RefusalName {
    const version = request.httpVersion
    if (version !== '1.1' && version !== '1.0') return 'bad-version'
    return collectRequest({
      method: request.method ?? '',
      target: request.url ?? '',
      protocol: version === '1.1' ? 'HTTP/1.1' : 'HTTP/1.0',
      pairs: request.rawHeaders,
    })
  }

  #hop(request: IncomingMessage): Hop {
    const { socket } = request
    let hop = this.#hops.get(socket)
    if (hop === undefined) {
      const peer = plainAddress(socket.remoteAddress ?? '')
      const { plane, listener } = this.#options
      hop = hopOf(peer, (socket as TLSSocket).encrypted ? 'https' : 'http', plane.isTrusted(peer), listener)
      this.#hops.set(socket, hop)
    }
    return hop
  }

  listen(on: ListenOn): Promise<number> {
    return listen(this.#server, on)
  }

  retire(idleMs: number): void {
    if (this.#retired) return
    this.#retired = true
    this.#server.keepAliveTimeout = Math.max(1, idleMs)
    // `http.Server.close` would cut idle connections at once; the plain `net` form only stops accepting.
    NetServer.prototype.close.call(this.#server)
    setTimeout(() => {
      for (const [socket, requests] of this.#sockets) if (requests === 0) socket.destroy()
    }, idleMs).unref()
  }

  setTicketKeys(keys: Buffer): void {
    if (this.#server instanceof TlsServer) this.#server.setTicketKeys(keys)
  }

  destroy(): void {
    this.#server.close()
    for (const socket of this.#sockets.keys()) socket.destroy()
  }

  get connections(): number {
    return this.#sockets.size
  }
}
