import type { LoadClock } from './load-clock.ts'

/** Calls back for each due time; times are ms from `startAt`, rising. */
export interface Pacing {
  readonly clock: LoadClock
  readonly startAt: number
  readonly times: Iterator<number>
  /** The n-th arrival (from 0) was due at `intended` (clock ms) and is due now or was before. */
  readonly onDue: (n: number, intended: number) => void
  /** `timer` waits for the clock's grain; `precise` spins through the last 1.5 ms: it costs a core and helps only where one is free. */
  readonly precision?: 'timer' | 'precise'
  readonly signal?: AbortSignal
  /** Leaves out arrivals that it is later for than this, ms, because the client itself was held up. Never by default: a load owes all. */
  readonly skipLaterThan?: number
}

/** Arrivals that are started within one turn of the event loop before answers are looked at again. */
const perTurn = 256

/** Starts each arrival when it is due, never waiting for an earlier one: the open model. Resolves with how many were started. */
export function pace(pacing: Pacing): Promise<number> {
  const { clock, startAt, times, onDue, signal } = pacing
  const skip = pacing.skipLaterThan ?? Number.POSITIVE_INFINITY
  const spin = pacing.precision === 'precise' ? 1.5 : 0
  return new Promise((resolve, reject) => {
    let n = 0
    let next = times.next()
    let cancel = (): void => undefined
    const finish = (): void => {
      signal?.removeEventListener('abort', finish)
      cancel()
      resolve(n)
    }
    const turn = (): void => {
      try {
        for (let started = 0; started < perTurn; started += 1) {
          if (next.done || signal?.aborted) {
            finish()
            return
          }
          const due = startAt + next.value
          const wait = due - clock.now()
          if (wait > 0) {
            if (wait > spin) cancel = clock.after(Math.max(1, Math.floor(wait - spin)), turn)
            else clock.soon(turn)
            return
          }
          if (-wait <= skip) {
            onDue(n, due)
            n += 1
          }
          next = times.next()
        }
        clock.soon(turn)
      } catch (error) {
        reject(error)
      }
    }
    signal?.addEventListener('abort', finish, { once: true })
    turn()
  })
}
