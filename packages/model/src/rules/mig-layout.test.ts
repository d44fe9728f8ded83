import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gpuModels, modelsOf } from './gpu-model.ts'
import { placeMig } from './mig-layout.ts'
import { type MigProfile, sevenSlices } from './mig-profile.ts'

const profiles = sevenSlices(5, 10, 10, 20, 40)
const single = profiles.filter(({ name }) => !name.endsWith('+me') && name !== '1g.10gb')
const double = profiles.filter(({ name }) => !name.endsWith('+me'))

interface State {
  readonly taken: number
  readonly key: string
}

/** Every set of placements that can stand side by side, found without the solver. */
function everyLayout(from: readonly MigProfile[]): ReadonlyMap<string, State> {
  const states = new Map<string, State>([['', { taken: 0, key: '' }]])
  for (const state of states.values()) {
    for (const next of grown(state, from)) states.set(next.key, next)
  }
  return states
}

function grown({ taken, key }: State, from: readonly MigProfile[]): State[] {
  return from.flatMap(({ name, slots, starts }) =>
    starts
      .filter((start) => (taken & (((1 << slots) - 1) << start)) === 0)
      .map((start) => ({
        taken: taken | (((1 << slots) - 1) << start),
        key: [...key.split(' ').filter(Boolean), `${name}@${start}`].sort().join(' '),
      })),
  )
}

function maximal(from: readonly MigProfile[]): readonly string[] {
  return [...everyLayout(from).values()].filter((state) => grown(state, from).length === 0).map(({ key }) => key)
}

function multiset(key: string): string {
  return key
    .split(' ')
    .filter(Boolean)
    .map((part) => part.replace(/@\d+$/, ''))
    .sort()
    .join(' ')
}

describe('the placement table of an A100', () => {
  test('gives the 19 full layouts that NVIDIA lists', () => {
    expect(maximal(single)).toHaveLength(19)
  })

  test('gives 78 with the 1g of double memory, of 38 kinds', () => {
    const all = maximal(double)
    expect(all).toHaveLength(78)
    expect(new Set(all.map(multiset)).size).toBe(38)
  })
})

test('what the solver accepts is what some placement holds, for every multiset of up to eight profiles', () => {
  const possible = new Set([...everyLayout(double).keys()].map(multiset))
  const visit = (chosen: readonly MigProfile[], from: number): void => {
    const key = chosen
      .map(({ name }) => name)
      .sort()
      .join(' ')
    const placed = placeMig(chosen)
    expect([key, placed !== undefined]).toEqual([key, possible.has(key)])
    if (!placed || chosen.length === 8) return
    for (const [index, profile] of double.entries()) if (index >= from) visit([...chosen, profile], index)
  }
  visit([], 0)
})

test('placed profiles never overlap and stand where the table lets them', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...gpuModels.filter(({ mig }) => mig)),
      fc.array(fc.nat(6), { maxLength: 7 }),
      (model, picks) => {
        const table = model.mig ?? []
        const wanted = picks.flatMap((pick) => table[pick % table.length] ?? [])
        const placed = placeMig(wanted)
        if (!placed) return
        let taken = 0
        for (const { profile, start, slots } of placed) {
          const mask = ((1 << slots) - 1) << start
          expect(taken & mask).toBe(0)
          taken |= mask
          expect(table.find(({ name }) => name === profile)?.starts).toContain(start)
        }
        expect(placed.map(({ profile }) => profile).sort()).toEqual(wanted.map(({ name }) => name).sort())
      },
    ),
  )
})

describe('a written GPU name stands for', () => {
  test.each([
    ['RTX 4090', undefined, ['RTX 4090']],
    ['NVIDIA GeForce RTX 3060', 12, ['RTX 3060']],
    ['A100', undefined, ['A100 40GB', 'A100 80GB']],
    ['A100', 80, ['A100 80GB']],
    ['NVIDIA A100-SXM4-40GB', undefined, ['A100 40GB']],
    ['H100 NVL', 94, ['H100 NVL 94GB']],
    ['H100 80GB HBM3', undefined, ['H100 80GB']],
    ['GH200', 96, ['GH200 96GB']],
    ['H200', undefined, ['H200 141GB']],
    ['A30', undefined, ['A30 24GB']],
    ['RTX PRO 6000 Blackwell Server Edition', undefined, ['RTX PRO 6000 Blackwell']],
    ['L4', undefined, ['L4']],
    ['L40S', undefined, ['L40S']],
    ['A10G', undefined, ['A10']],
    ['Radeon RX 7900', undefined, []],
  ])('%s (%s GB): %j', (name, memory, expected) => {
    const found = modelsOf(name, memory === undefined ? undefined : memory * 2 ** 30)
    expect(found.map((model) => model.name)).toEqual(expected)
  })
})
