import { describe, expect, it } from 'vitest'
import { accountFor } from './account.ts'
import type { Batch } from './batch.ts'
import { ruleOf } from './defaults.ts'
import { replay, type VerdictEntry, verifyEvidence } from './replay.ts'
import { beginVerdict } from './state.ts'

const rule = ruleOf({
  service: 'api',
  baseline: 'v1',
  canary: 'v2',
  shares: [0.1, 0.5],
  sticky: false,
  latency: [{ boundMs: 500 }],
  counters: [],
  requestTimeoutMs: 10_000,
  warmUpMs: 0,
})

function entry(share: number, canary: number, baseline: number): VerdictEntry {
  const batch: Batch = {
    at: 1_700_000_000_000,
    elapsedMs: 2000,
    source: 'read',
    draws: [{ share, canary: Math.round(200 * share), baseline: Math.round(200 * (1 - share)) }],
    ended: { canary: Math.round(200 * share), baseline: Math.round(200 * (1 - share)) },
    events: [{ metric: 'errors', counts: [{ share, canary, baseline }] }],
  }
  return { kind: 'batch', batch }
}

const entries: readonly VerdictEntry[] = [
  ...Array.from({ length: 10 }, () => entry(0.1, 1, 6)),
  { kind: 'advance' },
  { kind: 'extend', ms: 60_000 },
  ...Array.from({ length: 10 }, () => entry(0.5, 4, 5)),
]

describe('the account', () => {
  it('tells what was seen, with an interval, and what could have been seen', () => {
    const { state } = replay(rule, entries)
    const account = accountFor(state)
    expect(account.requests).toEqual({ canary: 1200, baseline: 2800 })
    const [errors, , slow] = account.metrics
    expect(errors).toMatchObject({ canary: 50, baseline: 110, expected: 52 })
    expect(errors?.ratio.low).toBeLessThan(1)
    expect(errors?.ratio.high).toBeGreaterThan(1)
    expect(errors?.detectable).toBeGreaterThan(1.5)
    expect(errors?.detectable).toBeLessThan(4)
    expect(errors?.sentence).toMatch(
      /^errors: 160 events, 50 on the canary where its share explains 52; ratio .* at every moment: .*; canary’s rate below .* %; a ratio from .* upward would have shown/,
    )
    expect(slow?.sentence).toContain('slower than 500 ms: none; canary’s rate below')
    expect(slow?.sentence).toContain('too few events for any ratio to show')
  })

  it('of nothing says nothing', () => {
    const account = accountFor(beginVerdict(rule))
    expect(account.metrics.every(({ detectable, rateBelow }) => detectable === null && rateBelow === 1)).toBe(true)
  })
})

describe('replay', () => {
  it('leads to the same bytes from the same batches, through JSON and at any point of interruption', () => {
    const whole = replay(rule, entries)
    expect(JSON.stringify(replay(rule, JSON.parse(JSON.stringify(entries)) as VerdictEntry[]))).toBe(
      JSON.stringify(whole),
    )
  })

  it('confirms evidence that was not altered', () => {
    const { decisions, state } = replay(rule, entries)
    const evidence = { kind: 'verdict-evidence', version: 1, rule, entries, decisions } as const
    const stored = JSON.parse(JSON.stringify(evidence)) as typeof evidence
    expect(verifyEvidence(stored)).toEqual(state)
    expect(() => verifyEvidence({ ...stored, decisions: decisions.slice(1) })).toThrow(/Decision 1 of 20 is stored as/)
  })
})
