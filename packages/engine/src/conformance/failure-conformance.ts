import { expect, it } from 'vitest'
import { untilReady } from '../until-ready.ts'
import { applied, ask, type RigMaker, steadyClient, testFleet, testService, until } from './rig.ts'

/** Replicas that die, hang, never start. */
export function failureConformance(make: RigMaker): void {
  it('starts a killed replica anew and counts it, and no request is lost meanwhile', async () => {
    await using rig = await make()
    await applied(rig.engine, testFleet([testService(rig, 'api', { routes: ['/'], replicas: 2 })]))
    const client = await steadyClient(rig.engine, '/echo')
    const [victim] = (await rig.engine.state()).replicas
    await rig.kill(victim?.replica ?? '')
    await until(async () => {
      const replica = (await rig.engine.state()).replicas.find(({ replica }) => replica === victim?.replica)
      return (
        replica?.phase === 'ready' &&
        replica.restarts === 1 &&
        (replica.pid === undefined || replica.pid !== victim?.pid)
      )
    })
    await client.stop()
    expect(client.failures).toEqual([])
    const [exposure] = await rig.engine.exposure('api')
    expect(exposure?.restarts).toBe(1)
  })

  it('says why a replica cannot start, and why others wait for it', async () => {
    await using rig = await make()
    const api = testService(rig, 'api', { env: { BUG: 'exit-on-start:3' } })
    const events = await applied(rig.engine, testFleet([testService(rig, 'web', { needs: [api] }), api]))
    const last = events.at(-1)
    expect(last?.kind).toBe('stuck')
    const reasons = last?.kind === 'stuck' ? last.reasons.join('\n') : ''
    expect(reasons).toMatch(/api-\S+: crash-looping, \d+ restarts, last exit 3/)
    expect(reasons).toMatch(/web-\S+ waits for api: crash-looping/)
  })

  it('refuses to wait for a version that cannot become ready', async () => {
    await using rig = await make()
    await applied(rig.engine, testFleet([testService(rig, 'api', { routes: ['/'], env: { VERSION: 'one' } })]))
    await rig.engine.ensureVersion('api', {
      version: 'v2',
      overrides: { env: { BUG: 'exit-on-start:4' } },
      replicas: 1,
    })
    await expect(untilReady(rig.engine, { service: 'api', version: 'v2', replicas: 1 })).rejects.toMatchObject({
      code: 'SW4006',
    })
    expect((await ask(rig.engine, '/echo')).version).toBe('one')
  })

  it('keeps the old version when the new one cannot start, and can be put back', async () => {
    await using rig = await make()
    const good = testFleet([testService(rig, 'api', { routes: ['/'], env: { VERSION: 'one' } })])
    await applied(rig.engine, good)
    const broken = testFleet([
      testService(rig, 'api', { routes: ['/'], env: { VERSION: 'two', BUG: 'exit-on-start:5' } }),
    ])
    expect((await applied(rig.engine, broken)).at(-1)?.kind).toBe('stuck')
    expect((await ask(rig.engine, '/echo')).version).toBe('one')
    expect((await applied(rig.engine, good)).at(-1)?.kind).toBe('settled')
    expect((await rig.engine.state()).services[0]?.versions).toHaveLength(1)
  })

  it('takes a replica that says it is not ready out of rotation, and does not restart it', async () => {
    await using rig = await make()
    const health = { ready: { http: '/health/ready', every: '200ms' as const, failures: 1 } }
    await applied(rig.engine, testFleet([testService(rig, 'api', { routes: ['/'], health })]))
    const stable = (await rig.engine.state()).services[0]?.stable ?? ''
    await rig.engine.ensureVersion('api', { version: 'v2', overrides: { env: { BUG: 'never-ready' } }, replicas: 1 })
    await until(async () => {
      const replica = (await rig.engine.state()).replicas.find(({ version }) => version === 'v2')
      return replica?.phase === 'starting' && replica.reason?.includes('503')
    })
    await expect(rig.engine.route('api', { [stable]: 0.5, v2: 0.5 })).rejects.toMatchObject({ code: 'SW4003' })
    expect((await rig.engine.state()).replicas.map(({ restarts }) => restarts)).toEqual([0, 0])
  })

  it('restarts a replica that answers nothing any more', async () => {
    await using rig = await make()
    const probe = { every: '300ms', timeout: '1s', failures: 2 } as const
    const health = { ready: { http: '/health/ready', ...probe }, live: { http: '/health/live', ...probe } }
    await applied(
      rig.engine,
      testFleet([testService(rig, 'api', { routes: ['/'], health, env: { BUG: 'hang-after:3' } })]),
    )
    for (let count = 0; count < 3; count += 1) await ask(rig.engine, '/echo')
    await until(async () => {
      const [exposure] = await rig.engine.exposure('api')
      return (exposure?.hangs ?? 0) > 0 && (await rig.engine.state()).replicas[0]?.phase === 'ready'
    })
  })
}
