import type { Duplex } from 'node:stream'
import { Readable } from 'node:stream'
import { type Dispatcher, Pool } from 'undici'
import type { Limits } from '../core/limits.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Upstream, UpstreamPool } from '../exchange/upstream.ts'
import { collectResponse } from '../message/collect-response.ts'
import { pairsOf } from '../message/fields.ts'
import type { EndpointState } from '../pool/endpoint.ts'
import type { ServicePool } from '../snapshot.ts'

/** Connections to one replica through undici. */
export class UndiciPool implements UpstreamPool {
  readonly #make: () => Pool
  #pool: Pool | undefined

  constructor(endpoint: EndpointState, service: ServicePool, limits: Limits) {
    const { target } = endpoint
    const origin = target.kind === 'tcp' ? `http://${endpoint.address}` : 'http://localhost'
    this.#make = () =>
      new Pool(origin, {
        connections: service.maxConnectionsPerEndpoint,
        pipelining: 1,
        keepAliveTimeout: limits.replicaIdleMs,
        keepAliveMaxTimeout: limits.replicaIdleMs,
        headersTimeout: 0,
        bodyTimeout: 0,
        connect: { timeout: limits.connectMs, ...(target.kind === 'unix' && { socketPath: target.path }) },
      })
  }

  open(exchange: Exchange): Upstream {
    this.#pool ??= this.#make()
    return new UndiciUpstream(this.#pool, exchange)
  }

  retire(): void {
    const pool = this.#pool
    this.#pool = undefined
    pool?.close().catch(() => undefined)
  }

  revive(): void {}
}

/** One request through undici. */
class UndiciUpstream implements Upstream, Dispatcher.DispatchHandler {
  readonly #exchange: Exchange
  #controller: Dispatcher.DispatchController | undefined
  #body: Readable | undefined
  #socket: Duplex | undefined
  #sent = false
  #over = false
  #aborted = false

  constructor(pool: Pool, exchange: Exchange) {
    this.#exchange = exchange
    const { head } = exchange
    if (head.framing !== 'none') {
      this.#body = new Readable({ read: () => exchange.upstreamDrained() })
      this.#body.on('error', () => undefined)
    }
    const headers = ['Host', head.authority || (exchange.endpoint?.hostHeader ?? 'localhost')]
    headers.push(...pairsOf(head.block), ...pairsOf(exchange.addedFields()))
    if (head.framing === 'length') headers.push('Content-Length', String(head.contentLength))
    if (head.acceptsTrailers) headers.push('TE', 'trailers')
    const options: Dispatcher.DispatchOptions = {
      method: head.method,
      path: head.target,
      headers,
      body: this.#body ?? null,
      ...(head.upgrade && { upgrade: 'websocket' }),
    }
    queueMicrotask(() => {
      if (!this.#aborted) pool.dispatch(options, this)
    })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#aborted) {
      controller.abort(new Error('the client left'))
      return
    }
    this.#sent = true
    this.#exchange.upstreamReady(this)
    if (this.#exchange.head.expectContinue) this.#exchange.upstreamInterim(100, '')
  }

  onRequestUpgrade(controller: Dispatcher.DispatchController, status: number, _headers: unknown, socket: Duplex): void {
    const exchange = this.#exchange
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      if (!exchange.upstreamData(chunk)) socket.pause()
    })
    socket.on('drain', () => exchange.upstreamDrained())
    socket.on('end', () => this.#end(''))
    socket.on('error', () => this.#fail('reset'))
    socket.on('close', () => this.#end(''))
    this.#head(controller, status, '')
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, reason?: string): void {
    if (this.#over) return
    if (status < 200) {
      this.#exchange.upstreamInterim(status, '')
      return
    }
    this.#head(controller, status, reason ?? '')
  }

  #head(controller: Dispatcher.DispatchController, status: number, reason: string): void {
    const raw = (controller.rawHeaders ?? []) as (Buffer | string)[]
    const pairs = raw.map((part) => (typeof part === 'string' ? part : part.toString('latin1')))
    const head = collectResponse(status, reason, pairs, this.#exchange.head.method)
    if (head === undefined) {
      this.#controller?.abort(new Error('malformed answer'))
      this.#socket?.destroy()
      this.#fail('malformed')
      return
    }
    this.#exchange.upstreamHead(head)
    this.#exchange.upstreamFlush()
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return
    if (!this.#exchange.upstreamData(chunk)) controller.pause()
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    const raw = (controller.rawTrailers ?? []) as (Buffer | string)[]
    let trailers = ''
    for (let i = 0; i + 1 < raw.length; i += 2) trailers += `${String(raw[i])}: ${String(raw[i + 1])}\r\n`
    this.#end(trailers)
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error & { code?: string }): void {
    if (!this.#sent) {
      this.#fail('unreachable')
      return
    }
    this.#fail(error.code?.startsWith('HPE_') || error.code === 'UND_ERR_HEADERS_OVERFLOW' ? 'malformed' : 'reset')
  }

  #end(trailers: string): void {
    if (this.#over) return
    this.#over = true
    this.#exchange.upstreamEnd(trailers)
  }

  #fail(failure: 'unreachable' | 'reset' | 'malformed'): void {
    if (this.#over) return
    this.#over = true
    if (!this.#aborted) this.#exchange.upstreamFailed(failure)
  }

  sendHead(): void {}

  write(chunk: Buffer): boolean {
    return (this.#socket ?? { write: (bytes: Buffer) => this.#body?.push(bytes) !== false }).write(chunk)
  }

  end(): void {
    if (this.#socket !== undefined) this.#socket.end()
    else this.#body?.push(null)
  }

  flush(): void {}

  pause(): void {
    if (this.#socket !== undefined) this.#socket.pause()
    else this.#controller?.pause()
  }

  resume(): void {
    if (this.#socket !== undefined) this.#socket.resume()
    else this.#controller?.resume()
  }

  abort(): void {
    if (this.#aborted) return
    this.#aborted = true
    this.#over = true
    this.#socket?.destroy()
    this.#controller?.abort(new Error('the request was given up'))
  }
}
