import fc from 'fast-check'
import { environment, job, service } from '../../author/parts.ts'
import type {
  ApprovalSpec,
  FeatureFlagSpec,
  FreezeSpec,
  RolloutSpec,
  ServiceSpec,
  SmokeTestSpec,
} from '../../authored.generated.ts'
import { requestsToDetect } from '../../detectable.ts'
import type { FleetDocument } from '../../document.ts'
import { between, example, oneOf, type RuleExample, shop, shopOf } from './example.ts'

const canary = (rate: number, rollout: RolloutSpec): FleetDocument =>
  shopOf({ traffic: { rate: `${rate}/s`, errors: '0.5%' }, rollout: { strategy: 'canary', ...rollout } })
/** Requests in which 5 × 0.5 % shows at a share, with the bets of a verdict on errors alone. */
const needed = (share: number): number => requestsToDetect({ ratio: 5, share, baseRate: 0.005, alpha: 0.01, bets: 14 })
const steps = ['10%', '50%', '100%'] as const
const seconds = (share: number, rate: number): number => needed(share) / rate

const gated = (before: readonly ReturnType<typeof job>[], rollout: RolloutSpec): FleetDocument =>
  shopOf({ migrations: { before }, rollout })
const migrate = job('migrate', { run: 'node migrate.ts' })
const oneWay = job('drop-columns', { run: 'node drop.ts', irreversible: true })
const frozen = (freezes: readonly FreezeSpec[]): FleetDocument =>
  shop({ environments: [environment('staging', { freezes })] })
const flagged = (flag: FeatureFlagSpec): FleetDocument => shopOf({ flags: { 'new-checkout': flag } })

/** Examples of rules on releases. */
export const releaseExamples: readonly RuleExample[] = [
  example(
    'SW1401',
    ({ rate, deadline }) =>
      canary(rate, { steps, verdict: { deadline: `${deadline}s`, minRequests: 0, warmUp: '0s' } }),
    between(1, 20).map((rate) => ({ rate, deadline: Math.floor(seconds(0.5, rate)) - 1 })),
    between(1, 20).map((rate) => ({ rate, deadline: Math.ceil(seconds(0.5, rate)) })),
  ),
  example(
    'SW2401',
    ({ rate, deadline }) =>
      canary(rate, { steps, verdict: { deadline: `${deadline}s`, minRequests: 0, warmUp: '0s' } }),
    between(1, 20).map((rate) => ({ rate, deadline: Math.floor(seconds(0.1, rate)) - 1 })),
    between(1, 20).map((rate) => ({ rate, deadline: Math.ceil(seconds(0.1, rate)) })),
  ),
  example<RolloutSpec>(
    'SW1402',
    (rollout) => shopOf({ rollout: { strategy: 'canary', ...rollout } }),
    fc.oneof(
      fc.constantFrom<RolloutSpec>({ steps: [] }, { steps: ['0%', '100%'] }, { steps: ['50%', '10%', '100%'] }),
      between(1, 99).map((share): RolloutSpec => ({ steps: [`${share}%`] })),
      between(1, 99).map((share): RolloutSpec => ({ steps: [`${share}%`, `${share}%`, '100%'] })),
    ),
    between(1, 98).map((share) => ({ steps: [`${share}%` as const, `${share + 1}%` as const, '100%' as const] })),
  ),
  example<RolloutSpec['strategy'] & {}>(
    'SW1403',
    (strategy) => shopOf({ rollout: { strategy, steps } }),
    oneOf('rolling', 'blue-green'),
    fc.constant('canary'),
  ),
  example(
    'SW1404',
    ({ rate, minRequests }) => canary(rate, { steps, verdict: { deadline: '10m', minRequests } }),
    between(1, 50).map((rate) => ({ rate, minRequests: rate * 60 + 1 })),
    between(1, 50).map((rate) => ({ rate, minRequests: rate * 60 })),
  ),
  example<RolloutSpec['verdict'] & {}>(
    'SW1405',
    (verdict) => shopOf({ rollout: { verdict } }),
    fc.oneof(
      between(2, 50).map((margin) => ({ margin, slip: margin, detect: margin + 1 })),
      between(2, 50).map((margin) => ({ margin, slip: margin + 1, detect: margin })),
      between(1, 100).map((minutes) => ({ deadline: `${minutes}m` as const, warmUp: `${minutes}m` as const })),
    ),
    fc.oneof(
      between(1, 50).map((margin) => ({ margin, slip: margin + 1, detect: margin + 1 })),
      between(2, 100).map((minutes) => ({ deadline: `${minutes}m` as const, warmUp: `${minutes - 1}m` as const })),
    ),
  ),
  example(
    'SW1406',
    (name) => shopOf({ metrics: { orders: 'orders taken' }, rollout: { verdict: { metrics: [{ name }] } } }),
    oneOf('order', 'sales'),
    oneOf('orders', 'restarts'),
  ),
  example<ServiceSpec>(
    'SW2402',
    shopOf,
    fc.constant({ rollout: 'canary' }),
    oneOf<ServiceSpec>({ rollout: 'canary', traffic: { rate: '50/s' } }, { rollout: 'rolling' }),
  ),
  example(
    'SW2403',
    (rollout) => shop({ services: [service('worker', { run: 'node worker.ts', rollout })] }),
    fc.constant('canary' as const),
    oneOf('rolling', 'blue-green'),
  ),
  example(
    'SW1410',
    ({ jobs, rollout }) => gated(jobs, rollout),
    oneOf<RolloutSpec>({ strategy: 'blue-green' }, { strategy: 'canary' }, {}).map((rollout) => {
      return { jobs: [migrate, oneWay], rollout }
    }),
    fc.oneof(
      oneOf<RolloutSpec>({ strategy: 'blue-green' }, {}).map((rollout) => ({ jobs: [migrate], rollout })),
      fc.constant({ jobs: [oneWay], rollout: { strategy: 'blue-green', onHarm: 'hold' } satisfies RolloutSpec }),
    ),
  ),
  example(
    'SW1411',
    (schedule) => gated([job('tidy', { run: 'node tidy.ts', ...(schedule !== undefined && { schedule }) })], {}),
    oneOf('0 2 * * *', '*/5 * * * *'),
    fc.constant(undefined),
  ),
  example<ApprovalSpec>(
    'SW1412',
    (approval) => shop({ environments: [environment('staging', { approvals: [approval] })] }),
    fc.oneof(
      between(2, 9).map((count) => ({ by: ['ann'], count })),
      fc.constant({ by: ['ann', 'ann'], count: 2 }),
      fc.constant({ by: [] }),
      fc.constant({ by: ['ann'], timeout: '0s' as const }),
    ),
    between(1, 9).map((count) => ({ by: Array.from({ length: count }, (_, index) => `person-${index}`), count })),
  ),
  example<SmokeTestSpec>(
    'SW1413',
    (test) => shopOf({ rollout: { smoke: [test] } }),
    oneOf<SmokeTestSpec>({}, { name: 'both', http: '/health', run: 'node smoke.ts' }),
    oneOf<SmokeTestSpec>({ http: '/health' }, { run: 'node smoke.ts' }),
  ),
  example<readonly FreezeSpec[]>(
    'SW1414',
    frozen,
    fc.oneof(
      between(24, 48).map((hours) => [{ cron: '0 0 * * *', for: `${hours}h` as const, reason: 'always' }]),
      between(1, 23).map((hours) => [
        { cron: '0 0 * * *', for: `${hours}h` as const, reason: 'early' },
        { cron: `0 ${hours} * * *`, for: `${24 - hours}h` as const, reason: 'late' },
      ]),
    ),
    between(1, 23).map((hours) => [{ cron: '0 0 * * *', for: `${hours}h` as const, reason: 'night' }]),
  ),
  example<readonly FreezeSpec[]>(
    'SW2410',
    frozen,
    fc.constantFrom(
      [{ cron: '0 0 * * *', for: '22h', reason: 'most' }],
      [{ cron: '0 0 * * *', for: '23h', reason: 'most' }],
    ),
    between(1, 21).map((hours) => [{ cron: '0 0 * * *', for: `${hours}h` as const, reason: 'night' }]),
  ),
  example(
    'SW2411',
    (minutes) => shopOf({ rollout: { strategy: 'blue-green', keepWarm: `${minutes}m` } }),
    fc.constant(0),
    between(1, 600),
  ),
  example(
    'SW2412',
    ({ share, shadow }) => shopOf({ rollout: { shadow: { share: `${share}%` } }, routes: [{ path: '/', shadow }] }),
    oneOf({ share: 10, shadow: false }, { share: 0, shadow: true }),
    between(1, 100).map((share) => ({ share, shadow: true })),
  ),
  example<FeatureFlagSpec>(
    'SW1420',
    flagged,
    oneOf<FeatureFlagSpec>(
      { default: 'blue', variants: { red: 1 } },
      { default: 'red', variants: { red: 1 }, rules: [{ when: { country: 'ro' }, value: 'blue' }] },
    ),
    oneOf<FeatureFlagSpec>(
      { default: 'red', variants: { red: 1, blue: 2 }, rules: [{ when: { country: 'ro' }, value: 'blue' }] },
      { default: false },
    ),
  ),
  example<FeatureFlagSpec>(
    'SW1421',
    flagged,
    oneOf<FeatureFlagSpec>(
      { default: false, ramp: ['50%'] },
      { default: false, ramp: ['50%', '10%', '100%'] },
      { default: false, ramp: [] },
    ),
    between(1, 99).map((share): FeatureFlagSpec => ({ default: false, ramp: [`${share}%`, '100%'] })),
  ),
  example(
    'SW2420',
    (until) => flagged({ default: false, until }),
    oneOf('2026-11-19', '2020-01-01'),
    oneOf('2026-11-20', '2027-01-01'),
  ),
]
