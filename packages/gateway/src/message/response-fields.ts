import { listTokens } from './fields.ts'
import type { ResponseHead } from './response-head.ts'

/** What becomes of a field of an answer; `malformed` makes the whole answer a 502. */
export type ResponseFieldVerdict = 'keep' | 'drop' | 'malformed'

/** The names that {@link ResponseFields.take} does something with; all others are kept. */
export const specialResponseFields: readonly string[] = [
  'content-length',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'proxy-connection',
  'te',
  'x-request-id',
  'date',
  'content-type',
]

/** The fields of one answer that mean something to the gateway, gathered one after another. */
export class ResponseFields {
  contentLength = -1
  chunked = false
  close = false
  keepAlive = false
  /** Seconds after which the replica closes an idle connection, when it says so; -1 when not. */
  keepAliveSeconds = -1
  hasDate = false
  kind: ResponseHead['kind'] = 'plain'
  nominated: Set<string> | undefined
  #upgradeToken = false
  #webSocket = false

  get upgrade(): boolean {
    return this.#upgradeToken && this.#webSocket
  }

  take(name: string, value: string): ResponseFieldVerdict {
    switch (name) {
      case 'content-length':
        if (this.contentLength !== -1 || !/^[0-9]{1,15}$/.test(value)) return 'malformed'
        this.contentLength = Number(value)
        return 'drop'
      case 'transfer-encoding':
        if (this.chunked || value.toLowerCase() !== 'chunked') return 'malformed'
        this.chunked = true
        return 'drop'
      case 'connection':
        if (value === 'keep-alive') this.keepAlive = true
        else
          for (const token of listTokens(value)) {
            if (token === 'close') this.close = true
            else if (token === 'keep-alive') this.keepAlive = true
            else if (token === 'upgrade') this.#upgradeToken = true
            else {
              this.nominated ??= new Set()
              this.nominated.add(token)
            }
          }
        return 'drop'
      case 'keep-alive': {
        const timeout = /(?:^|[,\s])timeout=([0-9]{1,6})/i.exec(value)
        if (timeout?.[1] !== undefined) this.keepAliveSeconds = Number(timeout[1])
        return 'drop'
      }
      case 'upgrade':
        if (listTokens(value).includes('websocket')) this.#webSocket = true
        return 'drop'
      case 'proxy-connection':
      case 'te':
      case 'x-request-id':
        return 'drop'
      case 'date':
        this.hasDate = true
        return 'keep'
      case 'content-type':
        this.kind = kindOf(value)
        return 'keep'
      default:
        return 'keep'
    }
  }
}

function kindOf(contentType: string): ResponseHead['kind'] {
  if (contentType === 'application/json') return 'plain'
  if (/^text\/event-stream\s*(?:;|$)/i.test(contentType)) return 'event-stream'
  return /^application\/grpc(?:[+;]|$)/i.test(contentType) ? 'grpc' : 'plain'
}
