import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { accountFor } from './account.ts'
import type { Batch } from './batch.ts'
import { ruleOf } from './defaults.ts'
import { planRelease } from './plan.ts'
import { planSentences } from './plan-sentences.ts'
import { beginVerdict } from './state.ts'
import { step } from './step.ts'

/** The worked example of docs/verdict.md: 40 requests/s, 0.5 % errors, and a version that fails four times as often. */
function workedExample(): { readonly plan: readonly string[]; readonly release: readonly string[] } {
  const rule = ruleOf({
    service: 'api',
    baseline: 'v1',
    canary: 'v2',
    shares: [0.1, 0.5],
    sticky: false,
    latency: [{ boundMs: 500, limit: 0.05 }],
    counters: [],
    requestTimeoutMs: 10_000,
    errorLimit: 0.03,
  })
  const plan = planSentences(
    planRelease(rule, { requestsPerSecond: 40, rates: { errors: 0.005, 'slower than 500 ms': 0.01 } }),
  )
  const release: string[] = []
  let state = beginVerdict(rule)
  // Every two seconds 80 requests: 8 to the canary. Of its requests every 50th fails, of the baseline's every 200th.
  const every = (n: number, from: number, to: number): number => Math.floor(to / n) - Math.floor(from / n)
  for (let batch = 0; batch < 600; batch++) {
    const counts = {
      share: 0.1,
      canary: every(50, 8 * batch, 8 * batch + 8),
      baseline: every(200, 72 * batch, 72 * batch + 72),
    }
    const slow = {
      share: 0.1,
      canary: every(100, 8 * batch, 8 * batch + 8),
      baseline: every(100, 72 * batch, 72 * batch + 72),
    }
    const taken = step(state, {
      at: 0,
      elapsedMs: 2000,
      source: 'read',
      draws: [{ share: 0.1, canary: 8, baseline: 72 }],
      ended: { canary: 8, baseline: 72 },
      events: [
        { metric: 'errors', counts: [counts] },
        { metric: 'slower than 500 ms', counts: [slow] },
      ],
    } satisfies Batch)
    state = taken.state
    if (batch === 29 || taken.decision.kind !== 'continue') release.push(taken.decision.sentence)
    if (taken.decision.kind === 'harmful' || taken.decision.kind === 'safe') break
  }
  release.push(...accountFor(state).metrics.map(({ sentence }) => sentence))
  return { plan, release }
}

it('the worked example in docs/verdict.md is what the code says', () => {
  const page = readFileSync(new URL('../../../../docs/verdict.md', import.meta.url), 'utf8')
  const { plan, release } = workedExample()
  expect(page).toContain(plan.join('\n'))
  expect(page).toContain(release.join('\n'))
})
