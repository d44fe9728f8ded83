import { describe, expect, it } from 'vitest'
import { Counters } from './counters.ts'

const key = { service: 'api', route: 'r', version: 'v1', share: 0.9 }

describe('the counters of a worker', () => {
  it('count the failures of one client once per window', () => {
    const counters = new Counters()
    const row = counters.row(key, 60_000, 'release-1')
    for (let i = 0; i < 3; i++) row.assign(7, i)
    for (let i = 0; i < 3; i++) row.end('server-error', 1, 7, i)
    expect(counters.rows(() => [])).toMatchObject([{ assigned: 3, episodes: 1, failedEpisodes: 1 }])
  })

  it('count every client anew with a new coin, and lose no count', () => {
    const counters = new Counters()
    for (const coin of ['release-1', 'release-1', 'release-2']) {
      const row = counters.row(key, 60_000, coin)
      row.assign(7, 1)
      row.end('server-error', 1, 7, 2)
    }
    expect(counters.rows(() => [])).toMatchObject([{ assigned: 3, episodes: 2, failedEpisodes: 2 }])
  })
})
