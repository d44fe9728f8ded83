import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Disturbance, planDisturbances, runDisturbances } from './disturbances.ts'

const named = (name: string, weight = 1): Disturbance => ({ name, weight, run: async () => undefined })

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
        const plan = planDisturbances([named('a', 3), named('b'), named('c')], rounds * 5, seed)
        expect(plan).toHaveLength(rounds * 5)
        expect(plan.filter((one) => one.name === 'a')).toHaveLength(rounds * 3)
        expect(plan.filter((one) => one.name === 'b')).toHaveLength(rounds)
      }),
    )
  })

  it('keep their pauses within the bounds and give each the same choices again', async () => {
    const go = async (): Promise<{ readonly waits: number[]; readonly choices: number[] }> => {
      const [waits, choices]: [number[], number[]] = [[], []]
      const drawing: Disturbance = { name: 'a', run: async ({ random }) => void choices.push(random()) }
      const plan = planDisturbances([drawing], 20, 3)
      const wait = async (ms: number): Promise<void> => void waits.push(ms)
      const { records, failure } = await runDisturbances({ plan, seed: 3, gapMs: [100, 500], now: () => 0, wait })
      expect([records.length, failure]).toEqual([20, undefined])
      return { waits, choices }
    }
    const one = await go()
    expect(one.waits.every((ms) => ms >= 100 && ms <= 500)).toBe(true)
    expect(new Set(one.choices).size).toBe(20)
    expect(await go()).toEqual(one)
  })

  it('end the run when one fails', async () => {
    const plan = [
      named('fine'),
      { name: 'broken', run: () => Promise.reject(new Error('no such process')) },
      named('never'),
    ]
    const run = await runDisturbances({ plan, seed: 1, gapMs: [0, 0], now: () => 0, wait: async () => undefined })
    expect(run).toEqual({ records: [{ name: 'fine', from: 0, to: 0 }], failure: 'broken (2 of 3): no such process' })
  })
})
