/** Where a breaker stands; each state carries what it needs to leave it. */
export type BreakerState =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'half-open'; readonly trials: number; readonly successes: number }

/** When a breaker opens and how it closes again. */
export interface BreakerOptions {
  /** Failures in a row that open it. */
  readonly failures: number
  /** ms that it stays open before a trial. */
  readonly openMs: number
  /** Trials at once while half open, and successes that close it. */
  readonly probes: number
  /** ms since any fixed moment; must not go back. */
  readonly now?: () => number
  readonly onChange?: (state: BreakerState) => void
}

/** Thrown instead of a call while a breaker is open. */
export class BreakerOpen extends Error {
  /** ms until the next trial. */
  readonly retryInMs: number

  constructor(retryInMs: number) {
    super(`the breaker is open: next trial in ${Math.ceil(retryInMs)} ms`)
    this.name = 'BreakerOpen'
    this.retryInMs = retryInMs
  }
}

export type BreakerEvent = { readonly kind: 'ask' | 'success' | 'failure'; readonly at: number }

/**
 * The transition table: what a breaker becomes on an event.
 * `ask` in `open` after its time gives `half-open`; a failure in `half-open` opens it again for the whole time.
 */
export function breakerTransition(state: BreakerState, event: BreakerEvent, options: BreakerOptions): BreakerState {
  switch (state.kind) {
    case 'closed':
      if (event.kind === 'ask') return state
      if (event.kind === 'success') return state.failures === 0 ? state : { kind: 'closed', failures: 0 }
      return state.failures + 1 >= options.failures
        ? { kind: 'open', until: event.at + options.openMs }
        : { kind: 'closed', failures: state.failures + 1 }
    case 'open':
      return event.kind === 'ask' && event.at >= state.until ? { kind: 'half-open', trials: 1, successes: 0 } : state
    case 'half-open':
      if (event.kind === 'ask') return state.trials < options.probes ? { ...state, trials: state.trials + 1 } : state
      if (event.kind === 'failure') return { kind: 'open', until: event.at + options.openMs }
      return state.successes + 1 >= options.probes
        ? { kind: 'closed', failures: 0 }
        : { ...state, successes: state.successes + 1 }
    default:
      return state satisfies never
  }
}

/** A circuit breaker around one dependency. */
export interface Breaker {
  state(): BreakerState
  /** Runs the call, or throws `BreakerOpen` without running it. `counts` says which errors are the dependency's fault (all by default). */
  run<T>(call: () => Promise<T>, counts?: (error: unknown) => boolean): Promise<T>
}

/** Makes a breaker, closed. */
export function createBreaker(options: BreakerOptions): Breaker {
  const now = options.now ?? (() => performance.now())
  let state: BreakerState = { kind: 'closed', failures: 0 }

  function move(event: BreakerEvent): BreakerState {
    const next = breakerTransition(state, event, options)
    const changed = next.kind !== state.kind
    state = next
    if (changed) options.onChange?.(next)
    return next
  }

  return {
    state: () => state,
    async run(call, counts = () => true) {
      const before = state
      const asked = move({ kind: 'ask', at: now() })
      if (asked.kind === 'open') throw new BreakerOpen(asked.until - now())
      if (asked.kind === 'half-open' && asked === before) throw new BreakerOpen(0)
      try {
        const value = await call()
        move({ kind: 'success', at: now() })
        return value
      } catch (error) {
        move({ kind: counts(error) ? 'failure' : 'success', at: now() })
        throw error
      }
    },
  }
}
