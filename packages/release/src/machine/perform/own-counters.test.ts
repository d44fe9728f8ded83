import { describe, expect, it } from 'vitest'
import { ruleOf } from '../../verdict/index.ts'
import { counterTotal, ownCounters } from './own-counters.ts'

const rule = ruleOf({
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1],
  sticky: false,
  latency: [],
  counters: [{ name: 'restarts' }, { name: 'jobs_failed' }],
  requestTimeoutMs: 1000,
})

/** A service with one replica a version whose counters the test sets; `undefined` does not answer. */
function look(
  values: { v1: number | undefined; v2: number | undefined },
  last: Map<string, number>,
): ReturnType<typeof ownCounters> {
  const ports = {
    pollMs: 1000,
    engine: { preview: async (_: string, version: string) => [{ replica: version, url: `http://${version}` }] },
    fetch: async (url: URL) => {
      const value = values[url.hostname as 'v1' | 'v2']
      if (value === undefined) throw new Error('refused')
      return new Response(`# TYPE jobs_failed counter\njobs_failed_total{queue="a"} ${value}\nother_total 9\n`)
    },
  } as unknown as Parameters<typeof ownCounters>[0]
  const release = { service: 'api', from: 'v1', to: 'v2' }
  return ownCounters(ports, release, rule, 0.1, last, new AbortController().signal)
}

const events = (canary: number, baseline: number): unknown => [
  { counter: 'jobs_failed', counts: [{ share: 0.1, canary, baseline }] },
]

describe('a service’s own counters', () => {
  it('are summed over labels, with or without `_total`, and nothing else is taken for them', () => {
    const text =
      'jobs_failed_total{q="a b"} 2\njobs_failed_total{q="c"} 3 1700000000\njobs_failed_seconds 7\n# jobs_failed 1\n'
    expect(counterTotal(text, 'jobs_failed')).toBe(5)
    expect(counterTotal('jobs_failed 4', 'jobs_failed')).toBe(4)
  })

  it('count what is new since the last look, and nothing from before the first', async () => {
    const last = new Map<string, number>()
    expect(await look({ v1: 100, v2: 5 }, last)).toEqual([])
    expect(await look({ v1: 103, v2: 9 }, last)).toEqual(events(4, 3))
    expect(await look({ v1: 103, v2: 9 }, last)).toEqual([])
  })

  it('go on from zero after a restart', async () => {
    const last = new Map<string, number>()
    await look({ v1: 100, v2: 50 }, last)
    expect(await look({ v1: 101, v2: 2 }, last)).toEqual(events(2, 1))
  })

  it('blame nobody for a replica that does not answer, and lose nothing meanwhile', async () => {
    const last = new Map<string, number>()
    await look({ v1: 100, v2: 50 }, last)
    await expect(look({ v1: undefined, v2: 60 }, last)).rejects.toThrow('refused')
    expect(await look({ v1: 110, v2: 70 }, last)).toEqual(events(20, 10))
  })
})
