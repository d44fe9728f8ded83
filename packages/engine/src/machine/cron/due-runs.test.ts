import { describe, expect, it } from 'vitest'
import { dueRuns } from './due-runs.ts'

const hour = 3_600_000
const noon = Date.UTC(2026, 10, 20, 12)
const hourly = (missed: 'skip' | 'once' | 'all') => ({ schedule: '0 * * * *', missed })

describe('a scheduled job', () => {
  it('is due when its moment has come, and not before or twice', () => {
    expect(dueRuns(hourly('once'), noon - 1, noon - 1).due).toEqual([])
    const at = dueRuns(hourly('once'), noon - 1, noon + 500)
    expect(at).toEqual({ due: [noon], last: noon, next: noon + hour })
    expect(dueRuns(hourly('once'), at.last, noon + 1000).due).toEqual([])
  })

  it.each([
    ['skip', []],
    ['once', [noon]],
    ['all', [noon - 2 * hour, noon - hour, noon]],
  ] as const)('makes up for missed runs: %s', (missed, due) => {
    expect(dueRuns(hourly(missed), noon - 2 * hour - 1, noon + hour / 2).due).toEqual(due)
  })

  it('runs for the present moment even when earlier ones were missed', () => {
    expect(dueRuns(hourly('skip'), noon - 5 * hour, noon + 1).due).toEqual([noon])
    expect(dueRuns(hourly('once'), noon - 5 * hour, noon + 1).due).toEqual([noon])
  })

  it('makes up for a hundred at most', () => {
    expect(dueRuns({ schedule: '* * * * *', missed: 'all' }, noon - 24 * hour, noon).due).toHaveLength(100)
  })
})
