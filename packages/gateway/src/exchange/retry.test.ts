import { describe, expect, test } from 'vitest'
import { isIdempotent, mayRetry } from './retry.ts'
import type { UpstreamFailure } from './upstream.ts'

describe('whether another replica may be tried', () => {
  const rows: readonly [UpstreamFailure, idempotent: boolean, replayable: boolean, repeated: number, may: boolean][] = [
    ['unreachable', false, true, 0, true],
    ['unreachable', false, true, 9, true],
    ['unreachable', true, false, 0, false],
    ['reset', true, true, 0, true],
    ['reset', true, true, 1, false],
    ['reset', true, false, 0, false],
    ['reset', false, true, 0, false],
    ['stale', true, true, 0, true],
    ['stale', false, true, 0, false],
    ['malformed', true, true, 0, false],
    ['truncated', true, true, 0, false],
  ]
  test.each(rows)(
    '%s, idempotent %s, body at hand %s, repeated %i times: %s',
    (failure, idempotent, replayable, repeated, may) => {
      expect(mayRetry({ failure, idempotent, replayable, repeated, allowed: 1 })).toBe(may)
    },
  )

  test('a stale connection is forgiven once even where no retries are allowed', () => {
    const stale = { failure: 'stale', idempotent: true, replayable: true, allowed: 0 } as const
    expect(mayRetry({ ...stale, repeated: 0 })).toBe(true)
    expect(mayRetry({ ...stale, repeated: 1 })).toBe(false)
  })

  test.each([
    ['GET', undefined, true],
    ['DELETE', undefined, true],
    ['POST', undefined, false],
    ['PATCH', undefined, false],
    ['POST', true, true],
  ])('%s with a route that says %s: %s', (method, routeSays, expected) => {
    expect(isIdempotent(method, routeSays)).toBe(expected)
  })
})
