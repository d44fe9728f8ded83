import type { EngineState, VersionOverrides } from '@seaworthy/engine'
import { type Fleet, Problem, type Service } from '@seaworthy/model'
import { planRelease, planSentences, type Rule } from '../verdict/index.ts'
import { type ChosenShares, chooseShares } from './chosen-shares.ts'
import { expectedTraffic, ruleFor } from './release-rule.ts'
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

const watchMs = 10_000

/** What sticky clients change about the figures of a plan. */
function stickySentences(rule: Rule): readonly string[] {
  return rule.unit === 'client'
    ? [
        'Clients stick to their version, so each counts once per step: read the times above as for that many new clients per second, not requests.',
      ]
    : []
}

function planOf(
  service: Service,
  rule: Rule | undefined,
  input: StrategyInput,
  chosen: ChosenShares,
): readonly string[] {
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
  const expected = expectedTraffic(service, rule)
  const why = chosen.why === undefined ? [] : [chosen.why]
  if (!expected)
    return [
      steps,
      ...why,
      'The catalog declares no traffic for this service (`traffic.rate`), so it can’t be said beforehand what this release can detect.',
      ...stickySentences(rule),
    ]
  return [steps, ...why, ...planSentences(planRelease(rule, expected)), ...stickySentences(rule)]
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
  group?: string,
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
  const chosen = chooseShares(service, running.stable, request.version)
  const input: StrategyInput = {
    service,
    strategy,
    replicas,
    shares: chosen.shares,
    jobs: fleet.jobs,
    approvals: [...fleet.environment.approvals, ...service.approvals],
    watchMs,
    grouped: group !== undefined,
  }
  const rule = ruleFor(service, running.stable, request.version, comparedShares(input))
  return {
    kind: 'release',
    id: `${request.service}-${request.version}-${nonce}`,
    service: request.service,
    ...(group !== undefined && { group }),
    strategy,
    from: running.stable,
    to: request.version,
    overrides: request.overrides ?? {},
    spec: service,
    replicas,
    program: programOf(input),
    ...(rule && { rule }),
    plan: planOf(service, rule, input, chosen),
    phase: { kind: 'running' },
    at: 0,
    irreversible: false,
    approvals: [],
    since: at,
    startedAt: at,
    history: [{ at, text: `began: ${running.stable} → ${request.version}, ${strategy}` }],
  }
}
