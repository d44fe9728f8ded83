import type { UpstreamFailure } from './upstream.ts'

/** Methods whose repetition has the effect of one request (RFC 9110 §9.2.2). */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'TRACE'])

/** Whether a request may be sent a second time after something of it was written. */
export function isIdempotent(method: string, routeSaysSo: boolean | undefined): boolean {
  return routeSaysSo === true || idempotentMethods.has(method)
}

/** What was so far of the request that failed. */
export interface FailedAttempt {
  readonly failure: UpstreamFailure
  readonly idempotent: boolean
  /** Whether the whole body received so far can be sent again. */
  readonly replayable: boolean
  /** Repetitions so far that followed something written. */
  readonly repeated: number
  readonly allowed: number
}

/**
 * Whether another replica may be tried: always while nothing was written; after a reset without any answer if the request is safe
 * to repeat, its body still at hand and its attempts are not used up; never once something was answered.
 */
export function mayRetry(attempt: FailedAttempt): boolean {
  switch (attempt.failure) {
    case 'unreachable':
      return attempt.replayable
    case 'reset':
      return attempt.idempotent && attempt.replayable && attempt.repeated < attempt.allowed
    case 'stale':
      return attempt.idempotent && attempt.replayable && attempt.repeated < Math.max(1, attempt.allowed)
    case 'malformed':
    case 'truncated':
      return false
    default:
      return attempt.failure satisfies never
  }
}
