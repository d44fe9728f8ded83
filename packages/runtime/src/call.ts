import { type Breaker, type BreakerOptions, createBreaker } from './breaker.ts'
import { traceHeaders } from './trace-context.ts'

/** How another service is called. */
export interface CallOptions {
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** ms for the whole answer; the caller's default otherwise. */
  readonly timeoutMs?: number
}

/**
 * A client of one other service: JSON in and out, the trace goes along, every call has a deadline, and a breaker stops
 * calling what keeps failing. Only network errors, time-outs and 5xx count against the service.
 * Throws on any status of 400 and above; the message holds the status and the first 200 characters of the body.
 */
export function createCaller(
  baseUrl: string,
  options: { readonly timeoutMs?: number; readonly breaker?: BreakerOptions } = {},
): { call<T>(path: string, options?: CallOptions): Promise<T>; readonly breaker: Breaker } {
  const breaker = createBreaker(options.breaker ?? { failures: 5, openMs: 60_000, probes: 1 })
  return {
    breaker,
    call: (path, { method, body, headers, timeoutMs } = {}) =>
      breaker.run(
        async () => {
          const response = await fetch(new URL(path, baseUrl), {
            method: method ?? (body === undefined ? 'GET' : 'POST'),
            headers: {
              ...traceHeaders(),
              ...(body !== undefined && { 'content-type': 'application/json' }),
              ...headers,
            },
            ...(body !== undefined && { body: JSON.stringify(body) }),
            signal: AbortSignal.timeout(timeoutMs ?? options.timeoutMs ?? 5_000),
          })
          if (!response.ok) {
            throw new CallFailed(
              response.status,
              `${baseUrl}${path} answered ${response.status}: ${(await response.text()).slice(0, 200)}`,
            )
          }
          return response.json() as never
        },
        (error) => !(error instanceof CallFailed) || error.status >= 500,
      ),
  }
}

/** An answer of 400 or above. */
export class CallFailed extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'CallFailed'
    this.status = status
  }
}
