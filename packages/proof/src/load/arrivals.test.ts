import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Arrivals, arrivalSeconds, expectedArrivals, intendedTimes } from './arrivals.ts'
import { rateShape, type Shaped } from './rate-shape.ts'
import { seededRandom } from './seeded-random.ts'

const times = (arrivals: Arrivals, seed = 1): number[] => [...intendedTimes(arrivals, seededRandom(seed))]
const rate = fc.double({ min: 0.5, max: 300, noNaN: true })
const seconds = fc.double({ min: 0.1, max: 10, noNaN: true })
const shaped: fc.Arbitrary<Shaped> = fc.oneof(
  fc.record({ kind: fc.constant('constant' as const), rate, seconds }),
  fc.record({ kind: fc.constant('ramp' as const), from: fc.oneof(rate, fc.constant(0)), to: rate, seconds }),
  fc.record({
    kind: fc.constant('steps' as const),
    steps: fc.array(fc.record({ rate: fc.oneof(rate, fc.constant(0)), seconds }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('spike' as const), base: rate, peak: rate, at: seconds, width: seconds, seconds }),
  fc.record({
    kind: fc.constant('sine' as const),
    mean: fc.double({ min: 50, max: 100, noNaN: true }),
    amplitude: fc.double({ min: 0, max: 50, noNaN: true }),
    period: seconds,
    seconds,
  }),
)

describe('arrivals', () => {
  it('come at the constant rate that was asked for, the first at once', () => {
    expect(times({ kind: 'constant', rate: 10, seconds: 0.5 })).toEqual([0, 100, 200, 300, 400])
    expect(times({ kind: 'constant', rate: 1000, seconds: 60 })).toHaveLength(60_000)
  })

  it('ramp: a quarter of 0→100/s falls into its first half', () => {
    const ramp = times({ kind: 'ramp', from: 0, to: 100, seconds: 20 })
    expect(ramp).toHaveLength(1000)
    expect(ramp.filter((at) => at < 10_000)).toHaveLength(250)
  })

  it('steps and spikes keep each rate in its own time', () => {
    const steps = times({
      kind: 'steps',
      steps: [
        { rate: 10, seconds: 2 },
        { rate: 0, seconds: 3 },
        { rate: 50, seconds: 1 },
      ],
    })
    expect([steps.filter((at) => at < 2000).length, steps.filter((at) => at >= 5000).length, steps.length]).toEqual([
      20, 50, 70,
    ])
    const spike = times({ kind: 'spike', base: 10, peak: 200, at: 2, width: 1, seconds: 5 })
    expect(spike.filter((at) => at >= 2000 && at < 3000)).toHaveLength(200)
    expect(spike).toHaveLength(240)
  })

  it('burst: all of a burst at the same instant', () => {
    expect(times({ kind: 'burst', size: 2, every: 0.5, seconds: 1.2 })).toEqual([0, 0, 500, 500, 1000, 1000])
  })

  it('a recorded trace is repeated as it was', () => {
    expect(times({ kind: 'trace', at: [0, 0.25, 0.25, 3] })).toEqual([0, 250, 250, 3000])
  })

  it('follow each other in a sequence and mingle together', () => {
    const one: Arrivals = { kind: 'constant', rate: 2, seconds: 1 }
    const other: Arrivals = { kind: 'trace', at: [0.1, 0.6] }
    expect(times({ kind: 'sequence', parts: [one, other] })).toEqual([0, 500, 1100, 1600])
    expect(times({ kind: 'together', parts: [one, other] })).toEqual([0, 100, 500, 600])
  })

  it('never go back in time, stay within their duration and are as many as foretold, whatever the shape', () => {
    fc.assert(
      fc.property(
        shaped,
        fc.constantFrom('even' as const, 'poisson' as const),
        fc.integer(),
        (shape, spacing, seed) => {
          const arrivals: Arrivals = { ...shape, spacing }
          const list = times(arrivals, seed)
          for (const [index, at] of list.entries()) {
            expect(at).toBeGreaterThanOrEqual(list[index - 1] ?? 0)
            expect(at).toBeLessThanOrEqual(arrivalSeconds(arrivals) * 1000 + 1e-6)
          }
          if (spacing === 'even') expect(list).toHaveLength(expectedArrivals(arrivals))
          // Poisson: six standard deviations.
          else
            expect(Math.abs(list.length - expectedArrivals(arrivals))).toBeLessThan(
              6 * Math.sqrt(expectedArrivals(arrivals)) + 6,
            )
        },
      ),
    )
  })

  it('invert the cumulative rate, whatever the shape', () => {
    fc.assert(
      fc.property(shaped, fc.double({ min: 0, max: 1, noNaN: true }), (given, share) => {
        const shape = rateShape(given)
        const wanted = share * shape.cumulative(shape.seconds)
        expect(Math.abs(shape.cumulative(shape.inverse(wanted)) - wanted)).toBeLessThan(1e-6 * Math.max(1, wanted))
      }),
    )
  })

  it('Poisson gaps are exponential: mean 1/rate, and e^-1 of them longer than that', () => {
    const list = times({ kind: 'constant', rate: 100, seconds: 1000, spacing: 'poisson' }, 7)
    const gaps = list.slice(1).map((at, index) => at - (list[index] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    expect(Math.abs(mean - 10)).toBeLessThan(0.1)
    expect(Math.abs(gaps.filter((gap) => gap > 10).length / gaps.length - Math.exp(-1))).toBeLessThan(0.006)
  })

  it('are the same for the same seed and others for another', () => {
    const poisson: Arrivals = { kind: 'constant', rate: 50, seconds: 2, spacing: 'poisson' }
    expect(times(poisson, 3)).toEqual(times(poisson, 3))
    expect(times(poisson, 3)).not.toEqual(times(poisson, 4))
  })

  it('refuse a rate below zero and say so', () => {
    expect(() => times({ kind: 'ramp', from: 1, to: -1, seconds: 1 })).toThrow(/0 or more/)
    expect(() => times({ kind: 'sine', mean: 1, amplitude: 2, period: 1, seconds: 1 })).toThrow(/amplitude|0 or more/)
    expect(() => times({ kind: 'trace', at: [1, 0.5] })).toThrow(/rising times/)
  })
})
