import { describe, expect, it } from 'vitest'
import { type BreakerEvent, BreakerOpen, type BreakerState, breakerTransition, createBreaker } from './breaker.ts'

const options = { failures: 3, openMs: 60_000, probes: 2 }
const at = 1_000
const closed = (failures: number): BreakerState => ({ kind: 'closed', failures })
const open: BreakerState = { kind: 'open', until: at + 10 }
const half = (trials: number, successes: number): BreakerState => ({ kind: 'half-open', trials, successes })

const table: [BreakerState, BreakerEvent['kind'], number, BreakerState][] = [
  [closed(0), 'ask', at, closed(0)],
  [closed(2), 'success', at, closed(0)],
  [closed(1), 'failure', at, closed(2)],
  [closed(2), 'failure', at, { kind: 'open', until: at + 60_000 }],
  [open, 'ask', at, open],
  [open, 'ask', at + 10, half(1, 0)],
  [open, 'success', at, open],
  [open, 'failure', at, open],
  [half(1, 0), 'ask', at, half(2, 0)],
  [half(2, 0), 'ask', at, half(2, 0)],
  [half(2, 0), 'success', at, half(2, 1)],
  [half(2, 1), 'success', at, closed(0)],
  [half(2, 1), 'failure', at, { kind: 'open', until: at + 60_000 }],
]

describe('a breaker', () => {
  it.each(table)('%o on %s at %d becomes %o', (state, kind, when, next) => {
    expect(breakerTransition(state, { kind, at: when }, options)).toEqual(next)
  })

  it('refuses calls while open, lets `probes` trials through afterwards, and closes when they succeed', async () => {
    let clock = 0
    const breaker = createBreaker({ ...options, now: () => clock })
    const fail = () => breaker.run(() => Promise.reject(new Error('down')))
    for (let i = 0; i < 3; i++) await expect(fail()).rejects.toThrow('down')
    await expect(fail()).rejects.toThrow(BreakerOpen)
    clock = 60_000
    const gate = Promise.withResolvers<string>()
    const trials = [breaker.run(() => gate.promise), breaker.run(() => gate.promise)]
    await expect(breaker.run(() => gate.promise)).rejects.toThrow(BreakerOpen)
    gate.resolve('up')
    expect(await Promise.all(trials)).toEqual(['up', 'up'])
    expect(breaker.state()).toEqual({ kind: 'closed', failures: 0 })
  })

  it('does not hold errors against a dependency that are not its fault', async () => {
    const breaker = createBreaker({ ...options, now: () => 0 })
    for (let i = 0; i < 9; i++)
      await expect(
        breaker.run(
          () => Promise.reject(new Error('400')),
          () => false,
        ),
      ).rejects.toThrow('400')
    expect(breaker.state().kind).toBe('closed')
  })
})
