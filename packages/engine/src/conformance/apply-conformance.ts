import { expect, it } from 'vitest'
import { applied, ask, type RigMaker, steadyClient, takenDown, testFleet, testService, until } from './rig.ts'

/** Planning, applying, observing, going down. */
export function applyConformance(make: RigMaker): void {
  it('plans what is missing, runs it, and answers through the gateway', async () => {
    await using rig = await make()
    const wanted = testFleet([testService(rig, 'api', { routes: ['/echo'], replicas: 2 })])
    const plan = await rig.engine.plan(wanted)
    expect(plan.actions).toMatchObject([{ kind: 'create-service', service: 'api', replicas: 2 }])
    expect((await applied(rig.engine, wanted)).at(-1)).toMatchObject({ kind: 'settled' })
    const state = await rig.engine.state()
    expect(state.identity).toBe(plan.identity)
    expect(state.replicas.map(({ phase }) => phase)).toEqual(['ready', 'ready'])
    expect((await ask(rig.engine, '/echo')).status).toBe(200)
    expect((await ask(rig.engine, '/upload/elsewhere')).status).toBe(404)
  })

  it('does nothing when the same fleet is applied again', async () => {
    await using rig = await make()
    const wanted = testFleet([testService(rig, 'api')])
    await applied(rig.engine, wanted)
    const before = await rig.engine.state()
    expect((await rig.engine.plan(wanted)).actions).toEqual([])
    // What the place can't keep is said each time.
    const said = (await applied(rig.engine, wanted)).map(({ kind }) => kind).filter((kind) => kind !== 'limitation')
    expect(said).toEqual(['started', 'settled'])
    const after = await rig.engine.state()
    expect(after.replicas.map(({ replica, pid }) => [replica, pid])).toEqual(
      before.replicas.map(({ replica, pid }) => [replica, pid]),
    )
    expect(after.generation).toBe(before.generation)
  })

  it('replaces a changed service one replica at a time, without losing a request', async () => {
    await using rig = await make()
    const routes = ['/']
    await applied(rig.engine, testFleet([testService(rig, 'api', { routes, replicas: 2, env: { VERSION: 'old' } })]))
    const client = await steadyClient(rig.engine, '/echo')
    const changed = testFleet([testService(rig, 'api', { routes, replicas: 2, env: { VERSION: 'new' } })])
    expect((await rig.engine.plan(changed)).actions).toMatchObject([
      { kind: 'replace-service', fields: ['env.VERSION'] },
    ])
    expect((await applied(rig.engine, changed)).at(-1)).toMatchObject({ kind: 'settled' })
    await until(async () => client.answers.at(-1)?.version === 'new')
    await client.stop()
    expect(client.failures).toEqual([])
    expect(new Set(client.answers.map(({ version }) => version))).toEqual(new Set(['old', 'new']))
    const { services } = await rig.engine.state()
    expect(services[0]?.versions).toMatchObject([{ share: 1, ready: 2, stable: true }])
  })

  it('takes over what needs no restart without one', async () => {
    await using rig = await make()
    await applied(rig.engine, testFleet([testService(rig, 'api', { routes: ['/'] })]))
    const [before] = (await rig.engine.state()).replicas
    const changed = testFleet([testService(rig, 'api', { routes: ['/moved'], timeout: '5s' })])
    expect((await rig.engine.plan(changed)).actions).toMatchObject([{ kind: 'configure-service', service: 'api' }])
    await applied(rig.engine, changed)
    expect((await rig.engine.state()).replicas[0]?.pid).toBe(before?.pid)
    expect((await ask(rig.engine, '/echo')).status).toBe(404)
  })

  it('follows a changed number of replicas', async () => {
    await using rig = await make()
    await applied(rig.engine, testFleet([testService(rig, 'api', { replicas: 1 })]))
    const more = testFleet([testService(rig, 'api', { replicas: 3 })])
    expect((await rig.engine.plan(more)).actions).toEqual([{ kind: 'scale-service', service: 'api', from: 1, to: 3 }])
    await applied(rig.engine, more)
    expect((await rig.engine.state()).replicas.map(({ phase }) => phase)).toEqual(['ready', 'ready', 'ready'])
    await applied(rig.engine, testFleet([testService(rig, 'api', { replicas: 1 })]))
    expect((await rig.engine.state()).replicas.map(({ phase }) => phase)).toEqual(['ready'])
  })

  it('removes what the fleet no longer has', async () => {
    await using rig = await make()
    await applied(rig.engine, testFleet([testService(rig, 'api'), testService(rig, 'web')]))
    const fewer = testFleet([testService(rig, 'api')])
    expect((await rig.engine.plan(fewer)).actions).toEqual([{ kind: 'remove-service', service: 'web' }])
    await applied(rig.engine, fewer)
    expect((await rig.engine.state()).services.map(({ service }) => service)).toEqual(['api'])
    expect((await rig.engine.state()).replicas.map(({ service }) => service)).toEqual(['api'])
  })

  it('starts a service when what it needs is ready, and tells it where that is', async () => {
    await using rig = await make()
    const api = testService(rig, 'api', { env: { READY_MS: 400 } })
    const web = testService(rig, 'web', { needs: [api] })
    const events = await applied(rig.engine, testFleet([web, api]))
    const phases = events.flatMap((event) =>
      event.kind === 'replica' ? [`${event.replica.service} ${event.replica.phase}`] : [],
    )
    expect(phases.indexOf('api ready')).toBeLessThan(phases.indexOf('web starting'))
    const waiting = events.find(
      (event) => event.kind === 'replica' && event.replica.service === 'web' && event.replica.phase === 'waiting',
    )
    expect(waiting).toMatchObject({ replica: { reason: expect.stringContaining('waits for api') } })
    const internal = (await rig.engine.state()).services.find(({ service }) => service === 'api')?.internalUrl
    expect(internal).toBeDefined()
  })

  it('tells first what there is, then what changes, until it is told to stop', async () => {
    await using rig = await make()
    await applied(rig.engine, testFleet([testService(rig, 'api')]))
    const stop = new AbortController()
    const seen: string[] = []
    const watching = (async () => {
      for await (const each of rig.engine.observe(stop.signal))
        seen.push(each.kind === 'synced' ? 'synced' : each.replica.phase)
    })()
    await until(async () => seen.includes('synced'))
    expect(seen).toEqual(['ready', 'synced'])
    const { stable } = (await rig.engine.state()).services[0] ?? { stable: '' }
    await rig.engine.scaleVersion('api', stable, 2)
    await until(async () => seen.filter((phase) => phase === 'ready').length === 2)
    stop.abort()
    await watching
  })

  it('goes down without leaving anything, dependents first', async () => {
    await using rig = await make()
    const api = testService(rig, 'api')
    await applied(rig.engine, testFleet([testService(rig, 'web', { needs: [api] }), api]))
    const events = await takenDown(rig.engine)
    const gone = events.flatMap((event) =>
      event.kind === 'replica' && event.replica.phase === 'gone' ? [event.replica.service] : [],
    )
    expect(gone).toEqual(['web', 'api'])
    expect(events.at(-1)).toMatchObject({ kind: 'settled' })
    expect((await rig.engine.state()).replicas).toEqual([])
  })

  it('goes on undisturbed when another controller takes over', async ({ skip }) => {
    await using rig = await make()
    if (!rig.successor) return skip('this engine keeps no controller of its own')
    await applied(rig.engine, testFleet([testService(rig, 'api', { routes: ['/'], replicas: 2 })]))
    const before = (await rig.engine.state()).replicas.map(({ replica, pid }) => [replica, pid])
    const client = await steadyClient(rig.engine, '/echo')
    const successor = await rig.successor()
    await until(
      async () =>
        (await successor.state()).replicas.every(({ phase }) => phase === 'ready') &&
        (await successor.state()).gateway.ready,
    )
    expect((await successor.state()).replicas.map(({ replica, pid }) => [replica, pid])).toEqual(before)
    await until(async () => client.answers.length > 20)
    await client.stop()
    expect(client.failures).toEqual([])
    expect((await successor.state()).replicas.map(({ restarts }) => restarts)).toEqual([0, 0])
  })
}
