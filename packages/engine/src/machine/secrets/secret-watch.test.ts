import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { secret } from '@seaworthy/model'
import { describe, expect, it } from 'vitest'
import { applied, steadyClient, testFleet, testService, until } from '../../conformance/rig.ts'
import { machineRig } from '../testing/machine-rig.ts'

describe('a secret that changes', () => {
  it('reaches its users by a restart, one replica at a time, without losing a request', async () => {
    await using rig = await machineRig()
    const file = join(rig.stateDir, 'version-secret')
    writeFileSync(file, 'first')
    const version = secret('version', { from: `file:${file}`, refresh: '1s', onRotate: 'restart' })
    await applied(
      rig.engine,
      testFleet([testService(rig, 'api', { routes: ['/'], replicas: 2, env: { VERSION: version } })]),
    )
    const client = await steadyClient(rig.engine, '/echo')
    const before = (await rig.engine.state()).replicas.map(({ pid }) => pid)
    await until(async () => client.answers.length > 5)
    // The watch must have read the first value before it can see a second.
    await until(async () => {
      writeFileSync(file, `second-${client.answers.length}`)
      return client.answers.at(-1)?.version.startsWith('second')
    })
    await until(async () =>
      (await rig.engine.state()).replicas.every(({ pid, phase }) => phase === 'ready' && !before.includes(pid)),
    )
    await client.stop()
    expect(client.failures).toEqual([])
    expect((await rig.engine.state()).replicas.map(({ restarts }) => restarts)).toEqual([0, 0])
  })
})
