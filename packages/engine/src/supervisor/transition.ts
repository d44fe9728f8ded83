import { backoff } from './backoff.ts'
import { describeExit } from './describe.ts'
import { answered, ask, beginHealth, judge, markReady, nextAsk } from './health.ts'
import type { Moment, ReplicaEffect, ReplicaEvent, ReplicaPolicy } from './replica-event.ts'
import type { Exit, Next, Replica, ReplicaState } from './replica-state.ts'

/** ms that a program which stopped answering is given after its signal. */
const hungGrace = 1000
/** ms between two SIGKILLs to a group that still has members. */
const killEvery = 500

/**
 * The next state of a replica and what has to be done. Pure: the same arguments give the same answer. An event that
 * means nothing in a state (a late exit, a stale probe) changes nothing.
 */
export function advance(
  replica: Replica,
  event: ReplicaEvent,
  policy: ReplicaPolicy,
  moment: Moment,
): { readonly replica: Replica; readonly effects: readonly ReplicaEffect[] } {
  const step = new Step(replica, policy, moment)
  step.take(event)
  return { replica: step.replica, effects: step.effects }
}

class Step {
  replica: Replica
  readonly effects: ReplicaEffect[] = []
  readonly #policy: ReplicaPolicy
  readonly #moment: Moment

  constructor(replica: Replica, policy: ReplicaPolicy, moment: Moment) {
    this.replica = replica
    this.#policy = policy
    this.#moment = moment
  }

  take(event: ReplicaEvent): void {
    const { state } = this.replica
    switch (state.phase) {
      case 'waiting':
        this.#waiting(event)
        return
      case 'launching':
        this.#launching(state, event)
        return
      case 'starting':
      case 'ready':
      case 'unready':
        this.#up(state, event)
        return
      case 'draining':
        this.#draining(state, event)
        return
      case 'stopping':
        this.#stopping(state, event)
        return
      case 'killing':
        this.#killing(state, event)
        return
      case 'backoff':
      case 'crash-looping':
        if (event.kind === 'tick' && this.#now >= state.until) {
          this.#to({ phase: 'waiting', since: this.#now })
          return
        }
        this.#idle(event)
        return
      case 'failed':
        this.#idle(event)
        return
      case 'gone':
        return
      default:
        state satisfies never
    }
  }

  get #now(): number {
    return this.#moment.now
  }

  #to(state: ReplicaState): void {
    this.replica = { ...this.replica, state }
  }

  #waiting(event: ReplicaEvent): void {
    if (event.kind === 'start') {
      this.#to({ phase: 'launching', since: this.#now })
      this.effects.push({ kind: 'launch', replica: this.replica.id })
    } else if ((event.kind === 'stop' || event.kind === 'kill') && event.next === 'remove') this.#gone()
  }

  #launching(state: Extract<ReplicaState, { phase: 'launching' }>, event: ReplicaEvent): void {
    switch (event.kind) {
      case 'launched': {
        if (event.address !== undefined) this.replica = { ...this.replica, address: event.address }
        const health = beginHealth(this.#policy.health, this.#now)
        this.#to({ phase: 'starting', since: this.#now, process: event.process, health })
        if (state.doomed !== undefined) this.take({ kind: 'stop', next: 'remove', ...state.doomed })
        else this.take({ kind: 'tick' })
        return
      }
      case 'launch-failed':
        if (state.doomed !== undefined) {
          this.#gone()
          return
        }
        if (event.final) {
          this.#to({ phase: 'failed', since: this.#now, why: event.why })
          return
        }
        this.replica = { ...this.replica, failedStarts: this.replica.failedStarts + 1 }
        this.#backOff({}, event.why)
        return
      case 'stop':
      case 'kill':
        if (event.next === 'remove') this.#doom(state, event)
        return
      default:
        return
    }
  }

  #doom(
    state: Extract<ReplicaState, { phase: 'launching' }>,
    event: Extract<ReplicaEvent, { kind: 'stop' | 'kill' }>,
  ): void {
    const exposed = event.kind === 'stop' && event.exposed === true
    this.#to({ ...state, doomed: { why: event.why, exposed } })
  }

  #up(state: Extract<ReplicaState, { phase: 'starting' | 'ready' | 'unready' }>, event: ReplicaEvent): void {
    switch (event.kind) {
      case 'probed': {
        const health = answered(state.health, this.#policy.health, event.probe, event.id, event.result, this.#now)
        if (health === state.health) return
        this.#to({ ...state, health })
        this.#weigh()
        return
      }
      case 'tick': {
        const { health, questions } = ask(state.health, this.#policy.health, this.#now, this.#moment.nextId)
        for (const { kind, id } of questions)
          this.effects.push({ kind: 'probe', replica: this.replica.id, probe: kind, id })
        if (health !== state.health) this.#to({ ...state, health })
        this.#weigh()
        return
      }
      case 'exited': {
        if (state.phase === 'starting') this.replica = { ...this.replica, failedStarts: this.replica.failedStarts + 1 }
        this.#forgive(state)
        this.#count(event.exit)
        const why = describeExit(event.exit)
        if (event.empty) {
          this.#backOff(event.exit, why)
          return
        }
        // The leader is gone and left children behind: a new one must not meet them.
        this.#kill({ process: state.process, since: this.#now, next: 'restart', why, exit: event.exit })
        return
      }
      case 'stop': {
        const ending = { process: state.process, since: this.#now, next: event.next, why: event.why }
        const rotated = this.#policy.routed && (state.phase !== 'starting' || event.exposed === true)
        if (rotated) this.#to({ phase: 'draining', ...ending, until: this.#now + this.#policy.drain })
        else this.#askToStop(ending, this.#policy.grace)
        return
      }
      case 'kill':
        this.#kill({ process: state.process, since: this.#now, next: event.next, why: event.why })
        return
      default:
        return
    }
  }

  /** Draws the conclusion from the answers so far. */
  #weigh(): void {
    const { state } = this.replica
    if (state.phase !== 'starting' && state.phase !== 'ready' && state.phase !== 'unready') return
    const { process } = state
    const verdict = judge(state.health, this.#policy.health, this.#now)
    switch (verdict.kind) {
      case 'unknown':
        return
      case 'ready': {
        if (state.phase === 'ready') return
        const health = markReady(state.health, this.#policy.health, this.#now)
        this.#to({ phase: 'ready', since: this.#now, process, health })
        return
      }
      case 'unready':
        if (state.phase === 'ready')
          this.#to({ phase: 'unready', since: this.#now, process, health: state.health, why: verdict.why })
        return
      case 'late':
      case 'dead': {
        this.#forgive(state)
        const silent = verdict.kind === 'dead' && verdict.silent
        this.replica = {
          ...this.replica,
          restarts: this.replica.restarts + 1,
          hangs: this.replica.hangs + (verdict.kind === 'dead' ? 1 : 0),
          failedStarts: this.replica.failedStarts + (state.phase === 'starting' ? 1 : 0),
        }
        const grace = silent ? Math.min(hungGrace, this.#policy.grace) : this.#policy.grace
        this.#askToStop({ process, since: this.#now, next: 'restart', why: verdict.why }, grace)
        return
      }
      default:
        verdict satisfies never
    }
  }

  #draining(state: Extract<ReplicaState, { phase: 'draining' }>, event: ReplicaEvent): void {
    const { phase: _, until: __, ...ending } = state
    if (event.kind === 'exited') {
      const left = { ...ending, exit: event.exit }
      if (event.empty) this.#finish(left)
      else this.#kill(left)
      return
    }
    if (event.kind === 'kill') {
      this.#kill({ ...ending, next: event.next })
      return
    }
    if (event.kind === 'stop' && event.next === 'remove') {
      this.#to({ ...state, next: 'remove' })
      return
    }
    if (event.kind === 'drained' || (event.kind === 'tick' && this.#now >= state.until)) {
      this.#askToStop({ ...ending, since: this.#now }, this.#policy.grace)
    }
  }

  #stopping(state: Extract<ReplicaState, { phase: 'stopping' }>, event: ReplicaEvent): void {
    const { phase: _, until: __, ...ending } = state
    if (event.kind === 'exited') {
      this.#left(state, event)
      return
    }
    if (event.kind === 'emptied') {
      this.#finish(ending)
      return
    }
    if (event.kind === 'stop' && event.next === 'remove') {
      this.#to({ ...state, next: 'remove' })
      return
    }
    if (event.kind === 'kill' || (event.kind === 'tick' && this.#now >= state.until)) {
      this.#kill(event.kind === 'kill' ? { ...ending, next: event.next } : ending)
    }
  }

  #killing(state: Extract<ReplicaState, { phase: 'killing' }>, event: ReplicaEvent): void {
    const { phase: _, until: __, ...ending } = state
    if (event.kind === 'exited') {
      this.#left(state, event)
      return
    }
    if (event.kind === 'emptied') {
      this.#finish(ending)
      return
    }
    if ((event.kind === 'stop' || event.kind === 'kill') && event.next === 'remove')
      this.#to({ ...state, next: 'remove' })
    else if (event.kind === 'tick' && this.#now >= state.until) this.#kill(ending)
  }

  /** The leader ended after it was asked to; children of its group may take the rest of the time. */
  #left(
    state: Extract<ReplicaState, { phase: 'stopping' | 'killing' }>,
    event: Extract<ReplicaEvent, { kind: 'exited' }>,
  ): void {
    const left = { ...state, exit: event.exit }
    if (event.empty) this.#finish(left)
    else this.#to(left)
  }

  #askToStop(ending: Omit<Extract<ReplicaState, { phase: 'stopping' }>, 'phase' | 'until'>, grace: number): void {
    this.effects.push({ kind: 'ask-to-stop', replica: this.replica.id, process: ending.process })
    this.#to({ phase: 'stopping', ...ending, until: this.#now + grace })
  }

  #kill(ending: Omit<Extract<ReplicaState, { phase: 'killing' }>, 'phase' | 'until'>): void {
    this.effects.push({ kind: 'kill', replica: this.replica.id, process: ending.process })
    this.#to({ phase: 'killing', ...ending, until: this.#now + killEvery })
  }

  #finish(ending: { readonly next: Next; readonly why: string; readonly exit?: Exit }): void {
    switch (ending.next) {
      case 'remove':
        this.#gone()
        return
      case 'relaunch':
        this.#to({ phase: 'waiting', since: this.#now })
        return
      case 'restart':
        this.#backOff(ending.exit ?? {}, ending.why)
        return
      default:
        ending.next satisfies never
    }
  }

  #idle(event: ReplicaEvent): void {
    if (event.kind !== 'stop' && event.kind !== 'kill') return
    if (event.next === 'remove') this.#gone()
    else this.#to({ phase: 'waiting', since: this.#now })
  }

  #gone(): void {
    this.#to({ phase: 'gone', since: this.#now })
  }

  #backOff(exit: Exit, why: string): void {
    const failures = this.replica.failures + 1
    const { restart } = this.#policy
    const phase = failures >= restart.crashLoop ? 'crash-looping' : 'backoff'
    const until = this.#now + backoff(restart, failures, this.#moment.random())
    this.replica = { ...this.replica, failures }
    this.#to({ phase, since: this.#now, until, exit, why })
  }

  /** A long enough run makes the next failure the first again. */
  #forgive(state: Extract<ReplicaState, { phase: 'starting' | 'ready' | 'unready' }>): void {
    if (this.#now - state.health.since >= this.#policy.restart.forgive) this.replica = { ...this.replica, failures: 0 }
  }

  #count(exit: Exit): void {
    this.replica = {
      ...this.replica,
      restarts: this.replica.restarts + 1,
      outOfMemory: this.replica.outOfMemory + (exit.memoryLimit === undefined ? 0 : 1),
    }
  }
}

/** When a replica wants its next `tick`, in ms of the monotonic clock; infinity when nothing but an event will move it. */
export function wakeAt(replica: Replica, policy: ReplicaPolicy): number {
  const { state } = replica
  switch (state.phase) {
    case 'starting':
    case 'ready':
    case 'unready':
      return nextAsk(state.health, policy.health)
    case 'draining':
    case 'stopping':
    case 'killing':
    case 'backoff':
    case 'crash-looping':
      return state.until
    case 'waiting':
    case 'launching':
    case 'failed':
    case 'gone':
      return Number.POSITIVE_INFINITY
    default:
      return state satisfies never
  }
}
