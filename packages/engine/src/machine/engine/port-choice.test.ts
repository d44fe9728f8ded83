import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fleet, resolve, service } from '@seaworthy/model'
import { afterEach, describe, expect, it } from 'vitest'
import type { Plan } from '../../contract-plan.ts'
import { planFleet } from '../desired/plan-fleet.ts'
import type { DesiredDocument } from './desired-document.ts'
import { choosePorts } from './port-choice.ts'

const servers: ReturnType<typeof createServer>[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A port that another program listens on. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  servers.push(server)
  await new Promise((done) => server.once('listening', done))
  return (server.address() as AddressInfo).port
}

/** The plan of one service whose environment wants this port for the gateway. */
function planned(gatewayPort: number, routes: readonly `/${string}`[]): Plan {
  const resolved = resolve(
    fleet('shop', { services: [service('api', { run: 'node api.ts', port: 3000, routes })] }),
    'development',
  )
  const { development } = resolved.environments
  return planFleet(undefined, {
    ...resolved,
    ...(development && { environments: { development: { ...development, gatewayPort } } }),
  })
}

const parts = {
  desired: { current: undefined } as unknown as DesiredDocument,
  environment: 'development',
  random: Math.random,
}

describe('the port of the gateway', () => {
  it('that another program has is refused before anything starts', async () => {
    const port = await takenPort()
    await expect(choosePorts(planned(port, ['/']), parts, true)).rejects.toMatchObject({ code: 'SW4019' })
  })

  it('is in nobody’s way when no service is open to clients', async () => {
    const port = await takenPort()
    const ports = await choosePorts(planned(port, []), parts, true)
    expect(Object.keys(ports)).toEqual(['api'])
  })

  it('that our own gateway has is kept', async () => {
    const port = await takenPort()
    expect((await choosePorts(planned(port, ['/']), parts, false)).gateway).toBe(port)
  })

  it('0 finds a free one, unlike any other', async () => {
    const ports = Object.values(await choosePorts(planned(0, ['/']), parts, true))
    expect(new Set(ports).size).toBe(2)
  })
})
