import { latencyBoundsMs } from '@seaworthy/gateway'
import type { Service } from '@seaworthy/model'
import { countableBound, type ExpectedTraffic, type Rule, ruleOf } from '../verdict/index.ts'

/** The bounds in ms at which an answer counts as slow: those declared, or those promised, as the gateway counts them. */
function latencyOf(service: Service): { boundMs: number; limit?: number }[] {
  const declared = service.rollout.verdict.latency
  if (declared) return declared.map((ms) => ({ boundMs: countableBound({ latencyBoundsMs }, ms) }))
  return Object.entries(service.slo?.latency ?? {}).map(([quantile, ms]) => {
    const share = 1 - Number.parseFloat(quantile.slice(1)) / 100
    return {
      boundMs: countableBound({ latencyBoundsMs }, ms),
      ...(share > 0 && share < 1 && { limit: Number(share.toFixed(6)) }),
    }
  })
}

/** The decision rule of a release, from what the catalog declares; undefined where versions are not compared. */
export function ruleFor(service: Service, from: string, to: string, shares: readonly number[]): Rule | undefined {
  if (shares.length === 0) return undefined
  const { verdict } = service.rollout
  return ruleOf({
    service: service.name,
    baseline: from,
    canary: to,
    shares,
    sticky: service.affinity.by !== 'none',
    latency: latencyOf(service),
    counters: [
      { name: 'restarts' },
      ...verdict.metrics.map(({ name, harm }) => ({ name, ...(harm !== undefined && { refused: harm }) })),
    ],
    requestTimeoutMs: service.timeout,
    alpha: verdict.alpha,
    beta: verdict.beta,
    tolerated: verdict.margin,
    refused: verdict.slip,
    minRequests: verdict.minRequests,
    deadlineMs: verdict.deadline,
    warmUpMs: verdict.warmUp,
    underpowered: verdict.underpowered,
    ...(service.slo?.errors !== undefined && { errorLimit: service.slo.errors }),
  })
}

/** The traffic that the catalog declares, as the planner asks for it: half of what is promised where today's rate is not known. */
export function expectedTraffic(service: Service, rule: Rule): ExpectedTraffic | undefined {
  if (!service.traffic) return undefined
  const planned = rule.metrics.filter(({ name, source }) => name === 'errors' || source.kind === 'slower')
  const rates = planned.map(({ name, limit }) => [
    name,
    name === 'errors' ? (service.traffic?.errors ?? 0.001) : (limit ?? 0.01) / 2,
  ])
  return { requestsPerSecond: service.traffic.rate, rates: Object.fromEntries(rates) }
}
