import { HealthWatch } from './client-health.ts'
import { type LoadClock, machineClock } from './load-clock.ts'
import { type LoadResult, loadResult } from './load-result.ts'
import { Recorder } from './recorder.ts'
import { exponential, seededRandom } from './seeded-random.ts'
import type { Sender } from './sender.ts'
import { defaultBounds, type ValidityBounds } from './validity.ts'

/** A load in the closed model: so many users, each of whom waits for an answer, thinks, and asks again. */
export interface ClosedLoad {
  readonly users: number
  readonly seconds: number
  /** Mean thinking time, ms; exponentially distributed. 0 (the default) asks again at once. */
  readonly thinkMs?: number
  readonly sender: Sender
  readonly seed?: number
  readonly confidence?: number
  readonly bounds?: Partial<ValidityBounds>
  readonly signal?: AbortSignal
  readonly clock?: LoadClock
}

/**
 * Runs users who wait for each answer. It measures what such users see, and how much a server can take; it does *not* say how a
 * server does at a given rate, because users who wait for a stalled server do not ask it: use `runOpenLoad` for that.
 */
export async function runClosedLoad(load: ClosedLoad): Promise<LoadResult> {
  const { sender, seed = 1, confidence = 0.95, thinkMs = 0, clock = machineClock } = load
  const recorder = new Recorder()
  const random = seededRandom(seed)
  const watch = new HealthWatch(clock)
  const startAt = clock.now()
  let n = 0
  const user = async (): Promise<void> => {
    while (clock.now() - startAt < load.seconds * 1000 && !load.signal?.aborted) {
      const intended = clock.now() - startAt
      recorder.begin(intended, intended)
      const outcome = await new Promise<Parameters<Parameters<Sender['send']>[1]>[0]>((resolve) => {
        sender.send(n, resolve)
        n += 1
      })
      recorder.end(intended, intended, clock.now() - startAt, startAt, outcome)
      if (thinkMs > 0) await new Promise<void>((resolve) => void clock.after(thinkMs * exponential(random), resolve))
    }
  }
  await Promise.all(Array.from({ length: load.users }, user))
  const elapsedMs = clock.now() - startAt
  return loadResult({
    model: 'closed',
    recorder,
    health: watch.stop(n),
    seed,
    elapsedMs,
    dueMs: elapsedMs,
    confidence,
    // Users without a pause keep the client as busy as the server lets them; there is no due time that they could miss.
    bounds: { ...defaultBounds, ...load.bounds },
    sender,
  })
}
