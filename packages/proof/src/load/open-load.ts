import { type Arrivals, arrivalSeconds, intendedTimes } from './arrivals.ts'
import { HealthWatch } from './client-health.ts'
import { type LoadClock, machineClock } from './load-clock.ts'
import { type LoadResult, loadResult } from './load-result.ts'
import { pace } from './pacer.ts'
import { Recorder } from './recorder.ts'
import { seededRandom } from './seeded-random.ts'
import type { Sender } from './sender.ts'
import { defaultBounds, type ValidityBounds } from './validity.ts'

/** A load in the open model. */
export interface OpenLoad {
  readonly arrivals: Arrivals
  readonly sender: Sender
  /** Default 1. */
  readonly seed?: number
  /** Confidence (0..1) of all intervals. Default 0.95. */
  readonly confidence?: number
  readonly bounds?: Partial<ValidityBounds>
  readonly precision?: 'timer' | 'precise'
  /** Ends the arrivals; what is in progress is still waited for. */
  readonly signal?: AbortSignal
  readonly clock?: LoadClock
}

/**
 * Starts each request when it is due, however slow the answers to earlier ones are, and measures from the time at which it was *due*:
 * a server that stalls is seen as its users would see it (no coordinated omission; Tene 2013). Resolves when all have an outcome.
 */
export async function runOpenLoad(load: OpenLoad): Promise<LoadResult> {
  const { sender, seed = 1, confidence = 0.95, clock = machineClock } = load
  const recorder = new Recorder()
  const watch = new HealthWatch(clock)
  const startAt = clock.now()
  let unfinished = 0
  let allDone = (): void => undefined
  const due = await pace({
    clock,
    startAt,
    times: intendedTimes(load.arrivals, seededRandom(seed)),
    onDue: (n, dueAt) => {
      const intended = dueAt - startAt
      const begun = clock.now() - startAt
      recorder.begin(intended, begun)
      unfinished += 1
      sender.send(n, (outcome) => {
        recorder.end(intended, begun, clock.now() - startAt, startAt, outcome)
        unfinished -= 1
        if (unfinished === 0) allDone()
      })
    },
    ...(load.precision && { precision: load.precision }),
    ...(load.signal && { signal: load.signal }),
  })
  const pacedMs = clock.now() - startAt
  if (unfinished > 0) {
    await new Promise<void>((resolve) => {
      allDone = resolve
    })
  }
  return loadResult({
    model: 'open',
    recorder,
    health: watch.stop(due),
    seed,
    elapsedMs: clock.now() - startAt,
    dueMs: load.signal?.aborted ? pacedMs : Math.max(arrivalSeconds(load.arrivals) * 1000, 1),
    confidence,
    bounds: { ...defaultBounds, ...load.bounds },
    sender,
  })
}
