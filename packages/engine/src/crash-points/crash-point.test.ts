import { describe, expect, it } from 'vitest'
import { crashAt, findStrace, type WritingCall } from './crash-point.ts'

const strace = findStrace() ?? ''

/** The points at which most could go wrong; `npm run test:crash-points` tries every one. */
const points: readonly (readonly [WritingCall, number])[] = [
  ['write', 1],
  ['write', 2],
  ['fsync', 1],
  ['fsync', 2],
  ['rename', 1],
  ['rename', 2],
  ['pwrite64', 2],
  ['pwrite64', 9],
  ['fsync', 7],
  ['openat', 9],
]

describe.skipIf(strace === '')('the state on disk (needs strace)', () => {
  it.each(points)('is whole and complete when its writer is killed at %s number %i', (call, index) => {
    const point = crashAt(strace, call, index)
    expect(point).toEqual({ call, index, killed: true, violations: [] })
  })

  it('would not be if files were written in place', () => {
    const found = [1, 2].flatMap((index) => crashAt(strace, 'write', index, 'naive').violations)
    expect(found.join()).toContain('unreadable')
  })
})
