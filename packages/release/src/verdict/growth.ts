import { coinBias } from '@seaworthy/model'
import { logFactors } from './coin.ts'
import { logFactorial } from './factorial.ts'
import type { Wager } from './wager.ts'

/** Traffic of one metric while it is compared. */
export interface EventFlow {
  /** Events per second on both versions. */
  readonly eventsPerSecond: number
  /** True ratio of rates, and the canary's share 0..1. */
  readonly ratio: number
  readonly share: number
  /** Length of a voting window, s. */
  readonly windowSeconds: number
}

/** Mean of the logarithm of what a bet on `alternative` is multiplied by in one second; the best bet grows fastest (Kelly 1956). */
export function growthPerSecond(wager: Wager, alternative: number, flow: EventFlow): number {
  const factors = logFactors(alternative, wager.nullRatio, flow.share)
  const bias = coinBias(flow.ratio, flow.share)
  if (wager.count === 'each') return flow.eventsPerSecond * (bias * factors.canary + (1 - bias) * factors.baseline)
  const perWindow = flow.eventsPerSecond * flow.windowSeconds
  const onCanary = Math.exp(factors.canary)
  const onBaseline = Math.exp(factors.baseline)
  const mean =
    perWindow > 60 ? manyVotes(perWindow, bias, onCanary, onBaseline) : fewVotes(perWindow, bias, onCanary, onBaseline)
  return mean / flow.windowSeconds
}

/** Second-order expansion about the mean, for windows with many events. */
function manyVotes(events: number, bias: number, onCanary: number, onBaseline: number): number {
  const mean = bias * onCanary + (1 - bias) * onBaseline
  const spread = ((onCanary - onBaseline) ** 2 * bias * (1 - bias)) / events
  return Math.log(mean) - spread / (2 * mean * mean)
}

/** Exact mean over the Poisson number of events and the binomial number on the canary. */
function fewVotes(perWindow: number, bias: number, onCanary: number, onBaseline: number): number {
  const last = Math.ceil(perWindow + 8 * Math.sqrt(perWindow) + 8)
  let mean = 0
  for (let events = 1; events <= last; events++) {
    const chance = Math.exp(events * Math.log(perWindow) - perWindow - logFactorial(events))
    let vote = 0
    for (let canary = 0; canary <= events; canary++) {
      const ways = logFactorial(events) - logFactorial(canary) - logFactorial(events - canary)
      const binomial = Math.exp(ways + canary * Math.log(bias) + (events - canary) * Math.log1p(-bias))
      vote += binomial * Math.log((canary * onCanary + (events - canary) * onBaseline) / events)
    }
    mean += chance * vote
  }
  return mean
}
