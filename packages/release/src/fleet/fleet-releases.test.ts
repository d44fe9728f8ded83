import { type Fleet, fleet as makeFleet, service as makeService, resolve, type Service } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { followFleetRelease } from '../extension/follow-fleet-release.ts'
import { memoryJournal, type ReleaseJournal } from '../machine/journal.ts'
import type { ReleasePorts } from '../machine/ports.ts'
import { Releases } from '../machine/releases.ts'
import { type Behaviour, FakeEngine } from '../testing/fake-engine.ts'
import { type Around, fakeFleet } from '../testing/fake-fleet.ts'
import { type VirtualTime, virtualTime } from '../testing/virtual-time.ts'
import { type FleetJournal, memoryFleetJournal } from './fleet-journal.ts'
import { FleetReleases } from './fleet-releases.ts'
import { type FleetReleaseRequest, type FleetReleaseState, isFleetOver } from './fleet-state.ts'

const good: Behaviour = { errors: 0.005, ready: true }
const bad: Behaviour = { errors: 0.05, ready: true }
const dead: Behaviour = { errors: 0, ready: false }

function fleetOfTwo(): Fleet {
  const common = {
    run: 'node service.ts',
    health: '/health',
    replicas: 2,
    timeout: '2s',
    rollout: { strategy: 'canary', steps: ['50%', '100%'], keepWarm: '5s', verdict: { warmUp: '1s' } },
    traffic: { rate: '5000/s', errors: '0.5%' },
  } as const
  const store = makeService('store', { ...common, port: 3001 })
  const api = makeService('api', { ...common, port: 3000, needs: [store] })
  return resolve(makeFleet('test', { services: [api, store] }), 'development')
}

const request: FleetReleaseRequest = {
  members: [
    { service: 'api', version: 'v2' },
    { service: 'store', version: 'v2' },
  ],
}

class World {
  readonly fleet = fleetOfTwo()
  readonly time: VirtualTime = virtualTime()
  readonly journal: ReleaseJournal = memoryJournal()
  readonly fleetJournal: FleetJournal = memoryFleetJournal()
  readonly calls: string[] = []
  readonly engines: Readonly<Record<'api' | 'store', FakeEngine>>

  constructor(next: { readonly api?: Behaviour; readonly store?: Behaviour } = {}) {
    const engineOf = (name: 'api' | 'store'): FakeEngine =>
      new FakeEngine(this.fleet.services[name] as Service, { v1: good, v2: next[name] ?? good }, 2)
    this.engines = { api: engineOf('api'), store: engineOf('store') }
  }

  ports(around?: Around, journal: ReleaseJournal = this.journal): ReleasePorts {
    return {
      engine: fakeFleet(this.engines, this.calls, around),
      journal,
      now: this.time.now,
      ticks: this.time.now,
      sleep: async (ms, signal) => {
        await this.time.sleep(ms, signal)
        if (ms === 1000) for (const engine of Object.values(this.engines)) engine.serve(5000)
      },
      fetch: () => Promise.resolve(new Response('fine')),
      run: async () => ({ code: 0, output: '' }),
      pollMs: 1000,
      nonce: () => 'x',
    }
  }

  async controller(
    ports: ReleasePorts = this.ports(),
    fleetJournal: FleetJournal = this.fleetJournal,
  ): Promise<{ releases: Releases; groups: FleetReleases }> {
    const releases = new Releases(ports)
    await releases.start()
    const groups = new FleetReleases(ports, releases, fleetJournal)
    await groups.start()
    return { releases, groups }
  }

  /** Lets time pass until the fleet release is in a phase that the test waits for. */
  async until(kind: FleetReleaseState['phase']['kind'] | 'over'): Promise<FleetReleaseState> {
    let seen: FleetReleaseState | undefined
    await this.time.until(async () => {
      seen = (await this.fleetJournal.list())[0]
      return seen !== undefined && (kind === 'over' ? isFleetOver(seen.phase) : seen.phase.kind === kind)
    })
    return seen as FleetReleaseState
  }

  standing(): unknown {
    return Object.values(this.engines).map((engine) => [engine.stable, engine.shares, [...engine.versions.keys()]])
  }
}

const allNew = [
  ['v2', { v2: 1 }, ['v2']],
  ['v2', { v2: 1 }, ['v2']],
]
const allOld = [
  ['v1', { v1: 1 }, ['v1']],
  ['v1', { v1: 1 }, ['v1']],
]

describe('a fleet release', () => {
  it('releases what others need first, and removes no old version before the last member is through', async () => {
    const world = new World()
    const { groups } = await world.controller()
    const begun = await groups.begin(request, world.fleet)
    expect(begun.waves).toEqual([['store'], ['api']])
    expect(begun.plan[0]).toBe('2 services in 2 waves: store, then api.')
    expect((await world.until('over')).phase.kind).toBe('completed')
    expect(world.standing()).toEqual(allNew)
    const at = (call: string): number => world.calls.indexOf(call)
    expect(at('store: promote v2')).toBeLessThan(at('api: ensure v2'))
    expect(at('store: remove v1')).toBeGreaterThan(at('api: promote v2'))
  })

  it('goes by the waves that the caller gives', async () => {
    const world = new World()
    const { groups } = await world.controller()
    await groups.begin({ ...request, waves: [['api', 'store']] }, world.fleet)
    expect((await world.until('over')).phase.kind).toBe('completed')
    const at = (call: string): number => world.calls.indexOf(call)
    expect(at('store: ensure v2')).toBeLessThan(at('api: promote v2'))
    expect(at('api: ensure v2')).toBeLessThan(at('store: promote v2'))
  })

  it('takes completed members back from their warm versions when a later one is harmful', async () => {
    const world = new World({ api: bad })
    const { groups } = await world.controller()
    await groups.begin(request, world.fleet)
    const { phase } = await world.until('over')
    expect(phase).toMatchObject({ kind: 'rolled-back', reason: expect.stringMatching(/^api: .*errors/), kept: [] })
    expect(world.calls).toContain('store: promote v2')
    expect(world.standing()).toEqual(allOld)
  })

  it('never begins a wave after one that failed', async () => {
    const world = new World({ store: dead })
    const { groups } = await world.controller()
    await groups.begin(request, world.fleet)
    expect((await world.until('over')).phase.kind).toBe('rolled-back')
    expect(world.calls.filter((call) => call.startsWith('api'))).toEqual([])
  })

  it('holds the others when it is told to, and goes on without the harmful one or takes all back', async () => {
    for (const verb of ['resume', 'abort'] as const) {
      const world = new World({ api: bad })
      const { groups } = await world.controller()
      const { id } = await groups.begin({ ...request, onHarm: 'hold' }, world.fleet)
      expect((await world.until('holding')).without).toEqual(['api'])
      await world.time.until(async () => (await groups.members(id)).get('store')?.phase.kind === 'holding')
      expect(world.engines.store.shares).toEqual({ v2: 1 })
      await groups.say(id, verb)
      expect((await world.until('over')).phase.kind).toBe(verb === 'resume' ? 'completed' : 'rolled-back')
      expect(world.standing()).toEqual(verb === 'resume' ? [allOld[0], allNew[1]] : allOld)
    }
  })

  it('is held and resumed by a person with all its members', async () => {
    const world = new World()
    const { groups } = await world.controller()
    const { id } = await groups.begin(request, world.fleet)
    await world.time.until(async () => (await groups.members(id)).has('api'))
    await groups.say(id, 'hold', 'lunch')
    await world.time.until(async () =>
      [...(await groups.members(id)).values()].every(({ phase }) => phase.kind === 'holding'),
    )
    await groups.say(id, 'resume')
    expect((await world.until('over')).phase.kind).toBe('completed')
  })

  it('can be followed from its beginning to its end, with everything that happens to its members', async () => {
    const world = new World({ api: bad })
    const { groups, releases } = await world.controller()
    const { id } = await groups.begin(request, world.fleet)
    const seen: string[] = []
    const followed = (async (): Promise<void> => {
      for await (const sight of followFleetRelease(groups, releases, id, new AbortController().signal)) {
        if (sight.kind === 'fleet') seen.push(`group ${sight.state.phase.kind} ${sight.state.at}`)
        else if (sight.sight.kind === 'state') seen.push(`${sight.service} ${sight.sight.state.phase.kind}`)
      }
    })()
    await world.until('over')
    await followed
    const firsts = [...new Set(seen)]
    expect(firsts.slice(0, 3)).toEqual(['group running 0', 'store running', 'group running 1'])
    expect(firsts.slice(3)).toEqual([
      'api running',
      'api rolling-back',
      'group rolling-back 1',
      'api rolled-back',
      'store rolling-back',
      'store rolled-back',
      'group rolled-back 1',
    ])
  })

  it('refuses what can’t be done before anything is touched', async () => {
    const world = new World()
    const { groups } = await world.controller()
    const refused = (asked: FleetReleaseRequest): Promise<unknown> => groups.begin(asked, world.fleet)
    await expect(refused({ members: [] })).rejects.toMatchObject({ code: 'SW7010' })
    await expect(refused({ ...request, waves: [['api']] })).rejects.toMatchObject({ code: 'SW7010' })
    await expect(refused({ members: [{ service: 'shop', version: 'v2' }] })).rejects.toMatchObject({ code: 'SW7001' })
    expect(world.calls).toEqual([])
    await groups.begin(request, world.fleet)
    await expect(refused(request)).rejects.toMatchObject({ code: 'SW7005' })
    await expect(groups.say('fleet-x', 'retry')).rejects.toMatchObject({ code: 'SW7008' })
  })
})

describe('a controller that is killed in a fleet release', () => {
  /** Kills the controller around the n-th thing that it does (a verb or a write), before or after it took effect. */
  async function killedAt(
    n: number,
    when: 'before' | 'after',
    next: { readonly api?: Behaviour },
  ): Promise<{ outcome: string; standing: unknown; died: boolean }> {
    const world = new World(next)
    let steps = 0
    let gone = false
    const never = <T>(): Promise<T> => new Promise(() => undefined)
    const dying = async <T>(call: () => Promise<T>): Promise<T> => {
      if (gone) return never()
      steps += 1
      const last = steps === n
      if (last && when === 'before') gone = true
      if (gone) return never()
      const result = await call()
      if (last) gone = true
      return gone ? never() : result
    }
    const journal: ReleaseJournal = {
      ...world.journal,
      save: (state) => dying(() => world.journal.save(state)),
      // Batches are many and alike; a dead controller writes none.
      append: (id, entry) => (gone ? never() : world.journal.append(id, entry)),
    }
    const fleetJournal: FleetJournal = {
      ...world.fleetJournal,
      save: (state) => dying(() => world.fleetJournal.save(state)),
    }
    const first = await world.controller(
      world.ports((_, call) => dying(call), journal),
      fleetJournal,
    )
    void first.groups.begin(request, world.fleet)
    const over = async (): Promise<boolean> => (await world.fleetJournal.list()).some(({ phase }) => isFleetOver(phase))
    await world.time.until(async () => gone || (await over()))
    const died = gone
    if (died) {
      const second = await world.controller()
      // Killed before it was written down: the caller got no answer and says it again.
      if ((await world.fleetJournal.list()).length === 0) await second.groups.begin(request, world.fleet)
    }
    const { phase } = await world.until('over')
    return { outcome: phase.kind, standing: world.standing(), died }
  }

  it.each(['before', 'after'] as const)(
    '%s any step of a good one is followed by one that completes it',
    async (when) => {
      let n = 1
      for (; ; n++) {
        const { outcome, standing, died } = await killedAt(n, when, {})
        expect([n, outcome, standing]).toEqual([n, 'completed', allNew])
        if (!died) break
      }
      expect(n).toBeGreaterThan(30)
    },
    120_000,
  )

  it.each(['before', 'after'] as const)(
    '%s any step of a bad one is followed by one that takes all back',
    async (when) => {
      let n = 1
      for (; ; n++) {
        const { outcome, standing, died } = await killedAt(n, when, { api: bad })
        expect([n, outcome, standing]).toEqual([n, 'rolled-back', allOld])
        if (!died) break
      }
      expect(n).toBeGreaterThan(30)
    },
    120_000,
  )
})
