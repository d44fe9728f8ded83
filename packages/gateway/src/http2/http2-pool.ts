import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2'
import { connect as connectSocket } from 'node:net'
import type { Limits } from '../core/limits.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { Upstream, UpstreamFailure, UpstreamPool } from '../exchange/upstream.ts'
import { collectResponse } from '../message/collect-response.ts'
import type { EndpointState } from '../pool/endpoint.ts'
import { blockOfObject, headerObject } from './header-object.ts'

/** One HTTP/2 connection (prior knowledge, cleartext) to a replica, made when needed and again when it ends; for gRPC. */
export class Http2Pool implements UpstreamPool {
  readonly #endpoint: EndpointState
  readonly #limits: Limits
  #session: ClientHttp2Session | undefined

  constructor(endpoint: EndpointState, limits: Limits) {
    this.#endpoint = endpoint
    this.#limits = limits
  }

  open(exchange: Exchange): Upstream {
    if (this.#session === undefined || this.#session.closed || this.#session.destroyed) this.#session = this.#connect()
    return new Http2Upstream(this.#session, exchange)
  }

  #connect(): ClientHttp2Session {
    const { target } = this.#endpoint
    const session = connect('http://replica', {
      createConnection: () =>
        target.kind === 'tcp'
          ? connectSocket({ host: target.host, port: target.port, noDelay: true })
          : connectSocket(target.path),
      settings: { enablePush: false },
    })
    const timer = setTimeout(() => session.destroy(), this.#limits.connectMs)
    session.once('connect', () => clearTimeout(timer))
    session.on('error', () => session.destroy())
    session.on('goaway', () => this.#forget(session))
    session.on('close', () => {
      clearTimeout(timer)
      this.#forget(session)
    })
    session.unref()
    return session
  }

  #forget(session: ClientHttp2Session): void {
    if (this.#session === session) this.#session = undefined
  }

  retire(): void {
    this.#session?.close()
    this.#session = undefined
  }

  revive(): void {}
}

/** One request as a stream to a replica. */
class Http2Upstream implements Upstream {
  readonly #exchange: Exchange
  readonly #session: ClientHttp2Session
  #stream: ClientHttp2Stream | undefined
  #trailers = ''
  #requestTrailers = ''
  #answered = false
  #over = false

  constructor(session: ClientHttp2Session, exchange: Exchange) {
    this.#session = session
    this.#exchange = exchange
    const gone = (): void => this.#fail('unreachable')
    session.once('close', gone)
    const ready = (): void => {
      session.off('close', gone)
      if (!this.#over) exchange.upstreamReady(this)
    }
    if (session.connecting) session.once('connect', ready)
    else queueMicrotask(ready)
  }

  sendHead(): void {
    const { head } = this.#exchange
    const headers: OutgoingHttpHeaders = headerObject(head.block + this.#exchange.addedFields())
    headers[':method'] = head.method
    headers[':path'] = head.target
    headers[':scheme'] = this.#exchange.hop.proto
    headers[':authority'] = head.authority || (this.#exchange.endpoint?.hostHeader ?? 'localhost')
    if (head.framing === 'length') headers['content-length'] = head.contentLength
    if (head.acceptsTrailers) headers.te = 'trailers'
    const stream = this.#session.request(headers, {
      endStream: head.framing === 'none',
      waitForTrailers: head.framing !== 'none',
    })
    this.#stream = stream
    stream.on('headers', (interim) => this.#exchange.upstreamInterim(interim[':status'] ?? 0, blockOfObject(interim)))
    stream.on('response', (response, _flags, raw) => this.#head(response[':status'] ?? 0, raw ?? []))
    stream.on('trailers', (trailers) => {
      this.#trailers = blockOfObject(trailers)
    })
    stream.on('data', (chunk: Buffer) => {
      if (!this.#over && !this.#exchange.upstreamData(chunk)) stream.pause()
      this.#exchange.upstreamFlush()
    })
    stream.on('wantTrailers', () => {
      stream.sendTrailers(headerObject(this.#requestTrailers))
    })
    stream.on('drain', () => this.#exchange.upstreamDrained())
    stream.on('end', () => this.#end())
    stream.on('error', () => undefined)
    stream.on('close', () => {
      if (stream.rstCode === constants.NGHTTP2_REFUSED_STREAM && !this.#answered) this.#fail('unreachable')
      else this.#fail(this.#answered ? 'truncated' : 'reset')
    })
  }

  #head(status: number, raw: readonly string[]): void {
    const pairs = raw.filter((_, i) => !(raw[i - (i % 2)] ?? '').startsWith(':'))
    const head = collectResponse(status, '', pairs, this.#exchange.head.method)
    if (head === undefined || this.#over) {
      this.#fail('malformed')
      this.#stream?.close(constants.NGHTTP2_CANCEL)
      return
    }
    this.#answered = true
    this.#exchange.upstreamHead(head)
    this.#exchange.upstreamFlush()
  }

  #end(): void {
    // The stream also "ends" when it is reset; only an answer that began can be complete.
    if (this.#over || !this.#answered || this.#stream?.rstCode !== constants.NGHTTP2_NO_ERROR) return
    this.#over = true
    this.#exchange.upstreamEnd(this.#trailers)
  }

  #fail(failure: UpstreamFailure): void {
    if (this.#over) return
    this.#over = true
    this.#exchange.upstreamFailed(failure)
  }

  write(chunk: Buffer): boolean {
    return this.#stream?.write(Buffer.from(chunk)) ?? true
  }

  end(trailers: string): void {
    this.#requestTrailers = trailers
    if (this.#exchange.head.framing !== 'none') this.#stream?.end()
  }

  flush(): void {}

  pause(): void {
    this.#stream?.pause()
  }

  resume(): void {
    this.#stream?.resume()
  }

  abort(): void {
    this.#over = true
    this.#stream?.close(constants.NGHTTP2_CANCEL)
  }
}
