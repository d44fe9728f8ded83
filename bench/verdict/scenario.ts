import type { Dice } from './dice.ts'
import { type LatencyShape, lognormalShape, tailOf } from './latency.ts'
import { type ArmLog, emptyLog, latencyBounds, type RequestLog } from './log.ts'

/** A kind of release. Functions take the second, 0..1199. */
export interface Scenario {
  readonly name: string
  /** Requests/s to both versions. */
  readonly rate: (second: number) => number
  /** Chance of an error in the baseline and in the canary, 0..1. */
  readonly baseline: (second: number) => number
  readonly canary: (second: number) => number
  /** Latency of both versions, where the scenario is about latency. */
  readonly latency?: {
    readonly baseline: (second: number) => LatencyShape
    readonly canary: (second: number) => LatencyShape
  }
  /** Whether the coin keeps clients on their version, so that episodes are what is counted. */
  readonly isSticky?: boolean
  /** Adds what does not come request by request: broken sessions, bursts, an abusive client. */
  readonly disturb?: (log: RequestLog, dice: Dice) => void
  /** Seconds in which no counters can be read. */
  readonly blind?: readonly [number, number]
  /** Nominal traffic and error rate: rules that are tuned per scenario are tuned for these. */
  readonly nominal: { readonly requestsPerSecond: number; readonly errorRate: number }
}

/** Draws one release. */
export function drawLog(scenario: Scenario, dice: Dice, schedule?: readonly [number, number]): RequestLog {
  const log = emptyLog(scenario.latency !== undefined, schedule)
  for (let second = 0; second < log.seconds; second++) {
    const rate = scenario.rate(second)
    const share = log.share[second] ?? 0
    const [pb, pc] = [scenario.baseline(second), scenario.canary(second)]
    drawArm(log.canary, second, rate * share, pc, dice)
    drawArm(log.baseline, second, rate * (1 - share), pb, dice)
    let harm = rate * share * Math.max(0, pc - pb)
    if (scenario.latency !== undefined) {
      const [slow, usual] = [scenario.latency.canary(second), scenario.latency.baseline(second)]
      drawLatency(log.canary, second, slow, dice)
      drawLatency(log.baseline, second, usual, dice)
      harm += rate * share * Math.max(0, tailOf(slow, 300) - tailOf(usual, 300))
    }
    log.harmed[second + 1] = (log.harmed[second] ?? 0) + harm
    if (scenario.blind !== undefined && second >= scenario.blind[0] && second < scenario.blind[1])
      log.unreadable[second] = 1
  }
  scenario.disturb?.(log, dice)
  return log
}

function drawArm(arm: ArmLog, second: number, rate: number, errorRate: number, dice: Dice): void {
  const errors = dice.poisson(rate * errorRate)
  arm.errors[second] = errors
  arm.episodes[second] = errors
  arm.requests[second] = errors + dice.poisson(rate * (1 - errorRate))
}

function drawLatency(arm: ArmLog, second: number, shape: LatencyShape, dice: Dice): void {
  const width = latencyBounds.length + 1
  let left = arm.requests[second] ?? 0
  let mass = 1
  for (let bucket = 0; bucket < width && left > 0; bucket++) {
    const probability = shape[bucket] ?? 0
    const count = bucket === width - 1 ? left : dice.binomial(left, Math.min(1, probability / mass))
    arm.latency[second * width + bucket] = count
    left -= count
    mass = Math.max(1e-12, mass - probability)
  }
}

/** Parts of a scenario that most have alike. */
interface Plainly {
  readonly rps: number
  readonly errorRate: number
  /** Canary errors as a multiple of the baseline's; 1 for a good release. */
  readonly ratio?: number
}

/** A release with constant traffic, error rate and ratio. */
export function plain(name: string, { rps, errorRate, ratio = 1 }: Plainly, change: Partial<Scenario> = {}): Scenario {
  return {
    name,
    rate: () => rps,
    baseline: () => errorRate,
    canary: () => Math.min(1, errorRate * ratio),
    nominal: { requestsPerSecond: rps, errorRate },
    ...change,
  }
}

/** A release about latency: lognormal in the baseline, another shape in the canary. */
export function latent(
  name: string,
  rps: number,
  canary: (second: number) => LatencyShape,
  change: Partial<Scenario> = {},
): Scenario {
  const usual = lognormalShape()
  return plain(name, { rps, errorRate: 0.005 }, { latency: { baseline: () => usual, canary }, ...change })
}
