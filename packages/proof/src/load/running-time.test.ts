import { describe, expect, it } from 'vitest'
import { RunningTime } from './running-time.ts'

describe('running time', () => {
  it('takes off what a beat comes late, and nothing for small lateness', () => {
    let now = 1000
    const running = new RunningTime(() => now, 20)
    const beats = (count: number, ms: number): void => {
      for (let k = 0; k < count; k += 1) {
        now += ms
        running.beat()
      }
    }
    beats(10, 20)
    expect(running.value()).toBe(1200)
    beats(1, 150)
    expect(running.value()).toBe(1350)
    beats(1, 30_020)
    expect(running.value()).toBe(1370)
    expect(running.longestStall).toBe(30_000)
  })

  it('counts no stall for a pause that was meant', () => {
    let now = 0
    const running = new RunningTime(() => now, 20)
    now = 5000
    running.restart()
    now = 5020
    running.beat()
    expect([running.value(), running.longestStall]).toEqual([5020, 0])
  })
})
