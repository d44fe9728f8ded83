import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { runClosedLoad } from './closed-load.ts'
import { quantileOf } from './distribution.ts'
import { HttpClient } from './http-client.ts'
import { parseTarget } from './http-target.ts'
import { FakeClock } from './load-clock.fake.ts'
import { formatLoad } from './load-result-text.ts'
import { runOpenLoad } from './open-load.ts'
import type { Outcome } from './outcome.ts'
import { httpSender, type Sender } from './sender.ts'
import { judgeValidity } from './validity.ts'

const open: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]()
})

const answered = (sentAt: number, status = 200, label = 'v1'): Outcome => ({
  kind: 'answered',
  status,
  label,
  bytes: 0,
  sentAt,
  head: undefined,
  body: undefined,
})

/** A server with one place: each request takes `serviceMs`, and none is served while it stalls. */
function queueSender(clock: FakeClock, serviceMs: number, stalls: (at: number) => number): Sender {
  let freeAt = 0
  return {
    send: (_n, done) => {
      const sentAt = clock.now()
      const start = Math.max(freeAt, sentAt)
      freeAt = start + stalls(start) + serviceMs
      clock.after(freeAt - sentAt, () => done(answered(sentAt)))
    },
  }
}

describe('open load', () => {
  it('sees a stall of the server as long as its users would: arithmetic on a simulated clock', async () => {
    // 1,000/s for 6 s, served in 0.1 ms each; at 3 s the server stalls for 1 s. Requests due in the stall wait until its end, then
    // the backlog of 1,000 takes 0.1 s to serve while 111 more arrive.
    const clock = new FakeClock()
    let stalled = false
    const sender = queueSender(clock, 0.1, (at) => {
      if (stalled || at < 3000) return 0
      stalled = true
      return 1000
    })
    const result = await clock.run(
      runOpenLoad({ arrivals: { kind: 'constant', rate: 1000, seconds: 6 }, sender, clock }),
    )
    expect(result.requests).toMatchObject({ due: 6000, answered: 6000, failed: 0 })
    // The k-th request of the stall waits 1000 - 0.9 k ms: of 6,000 requests, 1 % waited longer than 1000 - 0.9 · 60 = 946 ms.
    expect(quantileOf(result.latency, 0.99)).toBeCloseTo(946, -1)
    expect(Math.abs(quantileOf(result.latency, 0.9) - (1000 - 0.9 * 600))).toBeLessThan(5)
    expect(result.latency.max).toBeCloseTo(1000.1, 1)
  })

  it('is not fooled where a closed load is: the same stall moves the closed p99 not at all', async () => {
    const clock = new FakeClock()
    let stalled = false
    const sender = queueSender(clock, 0.1, (at) => {
      if (stalled || at < 3000) return 0
      stalled = true
      return 1000
    })
    const result = await clock.run(runClosedLoad({ users: 10, seconds: 6, thinkMs: 10, sender, clock }))
    expect(result.latency.max).toBeGreaterThan(999)
    expect(quantileOf(result.latency, 0.99)).toBeLessThan(5)
  })

  it('sees a real server stall from the intended start', async () => {
    const worker = await stallingServer()
    open.push(worker)
    const client = new HttpClient({ target: parseTarget(worker.url), limit: 4 })
    open.push(client)
    const result = await runOpenLoad({
      arrivals: { kind: 'constant', rate: 200, seconds: 2 },
      sender: httpSender(client, client.prepare({ path: '/' })),
    })
    expect(result.requests).toMatchObject({ due: 400, answered: 400 })
    // The server stops for 800 ms once: 160 of 400 requests fall due meanwhile, half of which wait more than 400 ms.
    expect(quantileOf(result.latency, 0.95)).toBeGreaterThan(500)
    expect(result.latency.max).toBeGreaterThan(700)
    // What is measured from the sending on four connections hides it: four requests were waiting, the others not yet sent.
    expect(quantileOf(result.service, 0.95)).toBeLessThan(quantileOf(result.latency, 0.95) / 2)
  })

  it('calls a run invalid when its own client was held up, and says why', async () => {
    const server = createServer((_request, response) => response.end('ok'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const client = new HttpClient({ target: parseTarget(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) })
    open.push({ [Symbol.asyncDispose]: async () => void server.close() }, client)
    const starve = setInterval(() => {
      const until = performance.now() + 95
      while (performance.now() < until);
    }, 100)
    try {
      const sender = httpSender(client, client.prepare({}))
      const result = await runOpenLoad({ arrivals: { kind: 'constant', rate: 200, seconds: 1 }, sender })
      expect(result.validity.kind).toBe('invalid')
      expect(result.validity.kind === 'invalid' && result.validity.reasons.join('; ')).toMatch(
        /event loop|started late/,
      )
    } finally {
      clearInterval(starve)
    }
  })

  it('calls a run valid on a client with nothing to blame', async () => {
    const clock = new FakeClock()
    const result = await clock.run(
      runOpenLoad({
        arrivals: { kind: 'constant', rate: 100, seconds: 10 },
        sender: queueSender(clock, 1, () => 0),
        clock,
        bounds: { busy: 1, cpu: 1e9 },
      }),
    )
    expect(result.validity).toEqual({ kind: 'valid' })
    expect(result.lag.max).toBeLessThanOrEqual(1)
  })

  it('counts failures, statuses and labels, and gives timeouts a latency of at least their time', async () => {
    const clock = new FakeClock()
    const sender: Sender = {
      send: (n, done) => {
        const sentAt = clock.now()
        const failed = { kind: 'failed', detail: '', reused: false } as const
        if (n % 10 === 0) clock.after(5000, () => done({ ...failed, failure: 'timeout', sentAt }))
        else if (n % 10 === 1) clock.after(0, () => done({ ...failed, failure: 'refused', sentAt: undefined }))
        else clock.after(10, () => done(answered(sentAt, n % 10 === 2 ? 503 : 200, n % 2 === 0 ? 'v2' : 'v1')))
      },
    }
    const result = await clock.run(
      runOpenLoad({ arrivals: { kind: 'constant', rate: 100, seconds: 10 }, sender, clock }),
    )
    expect(result.requests).toEqual({ due: 1000, answered: 800, failed: 200, neverSent: 100 })
    expect(result.failures).toEqual({ refused: 100, timeout: 100 })
    expect(result.statuses).toEqual({ 200: 700, 503: 100 })
    expect(result.errors).toMatchObject({ events: 300, n: 1000 })
    expect(result.labels.v2?.answered).toBe(400)
    expect(result.labels.v2?.serverErrors.events).toBe(100)
    expect(result.latency.n).toBe(900)
    expect(result.censored).toBe(100)
    const p99 = result.latency.quantiles.find(({ q }) => q === 0.99)
    expect(p99).toMatchObject({ atLeast: true, high: null })
    expect(result.latency.quantiles.find(({ q }) => q === 0.5)).toMatchObject({ atLeast: false })
    expect(result.seconds.reduce((sum, second) => sum + second.due, 0)).toBe(1000)
    expect(JSON.parse(JSON.stringify(result))).toEqual(result)
    // The ten seconds in which requests were due, not the five more that timeouts took.
    expect([result.offeredRate, result.goodRate]).toEqual([100, 70])
    const text = formatLoad('x', result)
    expect(text).toMatch(/errors 300 of 1,000 = 30.0 %/)
    expect(text).toMatch(/latency +900 +10.0 \[[\d.]+..10.1\].*≥ 5000 \[\d+..-\]/)
    expect(text).toMatch(/v2 +400/)
  })

  it('ends its arrivals when told to, and still waits for what is in progress', async () => {
    const stop = new AbortController()
    const clock = new FakeClock()
    clock.after(1000, () => stop.abort())
    const result = await clock.run(
      runOpenLoad({
        arrivals: { kind: 'constant', rate: 100, seconds: 60 },
        sender: queueSender(clock, 5, () => 0),
        clock,
        signal: stop.signal,
      }),
    )
    expect(result.requests.due).toBeGreaterThanOrEqual(99)
    expect(result.requests.due).toBeLessThanOrEqual(102)
    expect(result.requests.answered).toBe(result.requests.due)
  })
})

describe('validity', () => {
  const healthy = { lagP99: 1.1, latencyP99: 4, loopDelayP99: 1, cpu: 0.2, busy: 0.2, localLimits: 0, senderLimits: [] }

  it('forgives lateness within two grains of the timer, or a tenth of what was measured', () => {
    expect(judgeValidity(healthy).kind).toBe('valid')
    expect(judgeValidity({ ...healthy, lagP99: 2.1 }).kind).toBe('invalid')
    expect(judgeValidity({ ...healthy, lagP99: 20, latencyP99: 201 }).kind).toBe('valid')
  })

  it.each([
    [{ lagP99: 30 }, /started late: p99 30.0 ms, at most 2.0 ms/],
    [{ loopDelayP99: 30 }, /event loop: p99 30.0 ms/],
    [{ busy: 0.97 }, /busy 97 % of the time/],
    [{ cpu: 0.99 }, /used 99 % of a processor/],
    [{ localLimits: 3 }, /3 requests found no local port/],
    [{ senderLimits: ['no thread'] }, /no thread/],
  ])('names the reason: %o', (change, reason) => {
    const verdict = judgeValidity({ ...healthy, ...change })
    expect(verdict.kind === 'invalid' && verdict.reasons.join()).toMatch(reason)
  })
})

/** A server in a thread of its own that stops for 800 ms half a second after its first request. */
async function stallingServer(): Promise<AsyncDisposable & { readonly url: string }> {
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(
    `const { createServer } = require('node:http'); const { parentPort } = require('node:worker_threads')
     let started = false
     const server = createServer((request, response) => {
       if (!started) setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800), 500)
       started = true
       response.end('ok')
     }).listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`,
    { eval: true },
  )
  const port = await new Promise<number>((resolve) => worker.once('message', resolve))
  await wait(0)
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void (await worker.terminate()) }
}
