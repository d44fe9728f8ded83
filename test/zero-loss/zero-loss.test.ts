import { mostBusy } from '@seaworthy/proof'
import { describe, expect, it, type TestContext, vi } from 'vitest'
import { shortfall } from './expectation.ts'
import { type RunAccount, runZeroLoss, type ZeroLossOptions } from './run.ts'
import type { SubjectKind } from './subject.ts'
import { brokenServices } from './subjects/broken-service.ts'
import { direct } from './subjects/direct.ts'
import { drainingServices } from './subjects/draining-services.ts'
import { carefulProxy, lossyProxy } from './subjects/swapping-proxy.ts'

vi.setConfig({ maxConcurrency: 3, testTimeout: 120_000 })

// Long timeouts: a machine that is busy with other tests is no loss.
const brief = {
  seed: 11,
  disturbances: 6,
  gapMs: [50, 150],
  seconds: 1.2,
  timeoutMs: 60_000,
  say: () => undefined,
} as const

/** Runs a subject; skips the test where the clients themselves had no processor to run on, since then nothing can be said. */
async function account(
  context: TestContext,
  kind: SubjectKind,
  options: Partial<ZeroLossOptions> = {},
): Promise<RunAccount> {
  const result = await runZeroLoss(kind, { ...brief, ...options })
  const { busy, stalledMs } = result.client
  if (busy > mostBusy)
    context.skip(
      `this machine is too busy: the clients' event loop was at ${Math.round(busy * 100)} %, stalled for ${Math.round(stalledMs)} ms`,
    )
  return result
}

describe.concurrent('the zero-loss harness', () => {
  it.for([direct, carefulProxy])('finds nothing where nothing is lost: $what', async (kind, context) => {
    const { violations, clean, sent, answeredOnce, clients } = await account(context, kind)
    expect(violations).toEqual([])
    expect([clean, answeredOnce]).toEqual([true, sent])
    expect(clients.every((client) => client.sent > 0)).toBe(true)
  })

  it('follows services that drain: WebSockets closed with 1012 and ended streams come back, and nothing is lost', async (context) => {
    const { violations, clean, clients } = await account(context, drainingServices, { disturbances: 3 })
    expect(violations).toEqual([])
    expect(clean).toBe(true)
    const streams = clients.filter(({ traffic }) => traffic === 'websocket' || traffic === 'events')
    // On a slow machine a client may miss a whole generation.
    expect(streams.map(({ reconnected }) => reconnected >= 1 && reconnected <= 3)).toEqual([true, true, true, true])
  })

  it('convicts what loses: a proxy that cuts every connection when it swaps versions', async (context) => {
    const result = await account(context, lossyProxy, { disturbances: 12 })
    expect(shortfall(lossyProxy, result)).toBeUndefined()
    expect(result.clean).toBe(false)
  })

  it.for(brokenServices)('finds just as many faults as were injected: $what', async (kind, context) => {
    const timeoutMs = kind.name === 'broken-hang' ? 6000 : 60_000
    const result = await account(context, kind, { scale: 2, timeoutMs })
    expect(shortfall(kind, result)).toBeUndefined()
    expect(result.injected).toBeGreaterThan(0)
  })
})
