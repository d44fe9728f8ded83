import { tokenPattern, valuePattern, withoutFields } from './fields.ts'
import { ResponseFields } from './response-fields.ts'
import type { ResponseHead } from './response-head.ts'

/** Whether an answer has no body whatever its fields say (RFC 9112 §6.3). */
export function isBodiless(method: string, status: number): boolean {
  return method === 'HEAD' || status < 200 || status === 204 || status === 304
}

/** Checks an answer that another parser has read by the same rules as our own; `undefined` when it is malformed. */
export function collectResponse(
  status: number,
  reason: string,
  pairs: readonly string[],
  method: string,
): ResponseHead | undefined {
  const fields = new ResponseFields()
  let block = ''
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = pairs[i] ?? ''
    const value = pairs[i + 1] ?? ''
    if (!tokenPattern.test(name) || !valuePattern.test(value)) return undefined
    const verdict = fields.take(name.toLowerCase(), value)
    if (verdict === 'malformed') return undefined
    if (verdict === 'keep') block += `${name}: ${value}\r\n`
  }
  return finishResponse(status, reason, fields, block, method)
}

/** Makes the head from the fields that were gathered; `undefined` when they contradict each other. */
export function finishResponse(
  status: number,
  reason: string,
  fields: ResponseFields,
  block: string,
  method: string,
): ResponseHead | undefined {
  if (fields.chunked && fields.contentLength !== -1) return undefined
  return {
    status,
    reason,
    block: fields.nominated === undefined ? block : withoutFields(block, fields.nominated),
    framing: isBodiless(method, status)
      ? 'none'
      : fields.chunked
        ? 'chunked'
        : fields.contentLength >= 0
          ? 'length'
          : 'until-close',
    contentLength: status < 200 || status === 204 ? -1 : fields.contentLength,
    hasDate: fields.hasDate,
    kind: fields.kind,
    upgrade: fields.upgrade,
  }
}
