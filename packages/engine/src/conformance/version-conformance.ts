import { expect, it } from 'vitest'
import { untilReady } from '../until-ready.ts'
import { applied, ask, type Rig, type RigMaker, steadyClient, testFleet, testService, until } from './rig.ts'

const api = 'api'

/** What releases are made of: versions, shares, promotion. */
export function versionConformance(make: RigMaker): void {
  it('runs a second version beside the first, which gets no traffic yet', async () => {
    await using rig = await make()
    await stableApi(rig)
    const request = { version: 'v2', overrides: { env: { VERSION: 'two' } }, replicas: 1 }
    const made = await rig.engine.ensureVersion(api, request)
    expect(made).toMatchObject({ service: api, version: 'v2', stable: false, share: 0, replicas: 1 })
    await untilReady(rig.engine, { service: api, version: 'v2', replicas: 1 })
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(rig.engine, '/echo')))
    expect(new Set(answers.map(({ version }) => version))).toEqual(new Set(['one']))
    // Saying it again changes nothing; saying something else by that name is refused.
    expect((await rig.engine.ensureVersion(api, request)).createdAt).toBe(made.createdAt)
    await expect(
      rig.engine.ensureVersion(api, { ...request, overrides: { env: { VERSION: 'three' } } }),
    ).rejects.toMatchObject({ code: 'SW4004' })
  })

  it('lets a preview be asked before it gets traffic', async () => {
    await using rig = await make()
    await stableApi(rig)
    await secondVersion(rig)
    const [target] = await rig.engine.preview(api, 'v2')
    const answer = (await (await fetch(`${target?.url}/version`)).json()) as { readonly version: string }
    expect(answer.version).toBe('two')
  })

  it('changes shares in one step: what is asked after the receipt follows them', async () => {
    await using rig = await make()
    const stable = await stableApi(rig)
    await secondVersion(rig)
    const before = (await rig.engine.state()).gateway.snapshotVersion
    const receipt = await rig.engine.route(api, { v2: 1 })
    expect(receipt).toMatchObject({ service: api, shares: { v2: 1 } })
    expect(receipt.snapshotVersion).toBeGreaterThan(before)
    for (let count = 0; count < 20; count += 1) expect((await ask(rig.engine, '/echo')).version).toBe('two')
    await rig.engine.route(api, { [stable]: 0.5, v2: 0.5 })
    const seen = new Set<string>()
    await until(async () => {
      seen.add((await ask(rig.engine, '/echo')).version)
      return seen.size === 2
    })
  })

  it('counts by the version that the coin assigned', async () => {
    await using rig = await make()
    await stableApi(rig)
    await secondVersion(rig)
    await rig.engine.route(api, { v2: 1 })
    for (let count = 0; count < 10; count += 1) await ask(rig.engine, '/echo')
    const assigned = await until(async () => {
      const rows = (await rig.engine.counters()).flatMap((page) => page.rows)
      const sum = rows
        .filter((row) => row.service === api && row.version === 'v2')
        .reduce((total, row) => total + row.assigned, 0)
      return sum >= 10 && sum
    })
    expect(assigned).toBe(10)
  })

  it('refuses shares that cannot be', async () => {
    await using rig = await make()
    const stable = await stableApi(rig)
    await rig.engine.ensureVersion(api, { version: 'v2', replicas: 0 })
    await expect(rig.engine.route(api, { [stable]: 0.5 })).rejects.toMatchObject({ code: 'SW4003' })
    await expect(rig.engine.route(api, { [stable]: 1.5, v2: -0.5 })).rejects.toMatchObject({ code: 'SW4003' })
    await expect(rig.engine.route(api, { [stable]: 0.5, v2: 0.5 })).rejects.toMatchObject({ code: 'SW4003' })
    await expect(rig.engine.route(api, { v9: 1 })).rejects.toMatchObject({ code: 'SW4002' })
    await expect(rig.engine.route('nothing', { v1: 1 })).rejects.toMatchObject({ code: 'SW4001' })
    expect((await ask(rig.engine, '/echo')).version).toBe('one')
  })

  it('promotes a version without starting anything anew, and plans compare with it', async () => {
    await using rig = await make()
    await stableApi(rig)
    await secondVersion(rig)
    const [replica] = (await rig.engine.state()).replicas.filter(({ version }) => version === 'v2')
    await rig.engine.route(api, { v2: 1 })
    expect(await rig.engine.promote(api, 'v2')).toMatchObject({ version: 'v2', stable: true, share: 1 })
    const after = (await rig.engine.state()).replicas.find(({ version }) => version === 'v2')
    expect([after?.pid, after?.restarts]).toEqual([replica?.pid, 0])
    expect((await rig.engine.plan(wanted(rig))).actions).toEqual([])
  })

  it('removes a version only when it is out of use, after what is in flight', async () => {
    await using rig = await make()
    const stable = await stableApi(rig)
    await secondVersion(rig)
    await expect(rig.engine.removeVersion(api, stable)).rejects.toMatchObject({ code: 'SW4005' })
    const slow = ask(rig.engine, '/work?ms=800')
    await until(async () => (await rig.engine.counters()).some((page) => page.rows.some((row) => row.inFlight > 0)))
    await rig.engine.route(api, { v2: 1 })
    await rig.engine.promote(api, 'v2')
    await rig.engine.removeVersion(api, stable)
    expect(await slow).toMatchObject({ status: 200, version: 'one' })
    expect((await rig.engine.state()).replicas.map(({ version }) => version)).toEqual(['v2'])
    // Removing what is gone is done already.
    await rig.engine.removeVersion(api, stable)
  })

  it('swaps versions back and forth without losing a request', async () => {
    await using rig = await make()
    const stable = await stableApi(rig, 2)
    await secondVersion(rig, 2)
    const client = await steadyClient(rig.engine, '/work?ms=10')
    for (let swap = 0; swap < 6; swap += 1) await rig.engine.route(api, swap % 2 === 0 ? { v2: 1 } : { [stable]: 1 })
    await rig.engine.scaleVersion(api, 'v2', 0)
    await until(async () => (await rig.engine.state()).replicas.every(({ version }) => version !== 'v2'))
    await client.stop()
    expect(client.failures).toEqual([])
    expect(client.answers.length).toBeGreaterThan(0)
  })

  it('says how long versions ran and what befell them', async () => {
    await using rig = await make()
    const stable = await stableApi(rig)
    await until(async () => {
      const [exposure] = await rig.engine.exposure(api)
      return (
        exposure !== undefined && exposure.version === stable && exposure.readySeconds > 0.2 && exposure.restarts === 0
      )
    })
  })
}

function wanted(rig: Rig, replicas = 1): ReturnType<typeof testFleet> {
  return testFleet([testService(rig, api, { routes: ['/'], replicas, env: { VERSION: 'one' } })])
}

/** Applies one service and returns the name of its version. */
async function stableApi(rig: Rig, replicas = 1): Promise<string> {
  await applied(rig.engine, wanted(rig, replicas))
  const [service] = (await rig.engine.state()).services
  return service?.stable ?? ''
}

async function secondVersion(rig: Rig, replicas = 1): Promise<void> {
  await rig.engine.ensureVersion(api, { version: 'v2', overrides: { env: { VERSION: 'two' } }, replicas })
  await untilReady(rig.engine, { service: api, version: 'v2', replicas })
}
