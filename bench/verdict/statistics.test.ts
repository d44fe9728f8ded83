import { describe, expect, it } from 'vitest'
import { lognormalShape, tailOf, withTail } from './latency.ts'
import { logLambda } from './msprt.ts'
import { zScore } from './z-test.ts'

describe('zScore', () => {
  it('agrees with the textbook two-proportion test', () => {
    // 30 of 200 against 45 of 600, pooled 0.09375: d = 0.075, se = sqrt(0.09375·0.90625·(1/200+1/600)).
    const expected = 0.075 / Math.sqrt(0.09375 * 0.90625 * (1 / 200 + 1 / 600))
    expect(zScore({ requests: 200, events: 30 }, { requests: 600, events: 45 })).toBeCloseTo(expected, 12)
    expect(zScore({ requests: 200, events: 0 }, { requests: 600, events: 0 })).toBe(0)
  })
})

describe('logLambda', () => {
  it('is the likelihood ratio averaged over the prior, by numerical integration', () => {
    const [canary, baseline] = [
      { requests: 1000, events: 30 },
      { requests: 4000, events: 60 },
    ]
    const difference = 0.03 - 0.015
    const variance = (0.03 * 0.97) / 1000 + (0.015 * 0.985) / 4000
    const width = 0.01
    let average = 0
    for (let effect = -0.1; effect < 0.1; effect += 1e-5) {
      const prior = Math.exp((-effect * effect) / (2 * width * width)) / (width * Math.sqrt(2 * Math.PI))
      average += prior * Math.exp((difference * effect - (effect * effect) / 2) / variance) * 1e-5
    }
    expect(logLambda(canary, baseline, width)).toBeCloseTo(Math.log(average), 4)
    expect(logLambda(baseline, canary, width)).toBe(-Infinity)
  })
})

describe('the simulated latency', () => {
  it('has its p99 near 323 ms, and a tail that was asked for', () => {
    const shape = lognormalShape()
    expect(shape.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9)
    expect(tailOf(shape, 300)).toBeCloseTo(0.0138, 3)
    expect(tailOf(withTail(shape, 0.03), 1000) - tailOf(shape, 1000) * 0.97).toBeCloseTo(0.03, 9)
  })
})
