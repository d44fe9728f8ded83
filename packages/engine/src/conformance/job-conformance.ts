import { expect, it } from 'vitest'
import { applied, type RigMaker, testFleet, testJob, testService } from './rig.ts'

/** Jobs that gate services and jobs that releases run. */
export function jobConformance(make: RigMaker): void {
  it('runs a migration once before the service that it gates, and not again', async () => {
    await using rig = await make()
    const migrate = testJob(rig, 'migrate', 'console.log("migrated")')
    const wanted = testFleet([testService(rig, 'api', { migrations: { before: [migrate] } })], [migrate])
    const events = await applied(rig.engine, wanted)
    const order = events.flatMap((event) =>
      event.kind === 'job' ? [`job ${event.phase}`] : event.kind === 'replica' ? [`api ${event.replica.phase}`] : [],
    )
    expect(order.indexOf('job succeeded')).toBeGreaterThan(-1)
    expect(order.indexOf('job succeeded')).toBeLessThan(order.indexOf('api ready'))
    await applied(rig.engine, wanted)
    expect((await rig.engine.state()).jobs).toMatchObject([{ job: 'migrate', phase: 'succeeded', attempts: 1 }])
  })

  it('does not start a service whose migration failed, and says so', async () => {
    await using rig = await make()
    const migrate = testJob(rig, 'migrate', 'console.error("no such table: users"); process.exit(2)')
    const events = await applied(
      rig.engine,
      testFleet([testService(rig, 'api', { migrations: { before: [migrate] } })], [migrate]),
    )
    const last = events.at(-1)
    expect(last?.kind).toBe('stuck')
    expect(last?.kind === 'stuck' ? last.reasons.join('\n') : '').toContain('no such table: users')
  })

  it('runs a job exactly once per key, whoever asks and however often', async () => {
    await using rig = await make()
    const report = testJob(rig, 'report', 'setTimeout(() => console.log("run"), 100)')
    await applied(rig.engine, testFleet([testService(rig, 'api')], [report]))
    const outcomes = await Promise.all([1, 2, 3].map(() => rig.engine.runJob('report', 'release-1')))
    expect(outcomes.map(({ kind, attempts }) => [kind, attempts])).toEqual([
      ['succeeded', 1],
      ['succeeded', 1],
      ['succeeded', 1],
    ])
    expect((await rig.engine.runJob('report', 'release-1')).kind).toBe('succeeded')
    const lines = (await rig.engine.logs({ service: 'report' })).filter(({ replica }) => replica === 'release-1')
    expect(lines.map(({ text }) => text)).toEqual(['run'])
  })

  it('tries a failing job as often as the catalog says, and tells why it failed', async () => {
    await using rig = await make()
    const broken = testJob(rig, 'broken', 'console.error("Error: out of paper"); process.exit(7)', { attempts: 2 })
    await applied(rig.engine, testFleet([testService(rig, 'api')], [broken]))
    const outcome = await rig.engine.runJob('broken', 'release-1')
    expect(outcome).toMatchObject({ kind: 'failed', attempts: 2, exitCode: 7 })
    expect(outcome.kind === 'failed' ? outcome.reason : '').toContain('out of paper')
    await expect(rig.engine.runJob('nothing', 'release-1')).rejects.toMatchObject({ code: 'SW4008' })
  })
}
