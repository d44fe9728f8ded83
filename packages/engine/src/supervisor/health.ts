import { dueAt, type ProbePlan, type ProbeResult, type ProbeTrack, record, send, startTrack } from './probe-track.ts'

export type ProbeKind = 'startup' | 'ready' | 'live'

/** Which questions a replica is asked; none of them means that running is being ready. */
export interface HealthPlan {
  readonly startup?: ProbePlan
  readonly ready?: ProbePlan
  readonly live?: ProbePlan
  /** Whether liveness is asked only from the first readiness on: true where the catalog names no liveness probe. */
  readonly liveAfterReady: boolean
  /** ms that a replica without readiness probe must run before it counts as ready. */
  readonly settle: number
}

/** What has been asked and answered since the process started. */
export interface Health {
  /** ms of the monotonic clock at which asking began. */
  readonly since: number
  readonly started: boolean
  readonly wasReady: boolean
  readonly tracks: Readonly<Partial<Record<ProbeKind, ProbeTrack>>>
}

/** What the answers so far amount to. */
export type HealthVerdict =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'unready'; readonly why: string }
  /** Liveness said no; `silent` when it did so by not answering. */
  | { readonly kind: 'dead'; readonly why: string; readonly silent: boolean }
  /** The startup probe's budget is used up. */
  | { readonly kind: 'late'; readonly why: string }

/** ms between the first questions, until the replica has been ready once; grows by half up to 1 s. */
const eagerFirst = 20

/** Begins to ask a replica that was started at `now`; `wasReady` is an adopted one that has been ready before. */
export function beginHealth(plan: HealthPlan, now: number, wasReady = false): Health {
  const started = wasReady || !plan.startup
  const tracks: Partial<Record<ProbeKind, ProbeTrack>> = {}
  if (!started && plan.startup) tracks.startup = startTrack(now + plan.startup.delay, eagerFirst)
  if (started) Object.assign(tracks, steadyTracks(plan, now, now, wasReady))
  return { since: now, started, wasReady, tracks }
}

function steadyTracks(plan: HealthPlan, since: number, now: number, wasReady: boolean): Health['tracks'] {
  const first = (probe: ProbePlan): number => (wasReady ? now : Math.max(now, since + probe.delay))
  return {
    ...(plan.ready && { ready: startTrack(first(plan.ready), wasReady ? undefined : eagerFirst) }),
    ...(plan.live &&
      (wasReady || !plan.liveAfterReady) && { live: startTrack(first(plan.live) + plan.live.every, undefined) }),
  }
}

/** What follows from the answers at `now`. */
export function judge(health: Health, plan: HealthPlan, now: number): HealthVerdict {
  const { startup, ready, live } = health.tracks
  if (!health.started && plan.startup) {
    const budget = plan.startup.delay + plan.startup.failures * plan.startup.every
    if (now - health.since < budget) return { kind: 'unknown' }
    return { kind: 'late', why: `did not start within ${budget / 1000} s: ${startup?.detail ?? 'no answer'}` }
  }
  if (live && plan.live && live.failures >= plan.live.failures) {
    return { kind: 'dead', why: `not alive: ${live.detail ?? 'no answer'}`, silent: live.silent }
  }
  if (!plan.ready) {
    const settled = health.wasReady || now - health.since >= plan.settle
    return settled ? { kind: 'ready' } : { kind: 'unknown' }
  }
  if (!ready) return { kind: 'unknown' }
  if (ready.successes >= plan.ready.successes) return { kind: 'ready' }
  if (ready.failures >= plan.ready.failures || !health.wasReady) {
    return ready.failures === 0 ? { kind: 'unknown' } : { kind: 'unready', why: ready.detail ?? 'no answer' }
  }
  return { kind: 'unknown' }
}

/** Takes in one answer; an answer to a question that was given up is ignored. */
export function answered(
  health: Health,
  plan: HealthPlan,
  kind: ProbeKind,
  id: number,
  result: ProbeResult,
  now: number,
): Health {
  const track = health.tracks[kind]
  const probe = plan[kind]
  if (!track || !probe || track.sent?.id !== id) return health
  const next = record(track, probe, result, now)
  if (kind === 'startup' && next.successes >= probe.successes) {
    return { ...health, started: true, tracks: steadyTracks(plan, health.since, now, false) }
  }
  const seen = { ...health, tracks: { ...health.tracks, [kind]: next } }
  return kind === 'ready' && next.successes >= probe.successes ? markReady(seen, plan, now) : seen
}

/** Notes that the replica has been ready; from then on it is asked at the plan's pace, and for liveness too. */
export function markReady(health: Health, plan: HealthPlan, now: number): Health {
  if (health.wasReady) return health
  const live =
    plan.live && !health.tracks.live
      ? { live: startTrack(Math.max(now + plan.live.every, health.since + plan.live.delay), undefined) }
      : {}
  return { ...health, wasReady: true, tracks: { ...health.tracks, ...live } }
}

/** Asks what is due and gives up what is overdue. Returns the questions to put now. */
export function ask(
  health: Health,
  plan: HealthPlan,
  now: number,
  nextId: () => number,
): { readonly health: Health; readonly questions: readonly { readonly kind: ProbeKind; readonly id: number }[] } {
  const questions: { kind: ProbeKind; id: number }[] = []
  let current = health
  for (const kind of ['startup', 'ready', 'live'] as const) {
    const probe = plan[kind]
    let track = current.tracks[kind]
    if (!track || !probe || now < dueAt(track, probe)) continue
    if (track.sent) {
      const why = `no answer within ${probe.timeout} ms`
      // Looking this late, it was us who slept.
      const slept = now - dueAt(track, probe) > probe.timeout
      const result: ProbeResult = slept ? { ok: 'unknown' } : { ok: false, silent: true, detail: why }
      current = answered(current, plan, kind, track.sent.id, result, now)
      track = current.tracks[kind]
      if (!track || track.sent || now < track.nextAt) continue
    }
    const id = nextId()
    questions.push({ kind, id })
    current = { ...current, tracks: { ...current.tracks, [kind]: send(track, id, now) } }
  }
  return { health: current, questions }
}

/** When something must be asked, given up or judged next. */
export function nextAsk(health: Health, plan: HealthPlan): number {
  let at = Number.POSITIVE_INFINITY
  for (const kind of ['startup', 'ready', 'live'] as const) {
    const probe = plan[kind]
    const track = health.tracks[kind]
    if (track && probe) at = Math.min(at, dueAt(track, probe))
  }
  if (!health.started && plan.startup) {
    at = Math.min(at, health.since + plan.startup.delay + plan.startup.failures * plan.startup.every)
  }
  if (!plan.ready && !health.wasReady && health.started) at = Math.min(at, health.since + plan.settle)
  return at
}
