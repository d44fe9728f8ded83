import type { EngineState, VersionOverrides } from '@seaworthy/engine'
import { latencyBoundsMs } from '@seaworthy/gateway'
import { type Fleet, Problem, type Service } from '@seaworthy/model'
import { countableBound, planRelease, planSentences, type Rule, ruleOf } from '../verdict/index.ts'
import type { ReleaseState } from './release-state.ts'
import { comparedShares, programOf, type StrategyInput } from './strategy.ts'

/** What somebody wants released. */
export interface ReleaseRequest {
  readonly service: string
  /** Name of the new version, an RFC 1123 label. */
  readonly version: string
  readonly overrides?: VersionOverrides
  /** The changed service of a changed catalog. */
  readonly spec?: Service
  /** Instead of the catalog's strategy. */
  readonly strategy?: Service['rollout']['strategy']
}

const defaultShares: readonly number[] = [0.1, 0.5, 1]
const watchMs = 10_000

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

function planOf(service: Service, rule: Rule | undefined, input: StrategyInput): readonly string[] {
  const steps = `${input.strategy}: ${input.replicas} replica${input.replicas === 1 ? '' : 's'}${rule ? `, steps ${rule.steps.map((each) => `${Number((each.share * 100).toFixed(1))} %`).join(' → ')} → 100 %` : ', all at once'}`
  if (!rule)
    return [
      steps,
      'Versions are not compared side by side: after the switch the new one is held to the promised failure rate while the old one is kept warm.',
    ]
  if (input.strategy === 'rolling')
    return [
      steps,
      `Each batch is watched for harm for ${watchMs / 1000} s; a rolling release does not show that a version is safe.`,
    ]
  if (!service.traffic)
    return [
      steps,
      'The catalog declares no traffic for this service (`traffic.rate`), so it can’t be said beforehand what this release can detect.',
    ]
  const planned = rule.metrics.filter(({ name, source }) => name === 'errors' || source.kind === 'slower')
  const rates = Object.fromEntries(
    planned.map(({ name, limit }) => [
      name,
      name === 'errors' ? (service.traffic?.errors ?? 0.001) : (limit ?? 0.01) / 2,
    ]),
  )
  return [steps, ...planSentences(planRelease(rule, { requestsPerSecond: service.traffic.rate, rates }))]
}

/**
 * A release before its first instruction, from what is wanted, the fleet and what runs. Pure.
 * Throws SW7001 unknown service, SW7002 not running, SW7003 version is there already, SW7004 worker without a port for a canary by requests.
 */
export function beginRelease(
  request: ReleaseRequest,
  fleet: Fleet,
  seen: EngineState,
  at: number,
  nonce: string,
): ReleaseState {
  const service = request.spec ?? fleet.services[request.service]
  if (!service) {
    throw new Problem({
      code: 'SW7001',
      message: `${fleet.name} has no service "${request.service}".`,
      hint: `Its services are ${Object.keys(fleet.services).join(', ')}.`,
    })
  }
  const running = seen.services.find((each) => each.service === request.service)
  const stable = running?.versions.find((version) => version.version === running.stable)
  if (!running || !stable) {
    throw new Problem({
      code: 'SW7002',
      message: `${request.service} does not run, so there is nothing to release beside.`,
      hint: 'Start the fleet first: `seaworthy up`.',
    })
  }
  if (running.versions.some((version) => version.version === request.version)) {
    throw new Problem({
      code: 'SW7003',
      message: `${request.service} has a version "${request.version}" already.`,
      hint: 'Give the new one another name with --version.',
    })
  }
  const strategy = request.strategy ?? service.rollout.strategy
  const replicas = Math.max(1, stable.replicas)
  const input: StrategyInput = {
    service,
    strategy,
    replicas,
    shares: service.rollout.steps ?? defaultShares,
    jobs: fleet.jobs,
    approvals: [...fleet.environment.approvals, ...service.approvals],
    watchMs,
  }
  const rule = ruleFor(service, running.stable, request.version, comparedShares(input))
  return {
    kind: 'release',
    id: `${request.service}-${request.version}-${nonce}`,
    service: request.service,
    strategy,
    from: running.stable,
    to: request.version,
    overrides: request.overrides ?? {},
    spec: service,
    replicas,
    program: programOf(input),
    ...(rule && { rule }),
    plan: planOf(service, rule, input),
    phase: { kind: 'running' },
    at: 0,
    irreversible: false,
    approvals: [],
    since: at,
    startedAt: at,
    history: [{ at, text: `began: ${running.stable} → ${request.version}, ${strategy}` }],
  }
}
