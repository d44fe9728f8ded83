import type { JobProgress } from './job-state.ts'
import type { ReplicaPolicy } from './replica-event.ts'
import type { Exit, Next, ProcessIdentity, Replica } from './replica-state.ts'
import type { JobRun } from './unit.ts'

/** What is kept of a replica on disk: enough to find its process again and to go on with what was being done to it. */
export interface ReplicaRow {
  readonly id: string
  readonly unit: string
  readonly slot: number
  readonly address?: string
  readonly restarts: number
  readonly outOfMemory: number
  readonly hangs: number
  readonly failedStarts: number
  readonly failures: number
  /** `idle`: no process was wanted or known. */
  readonly phase: 'idle' | 'launching' | 'running' | 'draining' | 'stopping'
  readonly process?: ProcessIdentity
  /** Whether this run of it has been ready once. */
  readonly wasReady?: boolean
  readonly next?: Next
  readonly why?: string
}

/** What is kept of a run of a job. */
export interface JobRow {
  readonly run: JobRun
  readonly attempt: number
  readonly phase: 'waiting' | 'launching' | 'running' | 'succeeded' | 'failed' | 'unknown'
  readonly process?: ProcessIdentity
  readonly why?: string
}

/** What is to be written of a replica. */
export function replicaRow(replica: Replica): ReplicaRow {
  const { state, ...rest } = replica
  switch (state.phase) {
    case 'starting':
    case 'ready':
    case 'unready':
      return { ...rest, phase: 'running', process: state.process, wasReady: state.health.wasReady }
    case 'draining':
    case 'stopping':
    case 'killing': {
      const phase = state.phase === 'draining' ? 'draining' : 'stopping'
      return { ...rest, phase, process: state.process, next: state.next, why: state.why }
    }
    case 'launching':
      return {
        ...rest,
        phase: 'launching',
        ...(state.doomed !== undefined && { next: 'remove', why: state.doomed.why }),
      }
    case 'waiting':
    case 'backoff':
    case 'crash-looping':
    case 'failed':
    case 'gone':
      return { ...rest, phase: 'idle' }
    default:
      return state satisfies never
  }
}

/** What is to be written of a run. */
export function jobRow({ run, attempt, state }: JobProgress): JobRow {
  switch (state.phase) {
    case 'running':
    case 'killing':
      return { run, attempt, phase: 'running', process: state.process }
    case 'backoff':
      return { run, attempt, phase: 'waiting', why: state.why }
    case 'failed':
      return { run, attempt, phase: 'failed', why: state.why }
    case 'waiting':
    case 'launching':
    case 'succeeded':
    case 'unknown':
      return { run, attempt, phase: state.phase }
    default:
      return state satisfies never
  }
}

/** What was found of a process that a row names, or of one that carries the row's mark. */
export type Found =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'alive'; readonly process: ProcessIdentity; readonly address?: string }
  /** The leader is gone, children of its group are not. */
  | { readonly kind: 'leaderless'; readonly process: ProcessIdentity }

/**
 * The replica that a row and what was found amount to; undefined when it was on its way out and is gone. One that was in
 * rotation stays in it until a probe says otherwise, so that a new controller disturbs nothing.
 */
export function adoptReplica(
  row: ReplicaRow,
  found: Found,
  around: {
    readonly policy: ReplicaPolicy | undefined
    readonly inRotation: boolean
    readonly now: number
    readonly health: AdoptHealth
  },
): Replica | undefined {
  const { id, unit, slot, address: known, restarts, outOfMemory, hangs, failedStarts, failures } = row
  const { now } = around
  const address = found.kind === 'alive' ? (found.address ?? known) : known
  const rest = {
    id,
    unit,
    slot,
    ...(address !== undefined && { address }),
    restarts,
    outOfMemory,
    hangs,
    failedStarts,
    failures,
  }
  const leaving = row.next === 'remove' || around.policy === undefined
  const why = row.why ?? 'its version is removed'
  if (found.kind === 'nothing') {
    if (leaving) return undefined
    if (row.phase !== 'running') return { ...rest, state: { phase: 'waiting', since: now } }
    const exit: Exit = {}
    return {
      ...rest,
      restarts: restarts + 1,
      failures: failures + 1,
      state: { phase: 'backoff', since: now, until: now, exit, why: 'ended while no controller watched' },
    }
  }
  const { process } = found
  const next: Next = leaving ? 'remove' : (row.next ?? 'restart')
  if (found.kind === 'leaderless') {
    return {
      ...rest,
      state: { phase: 'killing', since: now, until: now, process, next, why: row.why ?? 'its leader ended' },
    }
  }
  if (row.phase === 'draining' || row.phase === 'stopping' || leaving || !around.policy) {
    // Asked again: between the intent and the signal the earlier controller may have died.
    return {
      ...rest,
      state: { phase: 'draining', since: now, until: now + (around.policy?.drain ?? 0), process, next, why },
    }
  }
  const health = around.health(around.policy, now, around.inRotation || row.wasReady === true)
  if (around.inRotation) return { ...rest, state: { phase: 'ready', since: now, process, health } }
  if (row.wasReady !== true) return { ...rest, state: { phase: 'starting', since: now, process, health } }
  return {
    ...rest,
    state: { phase: 'unready', since: now, process, health, why: 'not ready when the controller changed' },
  }
}

type AdoptHealth = (policy: ReplicaPolicy, now: number, ready: boolean) => import('./health.ts').Health

/** The run that a row and what was found amount to. A run that ended unwatched is `unknown` unless it left its exit code. */
export function adoptJob(row: JobRow, found: Found, left: Exit | undefined, now: number): JobProgress {
  const { run, attempt } = row
  switch (row.phase) {
    case 'waiting':
    case 'succeeded':
    case 'unknown':
      return { run, attempt, state: { phase: row.phase } }
    case 'failed':
      return { run, attempt, state: { phase: 'failed', why: row.why ?? 'failed' } }
    case 'launching':
    case 'running': {
      if (found.kind !== 'nothing')
        return { run, attempt, state: { phase: 'running', process: found.process, until: now + run.timeout } }
      if (left?.code === 0) return { run, attempt, state: { phase: 'succeeded' } }
      if (left)
        return {
          run,
          attempt,
          state: {
            phase: attempt < run.attempts ? 'waiting' : 'failed',
            why: `exit ${left.code}`,
          } as JobProgress['state'],
        }
      // The intent was written, and neither a process with its mark nor an exit code is there: it never began.
      if (row.phase === 'launching') return { run, attempt: attempt - 1, state: { phase: 'waiting' } }
      return { run, attempt, state: { phase: 'unknown' } }
    }
    default:
      return row.phase satisfies never
  }
}
