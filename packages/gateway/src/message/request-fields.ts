import { listTokens } from './fields.ts'
import type { RefusalName } from './refusal.ts'
import type { ForwardedFields } from './request-head.ts'

/** What becomes of a special field: it stays in the block, it is taken out, or the request is refused. */
export type FieldVerdict = 'keep' | 'drop' | RefusalName

const authorityPattern = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/
const requestIdPattern = /^[A-Za-z0-9._~:/+=@-]{1,128}$/
const traceparentPattern =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-[\x21-\x7e]+)?$/

/** The names that {@link RequestFields.take} does something with; all others are kept. */
export const specialRequestFields: readonly string[] = [
  'host',
  'content-length',
  'transfer-encoding',
  'connection',
  'upgrade',
  'te',
  'expect',
  'keep-alive',
  'proxy-connection',
  'proxy-authorization',
  'proxy-authenticate',
  'http2-settings',
  'x-real-ip',
  'x-request-id',
  'traceparent',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-forwarded-host',
  'x-forwarded-port',
  'forwarded',
]

/** Fields that `Connection` may not name: without them a message means something else, or they would undo what we add. */
const untouchable = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'content-type',
  'content-encoding',
  'authorization',
  'cookie',
  'x-request-id',
  'traceparent',
])

/**
 * The fields of one request that mean something to the gateway, gathered one after another. Names come in lower case and
 * syntactically valid; every rule against ambiguity that concerns fields stands here, for all fronts alike.
 */
export class RequestFields {
  authority: string | undefined
  contentLength = -1
  chunked = false
  expectContinue = false
  acceptsTrailers = false
  requestId = ''
  traceparent = ''
  forwarded: ForwardedFields | undefined
  close = false
  keepAlive = false
  /** Fields to take out because `Connection` names them. */
  nominated: Set<string> | undefined
  #upgradeToken = false
  #webSocket = false
  #traceSeen = false
  readonly #soundAuthority: string

  /** `soundAuthority` is a Host that was found sound before, on the same connection. */
  constructor(soundAuthority = '') {
    this.#soundAuthority = soundAuthority
  }

  /** Whether the client asks for WebSocket: both `Connection: upgrade` and `Upgrade: websocket`. */
  get upgrade(): boolean {
    return this.#upgradeToken && this.#webSocket
  }

  take(name: string, value: string): FieldVerdict {
    switch (name) {
      case 'host':
        if (this.authority !== undefined) return 'two-hosts'
        if ((value !== this.#soundAuthority || value === '') && !authorityPattern.test(value)) return 'bad-host'
        this.authority = value
        return 'drop'
      case 'content-length':
        if (this.contentLength !== -1 || !/^[0-9]{1,15}$/.test(value)) return 'bad-content-length'
        this.contentLength = Number(value)
        return 'drop'
      case 'transfer-encoding':
        if (this.chunked || value.toLowerCase() !== 'chunked') return 'bad-transfer-encoding'
        this.chunked = true
        return 'drop'
      case 'connection':
        return this.#takeConnection(value)
      case 'upgrade':
        if (value.toLowerCase() === 'websocket') this.#webSocket = true
        return 'drop'
      case 'te':
        if (listTokens(value).includes('trailers')) this.acceptsTrailers = true
        return 'drop'
      case 'expect':
        if (this.expectContinue || value.toLowerCase() !== '100-continue') return 'bad-expectation'
        this.expectContinue = true
        return 'drop'
      case 'keep-alive':
      case 'proxy-connection':
      case 'proxy-authorization':
      case 'proxy-authenticate':
      case 'http2-settings':
      case 'x-real-ip':
        return 'drop'
      case 'x-request-id':
        this.requestId = this.requestId === '' && requestIdPattern.test(value) ? value : ''
        return 'drop'
      case 'traceparent':
        this.traceparent = !this.#traceSeen && traceparentPattern.test(value) ? value : ''
        this.#traceSeen = true
        return 'drop'
      case 'x-forwarded-for':
      case 'x-forwarded-proto':
      case 'x-forwarded-host':
      case 'x-forwarded-port':
      case 'forwarded':
        this.#takeForwarded(name, value)
        return 'drop'
      default:
        return 'keep'
    }
  }

  #takeConnection(value: string): FieldVerdict {
    if (value === 'keep-alive') {
      this.keepAlive = true
      return 'drop'
    }
    for (const token of listTokens(value)) {
      if (token === 'close') this.close = true
      else if (token === 'keep-alive') this.keepAlive = true
      else if (token === 'upgrade') this.#upgradeToken = true
      else if (untouchable.has(token)) return 'bad-connection'
      else {
        this.nominated ??= new Set()
        this.nominated.add(token)
      }
    }
    return 'drop'
  }

  #takeForwarded(name: string, value: string): void {
    this.forwarded ??= { for: '', proto: '', host: '', port: '', standard: '' }
    const to = this.forwarded
    if (name === 'x-forwarded-for') to.for = to.for === '' ? value : `${to.for}, ${value}`
    else if (name === 'x-forwarded-proto') to.proto = value
    else if (name === 'x-forwarded-host') to.host = value
    else if (name === 'x-forwarded-port') to.port = value
    else to.standard = to.standard === '' ? value : `${to.standard}, ${value}`
  }

  /** The rules that need all fields together; `undefined` when the request is sound. */
  conclude(minor: number): RefusalName | undefined {
    if (this.authority === undefined && minor === 1) return 'no-host'
    if (this.chunked && this.contentLength !== -1) return 'length-and-encoding'
    if (this.chunked && minor === 0) return 'bad-transfer-encoding'
    return undefined
  }
}
