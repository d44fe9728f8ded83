import type { Service } from '@seaworthy/model'
import { proposeShares } from '../verdict/index.ts'
import { expectedTraffic, ruleFor } from './release-rule.ts'

/** The shares of a canary, and why these. */
export interface ChosenShares {
  /** In order, each 0..1; the last is 1. */
  readonly shares: readonly number[]
  /** One sentence for the plan; absent where the catalog names the steps or none are taken. */
  readonly why?: string
}

const usual: readonly number[] = [0.1, 0.5, 1]

/** The catalog's steps; without them the planner's for the declared traffic; without traffic 10 → 50 → 100 %. */
export function chooseShares(service: Service, from: string, to: string): ChosenShares {
  if (service.rollout.steps) return { shares: service.rollout.steps }
  const rule = ruleFor(service, from, to, [0.1, 0.5])
  const traffic = rule && expectedTraffic(service, rule)
  if (!rule || !traffic || (traffic.rates.errors ?? 0) <= 0)
    return {
      shares: usual,
      why: 'The catalog names no steps and no traffic to choose them by, so the usual ones are taken: 10 %, 50 %, all.',
    }
  const { slip, deadline } = service.rollout.verdict
  const shares = proposeShares(rule, traffic, 'errors', slip)
  const [first = 0.5] = shares
  const at = `at ${Number(traffic.requestsPerSecond.toPrecision(3))} requests/s`
  const found = `${slip}× on errors is found within ${deadline / 60_000} min ${at}`
  return {
    shares: [...shares, 1],
    why:
      shares.length > 1
        ? `The planner chose the steps: ${Number((first * 100).toFixed(1))} % is the smallest first step in which ${found}; then half, then all.`
        : `The planner chose one step of 50 %: in no step below 30 % ${found}.`,
  }
}
