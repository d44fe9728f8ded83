import type { RequestHead } from './request-head.ts'
import type { RequestIds } from './request-id.ts'

/** How a request is found again: in logs by its id, in traces by its context. */
export interface Identity {
  readonly requestId: string
  /** W3C Trace Context, version 00. */
  readonly traceparent: string
}

/** Carries what the client sent, and makes what it did not: a new request's id is its trace id; a trace made here is not sampled. */
export function identify(head: RequestHead, ids: RequestIds): Identity {
  const { requestId, traceparent } = head
  if (requestId !== '' && traceparent !== '') return { requestId, traceparent }
  if (traceparent !== '') return { requestId: traceparent.slice(3, 35), traceparent }
  const id = ids.next()
  const trace = id.slice(0, 32)
  return { requestId: requestId === '' ? trace : requestId, traceparent: `00-${trace}-${id.slice(32)}-00` }
}
