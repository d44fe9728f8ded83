import { describe, expect, it } from 'vitest'
import { benchNames, parseArguments } from '../run.ts'
import { type Contender, interleave, median } from './interleave.ts'
import { thisMachine } from './machine.ts'
import { formatResult } from './table.ts'

describe('bench runner', () => {
  it('finds every benchmark and nothing else', () => {
    expect(benchNames()).toContain('load')
    expect(benchNames()).not.toContain('run')
  })

  it('reads flags, values and the name in any order', () => {
    expect(parseArguments(['--short', 'load', '--rounds', '3', '--json', '--a=b'])).toEqual({
      name: 'load',
      args: { short: 'true', rounds: '3', json: 'true', a: 'b' },
    })
  })

  it('gives every contender a turn in each round, each in every place', async () => {
    const order: string[] = []
    const contender = (name: string, value: number): Contender => ({
      name,
      measure: async () => {
        order.push(name)
        return value
      },
    })
    const plan = { name: 'x', unit: 'µs', better: 'lower' as const, rounds: 3, say: () => undefined }
    const measure = await interleave({
      ...plan,
      ours: contender('ours', 2),
      peers: [contender('a', 4), contender('b', 8)],
    })
    expect(order.join(' ')).toBe('ours a b a b ours b ours a')
    expect(measure).toMatchObject({ ours: 2, peers: { a: 4, b: 8 }, ratio: 0.5, n: 3, spread: { a: [4, 4] } })
    expect(formatResult({ ...measure, machine: thisMachine() })).toMatch(/ours +2[\s\S]*a +4 .*ours is 0.5 ×/)
  })

  it('takes the middle', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3])]).toEqual([2, 2.5])
  })
})
