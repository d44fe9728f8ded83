import {
  type Fleet,
  job,
  fleet as makeFleet,
  service as makeService,
  resolve,
  type Service,
  type ServiceSpec,
} from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { type Behaviour, FakeEngine } from '../testing/fake-engine.ts'
import { type VirtualTime, virtualTime } from '../testing/virtual-time.ts'
import { verifyEvidence } from '../verdict/index.ts'
import { memoryJournal, type ReleaseJournal } from './journal.ts'
import type { ReleasePorts } from './ports.ts'
import { isOver } from './release-state.ts'
import { Releases } from './releases.ts'

type Rollout = NonNullable<ServiceSpec['rollout']>

function fleetWith(rollout: Rollout, more: object = {}): Fleet {
  const migrate = job('migrate', { run: 'node migrate.ts', irreversible: true })
  const api = makeService('api', {
    run: 'node api.ts',
    port: 3000,
    health: '/health',
    replicas: 4,
    timeout: '2s',
    rollout,
    traffic: { rate: '200/s', errors: '0.5%' },
    ...(more as object),
  })
  return resolve(makeFleet('test', { services: [api], jobs: [migrate] }), 'development')
}

interface World {
  readonly engine: FakeEngine
  readonly time: VirtualTime
  readonly journal: ReleaseJournal
  readonly fleet: Fleet
  readonly ports: ReleasePorts
}

function worldOf(fleet: Fleet, next: Behaviour, journal: ReleaseJournal = memoryJournal()): World {
  const engine = new FakeEngine(fleet.services.api as Service, { v1: { errors: 0.005, ready: true }, v2: next })
  const time = virtualTime()
  const ports: ReleasePorts = {
    engine: engine.as(),
    journal,
    now: time.now,
    ticks: time.now,
    sleep: async (ms, signal) => {
      await time.sleep(ms, signal)
      if (ms === 1000) engine.serve(200)
    },
    fetch: () => Promise.resolve(new Response('fine')),
    run: async () => ({ code: 0, output: '' }),
    pollMs: 1000,
    nonce: () => 'x',
  }
  return { engine, time, journal, fleet, ports }
}

const good: Behaviour = { errors: 0.005, ready: true }
const bad: Behaviour = { errors: 0.03, ready: true }

async function release(
  world: World,
  rollout?: 'canary' | 'blue-green' | 'rolling',
): Promise<{ releases: Releases; id: string }> {
  const releases = new Releases(world.ports)
  const state = await releases.begin(
    { service: 'api', version: 'v2', ...(rollout && { strategy: rollout }) },
    world.fleet,
  )
  return { releases, id: state.id }
}

async function ended(world: World, releases: Releases, id: string): Promise<string> {
  await world.time.until(async () => isOver((await releases.find(id)).phase))
  return (await releases.find(id)).phase.kind
}

const canary: Rollout = { strategy: 'canary', steps: ['10%', '50%', '100%'], keepWarm: '1m' }

describe('a canary', () => {
  it('that is as good goes up step by step, and its own replicas become the stable ones', async () => {
    const world = worldOf(fleetWith(canary), good)
    const { releases, id } = await release(world)
    expect(await ended(world, releases, id)).toBe('completed')
    expect(world.engine.calls).toEqual([
      'ensure v2 1',
      'scale v2 1',
      'route v1=0.9 v2=0.1',
      'ensure v2 2',
      'scale v2 2',
      'route v1=0.5 v2=0.5',
      'ensure v2 4',
      'scale v2 4',
      'route v2=1',
      'promote v2',
      'remove v1',
    ])
  })

  it('that fails six times as often is rolled back at the first step with few requests harmed, and says why', async () => {
    const world = worldOf(fleetWith(canary), bad)
    const { releases, id } = await release(world)
    expect(await ended(world, releases, id)).toBe('rolled-back')
    expect(world.engine.calls.slice(3)).toEqual(['route v1=1', 'remove v2'])
    const { phase } = await releases.find(id)
    expect(phase).toMatchObject({ reason: expect.stringMatching(/errors/) })
    expect(world.engine.shares).toEqual({ v1: 1 })
  })

  it('whose own counter of failures grows faster is rolled back, though it answers every request', async () => {
    const watched: Rollout = { ...canary, verdict: { metrics: [{ name: 'jobs_failed' }] } }
    const world = worldOf(fleetWith(watched), good)
    world.engine.previewUrl = (version) => `http://${version}`
    const failed = { v1: 0, v2: 0 }
    const fetch: ReleasePorts['fetch'] = async (url) => {
      const version = new URL(String(url)).hostname as 'v1' | 'v2'
      failed[version] += 1
      return new Response(`jobs_failed_total ${failed[version]}`)
    }
    const { releases, id } = await release({ ...world, ports: { ...world.ports, fetch } })
    expect(await ended(world, releases, id)).toBe('rolled-back')
    expect((await releases.find(id)).phase).toMatchObject({ reason: expect.stringMatching(/jobs_failed/) })
  })

  it('can be replayed from its evidence, decision by decision', async () => {
    const world = worldOf(fleetWith(canary), bad)
    const { releases, id } = await release(world)
    await ended(world, releases, id)
    const evidence = await releases.evidence(id)
    expect(evidence?.decisions.length).toBeGreaterThan(5)
    if (evidence) expect(verifyEvidence(evidence).settled?.kind).toBe('harmful')
  })

  it('prints its plan before the first request is routed', async () => {
    const world = worldOf(fleetWith(canary), good)
    const releases = new Releases(world.ports)
    const { plan } = await releases.begin({ service: 'api', version: 'v2' }, world.fleet)
    expect(plan[0]).toBe('canary: 4 replicas, steps 10 % → 50 % → 100 %')
    expect(plan.join('\n')).toMatch(/At 200 requests\/s/)
    await releases[Symbol.asyncDispose]()
  })

  it('whose replicas do not become ready never gets a request', async () => {
    const world = worldOf(fleetWith(canary), { errors: 0, ready: false })
    const { releases, id } = await release(world)
    expect(await ended(world, releases, id)).toBe('rolled-back')
    expect(world.engine.calls.some((call) => call.includes('v2=0'))).toBe(false)
  })

  it('without counters holds by itself, and goes on when they are back', async () => {
    const world = worldOf(fleetWith(canary), good)
    const { releases, id } = await release(world)
    world.engine.sourceDown = true
    await world.time.until(async () => (await releases.find(id)).phase.kind === 'holding')
    expect((await releases.find(id)).phase).toMatchObject({ by: 'verdict' })
    world.engine.sourceDown = false
    expect(await ended(world, releases, id)).toBe('completed')
  })

  it('that is held by a person stays, still goes back on harm, and otherwise on when resumed', async () => {
    const world = worldOf(fleetWith(canary), good)
    const { releases, id } = await release(world)
    await world.time.until(async () => (await releases.find(id)).at >= 4)
    await releases.say(id, { verb: 'hold', reason: 'lunch' })
    const start = world.time.now()
    await expect(
      world.time.until(async () => (await releases.find(id)).phase.kind !== 'holding', 3_600_000),
    ).rejects.toThrow()
    expect(world.time.now() - start).toBeLessThanOrEqual(3_600_000)
    await releases.say(id, { verb: 'resume' })
    expect(await ended(world, releases, id)).toBe('completed')
  })

  it('may be promoted without a verdict, with a reason that stays on record', async () => {
    const world = worldOf(fleetWith(canary), good)
    const { releases, id } = await release(world)
    await world.time.until(async () => (await releases.find(id)).at >= 4)
    await releases.say(id, { verb: 'promote', reason: 'security fix' })
    expect(await ended(world, releases, id)).toBe('completed')
    expect((await releases.find(id)).history.map((entry) => entry.text)).toContain(
      'running (verdict skipped): security fix',
    )
  })
})

describe('the steps of a canary', () => {
  async function planned(more: object): Promise<readonly string[]> {
    const world = worldOf(fleetWith({ strategy: 'canary' }, more), good)
    await using releases = new Releases(world.ports)
    return (await releases.begin({ service: 'api', version: 'v2' }, world.fleet)).plan
  }

  it('are chosen by the planner from the declared traffic, and the plan says so', async () => {
    const plan = await planned({ traffic: { rate: '2000/s', errors: '0.5%' } })
    expect(plan[0]).toBe('canary: 4 replicas, steps 1 % → 50 % → 100 %')
    expect(plan[1]).toMatch(/^The planner chose the steps: 1 % is the smallest first step in which 2× on errors/)
  })

  it('are one of a half where no small share could show anything', async () => {
    const plan = await planned({ traffic: { rate: '0.1/s', errors: '0.5%' } })
    expect(plan[0]).toBe('canary: 4 replicas, steps 50 % → 100 %')
    expect(plan[1]).toMatch(/in no step below 30 %/)
  })

  it('are the usual ones where no traffic is declared', async () => {
    const plan = await planned({ traffic: undefined })
    expect(plan[0]).toBe('canary: 4 replicas, steps 10 % → 50 % → 100 %')
    expect(plan[1]).toMatch(/usual ones/)
  })
})

describe('a service with sticky clients', () => {
  it('counts each client once while versions are compared, and as the catalog says before and after', async () => {
    const fleet = fleetWith(canary, { affinity: { by: 'cookie' } })
    const world = worldOf(fleet, good)
    const { releases, id } = await release(world)
    expect(await ended(world, releases, id)).toBe('completed')
    const longest = Math.max(...((await releases.find(id)).rule?.steps ?? []).map(({ deadlineMs }) => deadlineMs))
    expect(world.engine.deals.map(({ episodeMs = 0 }) => episodeMs > longest)).toEqual([true, true, false])
    expect(world.engine.deals.at(-1)?.episodeMs).toBe(10_000)
    expect((await releases.find(id)).plan.at(-1)).toMatch(/each counts once per step/)
  })
})

describe('blue-green', () => {
  const blueGreen: Rollout = { strategy: 'blue-green', keepWarm: '5m', smoke: [{ http: '/health' }] }

  it('starts all, tests, switches once, keeps the old one warm, and removes it', async () => {
    const world = worldOf(fleetWith(blueGreen), good)
    const { releases, id } = await release(world)
    expect(await ended(world, releases, id)).toBe('completed')
    expect(world.engine.calls).toEqual(['ensure v2 4', 'scale v2 4', 'route v2=1', 'promote v2', 'remove v1'])
  })

  it('flips back at once when a person says so while the old version is warm', async () => {
    const world = worldOf(fleetWith(blueGreen), good)
    const { releases, id } = await release(world)
    await world.time.until(
      async () => (await releases.find(id)).program[(await releases.find(id)).at]?.kind === 'keep-warm',
    )
    await releases.say(id, { verb: 'rollback' })
    expect(await ended(world, releases, id)).toBe('rolled-back')
    expect(world.engine.calls.slice(-3)).toEqual(['route v1=1', 'promote v1', 'remove v2'])
  })

  it('flips back by itself when the new version, alone, fails more than it may', async () => {
    const world = worldOf(fleetWith(blueGreen), { errors: 0.2, ready: true })
    world.engine.serve(20_000)
    const { releases, id } = await release(world)
    expect(await ended(world, releases, id)).toBe('rolled-back')
  })

  it('does not switch when a smoke test fails', async () => {
    const world = worldOf(fleetWith(blueGreen), good)
    const { releases, id } = await release({
      ...world,
      ports: { ...world.ports, fetch: () => Promise.resolve(new Response('no', { status: 500 })) },
    })
    expect(await ended(world, releases, id)).toBe('rolled-back')
    expect(world.engine.calls.some((call) => call.startsWith('route v2'))).toBe(false)
    expect((await releases.find(id)).phase).toMatchObject({
      reason: 'smoke test "/health" failed on v2-0: /health answered 500, not 200',
    })
  })
})

describe('a release past an irreversible migration', () => {
  it('freezes instead of going back, and can be taken forward', async () => {
    const fleet = fleetWith(canary)
    const api = { ...(fleet.services.api as Service), migrations: { before: ['migrate'], after: [] } }
    const world = worldOf({ ...fleet, services: { api } }, bad)
    const { releases, id } = await release(world)
    await world.time.until(async () => (await releases.find(id)).phase.kind === 'frozen')
    expect((await releases.find(id)).phase).toMatchObject({
      reason: expect.stringMatching(/past an irreversible migration$/),
    })
    await releases.say(id, { verb: 'promote', reason: 'forward only' })
    expect(await ended(world, releases, id)).toBe('completed')
  })
})

describe('a release whose previous version has left', () => {
  it('freezes on a failure instead of going back to nothing', async () => {
    const world = worldOf(
      fleetWith({ strategy: 'blue-green', keepWarm: '1s', hooks: [{ run: 'notify', when: 'after-release' }] }),
      good,
    )
    const { releases, id } = await release({
      ...world,
      ports: { ...world.ports, run: async () => ({ code: 1, output: 'no network' }) },
    })
    await world.time.until(async () => (await releases.find(id)).phase.kind === 'frozen')
    expect((await releases.find(id)).phase).toMatchObject({
      reason: expect.stringMatching(/no network; the previous version is gone$/),
    })
    expect(world.engine.shares).toEqual({ v2: 1 })
    await releases[Symbol.asyncDispose]()
  })
})

describe('a controller that is killed', () => {
  /** Runs a release and kills its controller around the n-th verb, before or after it took effect; the next one goes on. */
  async function killedAt(
    n: number,
    when: 'before' | 'after',
    rollout: Rollout,
    next: Behaviour,
  ): Promise<{ outcome: string; engine: FakeEngine; verbs: number }> {
    const world = worldOf(fleetWith(rollout), next)
    let verbs = 0
    let dead = false
    const dying = world.engine.as(async (_, call) => {
      if (dead) return new Promise(() => undefined)
      verbs += 1
      if (verbs === n && when === 'before') {
        dead = true
        return new Promise(() => undefined)
      }
      const result = await call()
      if (verbs === n) {
        dead = true
        return new Promise(() => undefined)
      }
      return result
    })
    // What a dead controller would still write down is lost.
    const lost: ReleaseJournal = {
      ...world.journal,
      save: (state) => (dead ? new Promise(() => undefined) : world.journal.save(state)),
      append: (id, entry) => (dead ? new Promise(() => undefined) : world.journal.append(id, entry)),
    }
    const first = new Releases({ ...world.ports, engine: dying, journal: lost })
    const { id } = await first.begin({ service: 'api', version: 'v2' }, world.fleet)
    await world.time.until(async () => dead || isOver((await first.find(id)).phase))
    if (!dead) return { outcome: (await first.find(id)).phase.kind, engine: world.engine, verbs }
    const second = new Releases(world.ports)
    await second.start()
    return { outcome: await ended(world, second, id), engine: world.engine, verbs }
  }

  it.each(['before', 'after'] as const)(
    '%s any verb of a good release is followed by one that completes it',
    async (when) => {
      for (let n = 1; ; n++) {
        const { outcome, engine, verbs } = await killedAt(n, when, canary, good)
        expect([n, outcome, engine.shares, [...engine.versions.keys()], engine.stable]).toEqual([
          n,
          'completed',
          { v2: 1 },
          ['v2'],
          'v2',
        ])
        if (verbs < n) break
      }
    },
  )

  it.each(['before', 'after'] as const)(
    '%s any verb of a bad release is followed by one that takes it back',
    async (when) => {
      for (let n = 1; ; n++) {
        const { outcome, engine, verbs } = await killedAt(n, when, canary, bad)
        expect([n, outcome, engine.shares, [...engine.versions.keys()], engine.stable]).toEqual([
          n,
          'rolled-back',
          { v1: 1 },
          ['v1'],
          'v1',
        ])
        if (verbs < n) break
      }
    },
  )
})
