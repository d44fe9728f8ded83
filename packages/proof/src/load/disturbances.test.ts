import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Disturbance, planDisturbances, runDisturbances } from './disturbances.ts'

const named = (name: string, weight = 1): { name: string; weight: number; run: () => Promise<void> } => ({
  name,
  weight,
  run: async () => undefined,
})

describe('disturbances', () => {
  it('are the same for the same seed', () => {
    const list = [named('a'), named('b'), named('c')]
    const names = (seed: number): string =>
      planDisturbances(list, 60, seed)
        .map((one) => one.name)
        .join('')
    expect(names(1)).toBe(names(1))
    expect(names(1)).not.toBe(names(2))
  })

  it('occur as often as their weights say, whatever the seed', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 40 }), (seed, rounds) => {
        const drawing: Disturbance = { name: 'a', run: async ({ random }) => void choices.push(random()) }
      const plan = planDisturbances([drawing], 20, 3)
      const records = await runDisturbances({
        plan,
        seed: 3,
        gapMs: [100, 500],
        now: () => 0,
        wait: async (ms) => void waits.push(ms),
      })
      expect(records).toHaveLength(20)
      return { waits, choices }
    }
    const one = await go()
    expect(one.waits.every((ms) => ms >= 100 && ms <= 500)).toBe(true)
    expect(new Set(one.choices).size).toBe(20)
    expect(await go()).toEqual(one)
  })

  it('end the run when one fails', async () => {
    const plan = [{ name: 'broken', run: () => Promise.reject(new Error('no such process')) }]
    await expect(
      runDisturbances({ plan, seed: 1, gapMs: [0, 0], now: () => 0, wait: async () => undefined }),
    ).rejects.toThrow('no such process')
  })
})
