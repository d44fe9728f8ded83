import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'

/** W3C Trace Context, level 1: which trace a piece of work belongs to. */
export interface TraceContext {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits: the span that asks. */
  readonly spanId: string
  readonly sampled: boolean
  readonly requestId: string | undefined
}

const storage = new AsyncLocalStorage<TraceContext>()
const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/

/** Reads a `traceparent` header; a missing or malformed one begins a new trace (W3C Trace Context §3.2). */
export function parseTraceparent(header: string | undefined, requestId?: string): TraceContext {
  const match = form.exec(header ?? '')
  if (!match || /^0+$/.test(match[1] ?? '') || /^0+$/.test(match[2] ?? '')) {
    return {
      traceId: randomBytes(16).toString('hex'),
      spanId: randomBytes(8).toString('hex'),
      sampled: false,
      requestId,
    }
  }
  return {
    traceId: match[1] ?? '',
    spanId: match[2] ?? '',
    sampled: (Number.parseInt(match[3] ?? '0', 16) & 1) === 1,
    requestId,
  }
}

/** Runs work inside a trace. */
export function withTrace<T>(context: TraceContext, work: () => T): T {
  return storage.run(context, work)
}

/** The trace that the running code belongs to. */
export function currentTrace(): TraceContext | undefined {
  return storage.getStore()
}

/** The headers that carry the running trace to the next service. */
export function traceHeaders(): Record<string, string> {
  const context = storage.getStore()
  if (!context) return {}
  const child = randomBytes(8).toString('hex')
  return {
    traceparent: `00-${context.traceId}-${child}-${context.sampled ? '01' : '00'}`,
    ...(context.requestId && { 'x-request-id': context.requestId }),
  }
}
