import { afterEach, describe, expect, it, vi } from 'vitest'
import { Supervisor } from '../supervisor/supervisor.ts'
import { simulate } from './simulate.ts'

/** Seeds that once showed a fault, each with what it was. */
const caught: readonly (readonly [number, string])[] = [
  [120, 'a replica that crashed and was starting again was signalled while the gateway still knew it'],
  [180, 'the same across a change of controller'],
  [169, 'an adopted replica that had hung was never asked for liveness'],
]

/** Seeds of an ordinary run of the tests; SEEDS asks for more, FROM for others. */
const seeds = Number(process.env.SEEDS ?? 400)
const from = Number(process.env.FROM ?? 1)

afterEach(() => {
  vi.restoreAllMocks()
})

function failures(count: number): readonly string[] {
  const found: string[] = []
  for (let seed = from; seed < from + count; seed += 1) {
    const { violations } = simulate(seed)
    if (violations.length > 0) found.push(`seed ${seed}: ${violations.join('; ')} (repeat with FROM=${seed} SEEDS=1)`)
  }
  return found
}

describe('the supervisor under simulated faults', () => {
  it(`keeps its promises for ${seeds} seeds, with crashes, hangs, lost probes, slow disks and killed controllers`, () => {
    expect(failures(seeds)).toEqual([])
  })

  it.each(caught)('seed %i stays right: %s', (seed) => {
    expect(simulate(seed).violations).toEqual([])
  })

  it('does the same for the same seed, to the last step', () => {
    const [first, second] = [simulate(7, true), simulate(7, true)]
    expect(second.trace).toEqual(first.trace)
    expect(second.fingerprint).toBe(first.fingerprint)
    expect(simulate(8).fingerprint).not.toBe(first.fingerprint)
  })

  it('kills controllers often enough to mean something', () => {
    const kills = Array.from({ length: 100 }, (_, seed) => simulate(seed + 1).controllerKills)
    expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20)
  })
})

describe('the simulation finds a supervisor that', () => {
  const original = Supervisor.prototype.handle

  function broken(breakIt: (result: ReturnType<Supervisor['handle']>) => ReturnType<Supervisor['handle']>): void {
    vi.spyOn(Supervisor.prototype, 'handle').mockImplementation(function handle(this: Supervisor, event) {
      return breakIt(original.call(this, event))
    })
  }

  it('does not write its intents down before it starts something', () => {
    broken((result) => ({ ...result, changes: { replicas: new Set(), jobs: result.changes.jobs } }))
    expect(failures(3).join()).toContain('without the intent on disk')
  })

  it('never kills what ignores SIGTERM', () => {
    broken((result) => ({ ...result, effects: result.effects.filter((effect) => effect.kind !== 'kill') }))
    expect(failures(40).join()).toContain('left')
  })

  it('does not tell the gateway', () => {
    broken((result) => ({ ...result, effects: result.effects.filter((effect) => effect.kind !== 'rotate') }))
    expect(failures(5).join()).toContain('gets no requests')
  })

  it('starts everything twice', () => {
    broken((result) => {
      const launches = result.effects.filter((effect) => effect.kind === 'launch')
      return { ...result, effects: [...result.effects, ...launches] }
    })
    expect(failures(3).join()).toContain('while a process of its last run is left')
  })
})
