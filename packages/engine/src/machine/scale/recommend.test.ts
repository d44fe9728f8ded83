import type { Scale } from '@seaworthy/model'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noHistory, recommend, type ScaleHistory } from './recommend.ts'

const scale: Scale = {
  min: 1,
  max: 10,
  cpu: 0.5,
  schedule: [],
  up: { percent: 1, window: 30_000, stabilise: 0 },
  down: { percent: 0.5, window: 300_000, stabilise: 300_000 },
}
const noon = Date.UTC(2026, 10, 20, 12)

/** The numbers that follow from a load every 15 s. */
function run(rule: Scale, loads: readonly (number | undefined)[], start = 1): readonly number[] {
  let history: ScaleHistory = noHistory
  let current = start
  return loads.map((cpu, index) => {
    const next = recommend(rule, current, cpu === undefined ? undefined : { cpu }, history, noon + index * 15_000)
    history = next.history
    current = next.replicas
    return current
  })
}

describe('the number of replicas', () => {
  it('grows with the load, at most doubling per window', () => {
    expect(run(scale, [2, 2, 2, 2, 2])).toEqual([2, 2, 4, 4, 8])
  })

  it('stays within the bounds', () => {
    expect(run(scale, [2, 2, 2, 2, 2, 2, 2, 2, 2]).at(-1)).toBe(10)
    expect(run({ ...scale, min: 3 }, [0], 1)).toEqual([3])
  })

  it('does not move for less than a tenth', () => {
    expect(run(scale, [0.54, 0.46, 0.5], 4)).toEqual([4, 4, 4])
  })

  it('shrinks only when the load has been low for the whole stabilisation time', () => {
    const low = Array.from({ length: 20 }, () => 0.1)
    expect(new Set(run(scale, [0.5, ...low], 8).slice(0, 20))).toEqual(new Set([8]))
    expect(run(scale, [0.5, ...low, 0.1, 0.1], 8).at(-1)).toBe(4)
  })

  it('does not shrink because nothing was measured', () => {
    expect(run(scale, [undefined, undefined], 5)).toEqual([5, 5])
  })

  it('follows the metric that asks for most', () => {
    const rule = { ...scale, inFlight: 10 }
    expect(recommend(rule, 2, { cpu: 0.1, inFlight: 20 }, noHistory, noon).replicas).toBe(4)
  })

  it('is lifted by a schedule while its time lasts', () => {
    const rule: Scale = { ...scale, schedule: [{ cron: '0 12 * * *', for: 3_600_000, min: 6 }] }
    expect(recommend(rule, 1, { cpu: 0.5 }, noHistory, noon + 1).replicas).toBe(6)
    expect(recommend(rule, 1, { cpu: 0.5 }, noHistory, noon - 1).replicas).toBe(1)
    expect(recommend(rule, 1, { cpu: 0.5 }, noHistory, noon + 3_600_001).replicas).toBe(1)
  })

  it('never leaves its bounds nor outruns its steps, whatever is measured', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: undefined }), { maxLength: 60 }),
        (loads) => {
          const numbers = [1, ...run(scale, loads)]
          numbers.slice(1).forEach((number, index) => {
            expect(number).toBeGreaterThanOrEqual(1)
            expect(number).toBeLessThanOrEqual(10)
            // Two looks lie in one window of 30 s.
            expect(number).toBeLessThanOrEqual(2 * Math.max(numbers[index] ?? 1, numbers[index - 1] ?? 1))
          })
        },
      ),
    )
  })
})
