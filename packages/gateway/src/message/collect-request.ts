import { tokenPattern, valuePattern, withoutFields } from './fields.ts'
import type { RefusalName } from './refusal.ts'
import { RequestFields } from './request-fields.ts'
import type { RequestHead } from './request-head.ts'
import { knownMethods, readTarget } from './target.ts'

/** The parts of a request as a parser of another make delivers them. */
export interface RawRequest {
  readonly method: string
  readonly target: string
  readonly protocol: RequestHead['protocol']
  /** Names and values, one after another, as they came. */
  readonly pairs: readonly string[]
  /** The authority of HTTP/2, where it is not a field. */
  readonly authority?: string
  /** Whether a body follows, for HTTP/2, where no field says so. */
  readonly hasBody?: boolean
}

/** What {@link collectRequest} found: the head, and whether the connection may go on. */
export interface CollectedRequest {
  readonly head: RequestHead
  readonly close: boolean
}

/** Checks a request that another parser has read by the same rules as our own, and makes its head. */
export function collectRequest(raw: RawRequest): CollectedRequest | RefusalName {
  if (!knownMethods.has(raw.method)) return 'unknown-method'
  const fields = new RequestFields()
  if (raw.authority !== undefined) {
    const verdict = fields.take('host', raw.authority)
    if (verdict !== 'drop') return verdict === 'keep' ? 'bad-host' : verdict
  }
  let block = ''
  for (let i = 0; i + 1 < raw.pairs.length; i += 2) {
    const name = raw.pairs[i] ?? ''
    const value = raw.pairs[i + 1] ?? ''
    if (!tokenPattern.test(name) || !valuePattern.test(value)) return 'bad-header'
    const verdict = fields.take(name.toLowerCase(), value)
    if (verdict === 'keep') block += `${name}: ${value}\r\n`
    else if (verdict !== 'drop') return verdict
  }
  const refusal = fields.conclude(raw.protocol === 'HTTP/1.0' ? 0 : 1)
  if (refusal !== undefined) return refusal
  if (raw.hasBody === true && fields.contentLength === -1) fields.chunked = true
  return finishRequest(raw.method, raw.target, raw.protocol, fields, block)
}

const bodilessInOld = new Set(['GET', 'HEAD', 'DELETE'])

/** Makes the head from the fields that were gathered; `block` holds the lines that stay. */
export function finishRequest(
  method: string,
  target: string,
  protocol: RequestHead['protocol'],
  fields: RequestFields,
  block: string,
): CollectedRequest | RefusalName {
  const read = readTarget(method, target, fields.authority)
  if (typeof read === 'string') return read
  // Readers of HTTP/1.0 differ on whether these may have a body, and take its bytes for a request of their own.
  if (protocol === 'HTTP/1.0' && fields.contentLength > 0 && bodilessInOld.has(method)) return 'bad-content-length'
  const framing = fields.chunked ? 'chunked' : fields.contentLength >= 0 ? 'length' : 'none'
  const head: RequestHead = {
    method,
    target: read.target,
    path: read.path,
    authority: fields.authority ?? '',
    protocol,
    block: fields.nominated === undefined ? block : withoutFields(block, fields.nominated),
    framing,
    contentLength: fields.contentLength,
    expectContinue: fields.expectContinue && protocol !== 'HTTP/1.0' && framing !== 'none',
    upgrade: fields.upgrade && method === 'GET' && protocol === 'HTTP/1.1' && framing === 'none',
    acceptsTrailers: fields.acceptsTrailers,
    requestId: fields.requestId,
    traceparent: fields.traceparent,
    forwarded: fields.forwarded,
  }
  return { head, close: protocol === 'HTTP/1.0' ? !fields.keepAlive || fields.close : fields.close }
}
