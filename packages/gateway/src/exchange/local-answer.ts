import { type RefusalName, refusalBody, refusalStatus } from '../message/refusal.ts'
import type { Front } from './front.ts'

/** What a local answer needs to know of the request. */
export interface AnsweredRequest {
  readonly method: string
  readonly requestId: string
  /** Methods that would have been served, for 405. */
  readonly allow?: readonly string[]
}

/** Answers in the gateway's own name with problem+json (RFC 9457); returns the bytes of the body. */
export function answerWithProblem(front: Front, name: RefusalName, request: AnsweredRequest, dateLine: string): number {
  const status = refusalStatus(name)
  const body = Buffer.from(refusalBody(name, request.requestId))
  const bodiless = request.method === 'HEAD'
  let block = 'Content-Type: application/problem+json\r\nCache-Control: no-store\r\n'
  if (status === 503) block += 'Retry-After: 1\r\n'
  if (request.allow !== undefined) block += `Allow: ${request.allow.join(', ')}\r\n`
  front.respond(
    {
      status,
      reason: '',
      block,
      framing: bodiless ? 'none' : 'length',
      contentLength: body.length,
      hasDate: true,
      kind: 'plain',
      upgrade: false,
    },
    request.requestId === '' ? dateLine : `${dateLine}X-Request-Id: ${request.requestId}\r\n`,
  )
  if (!bodiless) front.write(body)
  front.end('')
  front.flush()
  return bodiless ? 0 : body.length
}
