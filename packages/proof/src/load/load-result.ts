import type { ClientHealth } from './client-health.ts'
import { type Distribution, distribution, quantileOf } from './distribution.ts'
import { type Proportion, proportionInTime } from './proportion.ts'
import type { Recorder, Second } from './recorder.ts'
import type { Sender } from './sender.ts'
import { judgeValidity, type Validity, type ValidityBounds } from './validity.ts'

/** What a load measured, as plain data that survives JSON. */
export interface LoadResult {
  readonly kind: 'load'
  /** `open`: requests start when they are due, whatever became of earlier ones. `closed`: users who wait for each answer. */
  readonly model: 'open' | 'closed'
  readonly validity: Validity
  readonly seed: number
  /** Length of the run from the first due time to the last outcome, ms. */
  readonly elapsedMs: number
  readonly requests: {
    readonly due: number
    readonly answered: number
    readonly failed: number
    /** Of the failed, those of which the server cannot have seen a byte. */
    readonly neverSent: number
  }
  /** Requests/s that were due, over the time in which they were. */
  readonly offeredRate: number
  /** Answers below 500 per second, over that time or until the last answer, whichever is longer. */
  readonly goodRate: number
  /** Failed, or answered with 500 or more, as a share of all that was due, with an interval that allows for clumps. */
  readonly errors: Proportion
  readonly statuses: Readonly<Record<string, number>>
  readonly failures: Readonly<Record<string, number>>
  /** From the intended start; the one to judge by. */
  readonly latency: Distribution
  /** Latencies that are lower bounds, because the request was given up. */
  readonly censored: number
  readonly service: Distribution
  readonly wait: Distribution
  readonly lag: Distribution
  readonly labels: Readonly<Record<string, LabelResult>>
  /** What the sender measured besides, such as the time to a stream's first event. */
  readonly measures: Readonly<Record<string, Distribution>>
  readonly seconds: readonly Readonly<Second>[]
  readonly client: {
    readonly cpu: number
    readonly cpuMicrosPerRequest: number
    readonly busy: number
    readonly loopDelay: Distribution
  }
  readonly bytes: number
}

/** What one label, such as one version, answered. Failures have no label: nobody knows whose they are. */
export interface LabelResult {
  readonly answered: number
  readonly serverErrors: Proportion
  readonly latency: Distribution
}

/** Makes the result of a run that is over. */
export function loadResult(run: {
  readonly model: LoadResult['model']
  readonly recorder: Recorder
  readonly health: ClientHealth
  readonly seed: number
  readonly elapsedMs: number
  /** For how long requests fell due, ms. */
  readonly dueMs: number
  readonly confidence: number
  readonly bounds: ValidityBounds
  readonly sender: Sender
}): LoadResult {
  const { recorder, health, confidence, elapsedMs } = run
  const due = recorder.lag.whole.count
  const latency = distribution(recorder.latency, confidence, recorder.smallestCensored)
  const lag = distribution(recorder.lag, confidence)
  const loopDelay = distribution(health.loopDelay, confidence)
  const serverErrors = [...recorder.statuses].reduce((sum, [status, count]) => sum + (status >= 500 ? count : 0), 0)
  const labels = [...recorder.labels].map(([name, label]): [string, LabelResult] => [
    name,
    {
      answered: label.answered,
      serverErrors: proportionInTime(label.serverErrors.stretches().blocks, confidence),
      latency: distribution(label.latency, confidence),
    },
  ])
  const zeroOr = (value: number): number => (Number.isNaN(value) ? 0 : value)
  const validity = judgeValidity(
    {
      lagP99: zeroOr(quantileOf(lag, 0.99)),
      latencyP99: zeroOr(quantileOf(latency, 0.99)),
      loopDelayP99: zeroOr(quantileOf(loopDelay, 0.99)),
      cpu: health.cpu,
      busy: health.busy,
      localLimits: recorder.failures.get('local limit') ?? 0,
      senderLimits: run.sender.limits?.() ?? [],
    },
    run.bounds,
  )
  const rate = (count: number, ms: number): number => (ms > 0 ? (count / ms) * 1000 : 0)
  return {
    kind: 'load',
    model: run.model,
    validity,
    seed: run.seed,
    elapsedMs,
    requests: { due, answered: recorder.answered, failed: recorder.failed, neverSent: recorder.neverSent },
    offeredRate: rate(due, run.dueMs),
    goodRate: rate(recorder.answered - serverErrors, Math.max(run.dueMs, recorder.lastAnswerAt)),
    errors: proportionInTime(recorder.errors.stretches().blocks, confidence),
    statuses: Object.fromEntries([...recorder.statuses].sort(([a], [b]) => a - b)),
    failures: Object.fromEntries([...recorder.failures].sort()),
    latency,
    censored: recorder.censored,
    service: distribution(recorder.service, confidence),
    wait: distribution(recorder.wait, confidence),
    lag,
    labels: Object.fromEntries(labels.sort(([a], [b]) => (a < b ? -1 : 1))),
    measures: Object.fromEntries(
      Object.entries(run.sender.measures?.() ?? {}).map(([name, histogram]) => [
        name,
        distribution(histogram, confidence),
      ]),
    ),
    seconds: recorder.seconds,
    client: { cpu: health.cpu, cpuMicrosPerRequest: health.cpuMicrosPerRequest, busy: health.busy, loopDelay },
    bytes: recorder.bytes,
  }
}
