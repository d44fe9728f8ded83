import { afterEach, describe, expect, it } from 'vitest'
import { createCaller } from './call.ts'
import { createMetrics } from './metrics.ts'
import { type RunningService, type ServiceOptions, serve } from './serve.ts'
import { currentTrace, withTrace } from './trace-context.ts'

const running: RunningService[] = []
afterEach(async () => {
  for (const service of running.splice(0)) await service.drain()
})

async function start(options: Partial<ServiceOptions>): Promise<{ service: RunningService; url: string }> {
  const service = await serve({
    name: 'test',
    handler: (_, response) => void response.end('hello'),
    host: '127.0.0.1',
    port: 0,
    signals: [],
    ...options,
  })
  running.push(service)
  return { service, url: `http://127.0.0.1:${service.port}` }
}

describe('a service', () => {
  it('is live at once and ready when its dependencies are', async () => {
    let up = false
    const { url } = await start({
      checks: { database: async () => up || Promise.reject(new Error('connection refused')) },
    })
    expect((await fetch(`${url}/health/live`)).status).toBe(200)
    const before = await fetch(`${url}/health/ready`)
    expect(before.status).toBe(503)
    expect(await before.json()).toMatchObject({ checks: { database: 'connection refused' } })
    up = true
    await expect.poll(async () => (await fetch(`${url}/health/ready`)).status, { timeout: 10_000 }).toBe(200)
  })

  it('finishes what is in flight when it drains, and accepts nothing new', async () => {
    const gate = Promise.withResolvers<void>()
    const entered = Promise.withResolvers<void>()
    const { service, url } = await start({
      handler: (_, response) => {
        entered.resolve()
        void gate.promise.then(() => response.end('done'))
      },
    })
    const slow = fetch(url).then((response) => response.text())
    await entered.promise
    const drained = service.drain()
    await expect(fetch(url)).rejects.toThrow()
    gate.resolve()
    expect(await slow).toBe('done')
    expect(await drained).toEqual({ unfinished: 0 })
  })

  it('says how many requests did not end within the drain time', async () => {
    const entered = Promise.withResolvers<void>()
    const { service, url } = await start({ drainMs: 20, handler: () => entered.resolve() })
    const stuck = fetch(url).catch(() => 'cut')
    await entered.promise
    expect(await service.drain()).toEqual({ unfinished: 1 })
    expect(await stuck).toBe('cut')
  })

  it('carries the trace of a request to the services that it calls', async () => {
    const { url: inner } = await start({
      handler: (request, response) => void response.end(JSON.stringify(request.headers)),
    })
    const context = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, requestId: 'r-1' }
    const seen = await withTrace(context, () => createCaller(inner).call<Record<string, string>>('/x'))
    expect(seen.traceparent).toMatch(new RegExp(`^00-${'a'.repeat(32)}-[0-9a-f]{16}-01$`))
    expect(seen['x-request-id']).toBe('r-1')
    const { url: outer } = await start({ handler: (_, response) => void response.end(currentTrace()?.traceId) })
    const answer = await fetch(outer, { headers: { traceparent: `00-${'c'.repeat(32)}-${'d'.repeat(16)}-00` } })
    expect(await answer.text()).toBe('c'.repeat(32))
  })

  it('opens its breaker on 5xx answers and not on 4xx', async () => {
    let status = 404
    const { url } = await start({ handler: (_, response) => void response.writeHead(status).end('no') })
    const { call, breaker } = createCaller(url, { breaker: { failures: 2, openMs: 60_000, probes: 1 } })
    for (let i = 0; i < 5; i++) await expect(call('/')).rejects.toThrow('404')
    expect(breaker.state().kind).toBe('closed')
    status = 503
    for (let i = 0; i < 2; i++) await expect(call('/')).rejects.toThrow('503')
    await expect(call('/')).rejects.toThrow('breaker is open')
  })

  it('shows its counters as OpenMetrics', async () => {
    const metrics = createMetrics()
    metrics.counter('decisions', 'Decisions made').add({ verdict: 'al"low' }, 2)
    const { url } = await start({ metrics })
    expect(await (await fetch(`${url}/metrics`)).text()).toBe(
      '# HELP decisions Decisions made\n# TYPE decisions counter\ndecisions_total{verdict="al\\"low"} 2\n# EOF\n',
    )
  })
})
