import { describe, expect, it } from 'vitest'
import { answered, ask, beginHealth, type Health, type HealthPlan, judge } from './health.ts'
import type { ProbePlan, ProbeResult } from './probe-track.ts'

const probe: ProbePlan = {
  question: { kind: 'http', path: '/' },
  every: 10_000,
  timeout: 1000,
  failures: 3,
  successes: 1,
  delay: 0,
}
const yes: ProbeResult = { ok: true }
const no: ProbeResult = { ok: false, silent: false, detail: 'GET / answered 503' }
const silence: ProbeResult = { ok: false, silent: true, detail: 'no answer' }

/** Lets time pass in steps of 10 ms and answers every question as told; returns what was concluded, each once. */
function live(
  plan: HealthPlan,
  ms: number,
  answer: (kind: string, at: number) => ProbeResult,
  start?: Health,
): { readonly seen: readonly string[]; readonly asked: Readonly<Record<string, number>>; readonly health: Health } {
  let health = start ?? beginHealth(plan, 0)
  let ids = 0
  const seen: string[] = []
  const asked: Record<string, number> = {}
  for (let at = 0; at <= ms; at += 10) {
    const questions = ask(health, plan, at, () => ++ids)
    health = questions.health
    for (const { kind, id } of questions.questions) {
      asked[kind] = (asked[kind] ?? 0) + 1
      health = answered(health, plan, kind, id, answer(kind, at), at)
    }
    const verdict = judge(health, plan, at).kind
    if (verdict !== 'unknown' && verdict !== seen.at(-1)) seen.push(verdict)
  }
  return { seen, asked, health }
}

const base = { settle: 250, liveAfterReady: true }

describe('probes', () => {
  it('ask often until the first yes, then at their own pace', () => {
    const { seen, asked } = live({ ...base, ready: probe }, 60_000, (_, at) => (at < 1000 ? no : yes))
    expect(seen).toEqual(['unready', 'ready'])
    // Eager within the first second, then every ten seconds.
    expect(asked.ready).toBeGreaterThan(8)
    expect(asked.ready).toBeLessThan(20)
  })

  it('readiness takes out of rotation and never restarts', () => {
    const { seen } = live({ ...base, ready: probe }, 200_000, (_, at) => (at < 20_000 ? yes : no))
    expect(seen).toEqual(['ready', 'unready'])
  })

  it('readiness says no only after as many failures in a row as told', () => {
    let count = 0
    const flaky = (): ProbeResult => (++count % 3 === 0 ? yes : no)
    expect(
      live({ ...base, ready: { ...probe, every: 1000 } }, 60_000, (_, at) => (at < 2000 ? yes : flaky())).seen,
    ).toEqual(['ready'])
  })

  it('liveness restarts, and tells silence from a no', () => {
    const plan = { ...base, ready: probe, live: probe }
    const dead = (result: ProbeResult) =>
      judge(live(plan, 60_000, (kind, at) => (kind === 'live' && at > 15_000 ? result : yes)).health, plan, 60_000)
    expect(dead(no)).toMatchObject({ kind: 'dead', silent: false, why: 'not alive: GET / answered 503' })
    expect(dead(silence)).toMatchObject({ kind: 'dead', silent: true })
  })

  it('startup holds the others off until it has said yes once', () => {
    const plan = { ...base, startup: { ...probe, every: 1000, failures: 30 }, ready: probe, live: probe }
    const { asked } = live(plan, 5000, () => no)
    expect(Object.keys(asked)).toEqual(['startup'])
    expect(live(plan, 20_000, () => yes).seen).toEqual(['ready'])
  })

  it('startup ends what has not started within failures × every', () => {
    const plan = { ...base, startup: { ...probe, every: 1000, failures: 5 } }
    expect(live(plan, 4900, () => no).seen).toEqual([])
    expect(live(plan, 5100, () => no).seen).toEqual(['late'])
  })

  it('without any, a program counts as ready once it has run a moment', () => {
    expect(live(base, 200, () => no).seen).toEqual([])
    expect(live(base, 300, () => no).seen).toEqual(['ready'])
  })

  it('that we were too busy to put count neither way', () => {
    const plan = { ...base, ready: probe, live: { ...probe, every: 1000 } }
    const { seen } = live(plan, 60_000, (kind) => (kind === 'live' ? { ok: 'unknown' } : yes))
    expect(seen).toEqual(['ready'])
    // Unanswered for so long that only we can have slept.
    let ids = 0
    const asked = ask(beginHealth(plan, 0), plan, 0, () => ++ids).health
    const late = ask(asked, plan, 60_000, () => ++ids).health
    expect(late.tracks.ready?.failures).toBe(0)
  })

  it('of an adopted replica that was ready do not disturb it', () => {
    const plan = { ...base, ready: probe }
    const { seen } = live(plan, 25_000, (_, at) => (at < 15_000 ? no : yes), beginHealth(plan, 0, true))
    expect(seen).toEqual(['ready'])
  })
})
