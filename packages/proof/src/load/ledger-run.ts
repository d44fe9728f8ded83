import type { Ledger } from './ledger.ts'
import type { LoadClock } from './load-clock.ts'
import { RunningTime } from './running-time.ts'

/** What the clients of a run share. */
export interface LedgerRun {
  readonly ledger: Ledger
  readonly clock: LoadClock
  /** Clock ms at which the run began; findings are timed from it. */
  readonly startAt: number
  /** Ends sending; what was sent is still waited for. */
  readonly signal: AbortSignal
}

/** ms since the run began. */
export function sinceStart(run: LedgerRun): number {
  return run.clock.now() - run.startAt
}

/** Waits, but no longer than until the run is to end. */
export function pause(run: LedgerRun, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      cancel()
      run.signal.removeEventListener('abort', finish)
      resolve()
    }
    const cancel = run.clock.after(ms, finish)
    if (run.signal.aborted) finish()
    else run.signal.addEventListener('abort', finish, { once: true })
  })
}

/** Due times at a constant rate (per second) without end. */
export function* endless(rate: number): Generator<number, void, undefined> {
  for (let n = 0; ; n += 1) yield (n * 1000) / rate
}

/** A client that was held up for longer than this, ms, goes on at its rate instead of sending all at once what it has missed. */
export const heldUpMs = 500

/** Calls back every 50 ms with a clock that leaves out the client's own stalls, after what waits in its sockets was read; returns how to end it. */
export function whileRunning(run: LedgerRun, check: (running: RunningTime) => void): () => void {
  const everyMs = 50
  const running = new RunningTime(run.clock.now, everyMs)
  let cancel = (): void => undefined
  const next = (): void => {
    cancel = run.clock.after(everyMs, () => {
      running.beat()
      run.clock.soon(() => check(running))
      next()
    })
  }
  next()
  return () => cancel()
}
