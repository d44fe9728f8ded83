import { describe, expect, it } from 'vitest'
import { shortfall } from './expectation.ts'
import { runZeroLoss } from './run.ts'
import { brokenServices } from './subjects/broken-service.ts'
import { direct } from './subjects/direct.ts'
import { drainingServices } from './subjects/draining-services.ts'
import { carefulProxy, lossyProxy } from './subjects/swapping-proxy.ts'

// The timeout is longer where nothing may be lost: a machine that is busy with other tests is no loss.
const brief = { seed: 11, disturbances: 6, gapMs: [50, 150] as const, seconds: 1.5, say: () => undefined }

describe.concurrent('the zero-loss harness', () => {
  it.each([direct, carefulProxy])('finds nothing where nothing is lost: $what', async (kind) => {
    const account = await runZeroLoss(kind, { ...brief, timeoutMs: 60_000 })
    expect(account.violations).toEqual([])
    expect(account).toMatchObject({ clean: true, plannedDisturbances: 6 })
    expect(account.answeredOnce).toBe(account.sent)
    expect(account.clients.every((client) => client.sent > 0)).toBe(true)
  })

  it('follows services that drain: WebSockets closed with 1012 and ended streams come back, and nothing is lost', async () => {
    const account = await runZeroLoss(drainingServices, { ...brief, disturbances: 3, timeoutMs: 60_000 })
    expect(account.violations).toEqual([])
    expect(account.clean).toBe(true)
    const reconnected = account.clients.filter(({ traffic }) => traffic === 'websocket' || traffic === 'events')
    expect(reconnected.map((client) => client.reconnected)).toEqual([3, 3, 3, 3])
  })

  it('convicts what loses: a proxy that cuts every connection when it swaps versions', async () => {
    const account = await runZeroLoss(lossyProxy, { ...brief, disturbances: 12, timeoutMs: 60_000 })
    expect(shortfall(lossyProxy, account)).toBeUndefined()
    expect(account.clean).toBe(false)
  })

  it.each(brokenServices)('finds just as many faults as were injected: $what', async (kind) => {
    const account = await runZeroLoss(kind, {
      ...brief,
      scale: 2,
      timeoutMs: kind.name === 'broken-hang' ? 6000 : 60_000,
    })
    expect(shortfall(kind, account)).toBeUndefined()
    expect(account.injected).toBeGreaterThan(0)
  })
})
