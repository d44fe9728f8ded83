import fc from 'fast-check'
import type { FleetParts } from '../../author/fleet.ts'
import { environment, escalation, job, machine, postgres, secret, service } from '../../author/parts.ts'
import type {
  HealthSpec,
  JobSpec,
  LoadProfileSpec,
  ProbeSpec,
  SecurityExceptionSpec,
  ServiceSpec,
  SilenceSpec,
} from '../../authored.generated.ts'
import type { FleetDocument } from '../../document.ts'
import { api, between, example, oneOf, production, type RuleExample, shop, shopOf } from './example.ts'

const probed = (ready: ProbeSpec): FleetDocument => shopOf({ health: { ready } })
const healthy = (health: HealthSpec, more: ServiceSpec = {}): FleetDocument => shopOf({ health, ...more })
const nightly = (spec: JobSpec): FleetDocument => shop({ jobs: [job('tidy', { run: 'node tidy.ts', ...spec })] })
const kept =
  (mode: 'value' | 'file') =>
  (onRotate: 'restart' | 'signal' | 'nothing'): FleetDocument =>
    shopOf({ env: { JWT: { secret: secret('jwt', { rotateEvery: '30d', onRotate }), as: mode } } })
const silenced = (silence: readonly SilenceSpec[]): FleetDocument =>
  shop({ silence, services: [api({ rollout: 'canary' })] })
const aboutCanary = { code: 'SW2402', reason: 'traffic is measured next week', until: '2026-12-01' } as const

/** Examples of rules on probes, schedules, secrets, ownership, money and silences. */
export const operationExamples: readonly RuleExample[] = [
  example<ProbeSpec>(
    'SW1701',
    probed,
    oneOf<ProbeSpec>({}, { every: '5s' }, { http: '/health', tcp: 3000 }, { http: '/health', exec: 'true' }),
    oneOf<ProbeSpec>({ http: '/health' }, { tcp: 3000 }, { exec: 'node health.ts' }),
  ),
  example(
    'SW1702',
    ({ every, timeout }) => probed({ http: '/health', every: `${every}ms`, timeout: `${timeout}ms` }),
    fc.tuple(between(1, 9000), between(0, 9000)).map(([every, more]) => ({ every, timeout: every + more })),
    fc.tuple(between(1, 9000), between(1, 9000)).map(([timeout, more]) => ({ timeout, every: timeout + more })),
  ),
  example(
    'SW1703',
    ({ live, needs }) => healthy({ live, ready: '/health/ready' }, { needs: needs ? [postgres('db')] : [] }),
    fc.constant({ live: '/health/ready', needs: true }),
    oneOf({ live: '/health/live', needs: true }, { live: '/health/ready', needs: false }),
  ),
  example('SW1704', (tcp) => probed({ tcp }), between(3001, 65_535), fc.constant(3000)),
  example<ServiceSpec>(
    'SW1704',
    (spec) => shop({ services: [service('worker', { run: 'node worker.ts', health: '/health', ...spec })] }),
    fc.constant({}),
    between(1, 65_535).map((port) => ({ port, routes: ['/'] })),
  ),
  example(
    'SW1705',
    ({ failures, deadline }) =>
      healthy(
        { startup: { http: '/health', every: '10s', failures } },
        { rollout: { verdict: { deadline: `${deadline}s` } } },
      ),
    between(3, 500).map((failures) => ({ failures, deadline: failures * 10 - 1 })),
    between(3, 500).map((failures) => ({ failures, deadline: failures * 10 })),
  ),
  example(
    'SW1706',
    ({ engine, successes }) =>
      shop({
        environments: [production({ engine })],
        services: [api({ health: { live: { http: '/live', successes } } })],
      }),
    between(2, 100).map((successes) => ({ engine: 'kubernetes' as const, successes })),
    fc.oneof(
      fc.constant({ engine: 'kubernetes' as const, successes: 1 }),
      between(1, 100).map((successes) => ({ engine: 'machine' as const, successes })),
    ),
  ),
  example(
    'SW1707',
    ({ drain, grace }) => shopOf({ stop: { drain: `${drain}s`, grace: `${grace}s` } }),
    fc.tuple(between(0, 600), between(1, 600)).map(([grace, more]) => ({ grace, drain: grace + more })),
    fc.tuple(between(0, 600), between(0, 600)).map(([drain, more]) => ({ drain, grace: drain + more })),
  ),
  example(
    'SW2701',
    ({ live, delay, startup }) =>
      healthy({
        live: { http: '/live', every: `${live}s`, failures: 3, timeout: '500ms' },
        ready: { http: '/ready', delay: `${delay}s` },
        ...(startup && { startup: '/ready' }),
      }),
    between(1, 60).map((live) => ({ live, delay: live * 3, startup: false })),
    fc.oneof(
      between(1, 60).map((live) => ({ live, delay: live * 3 - 1, startup: false })),
      between(1, 60).map((live) => ({ live, delay: live * 3, startup: true })),
    ),
  ),
  example(
    'SW2702',
    ({ drain, bound }) =>
      shopOf({ stop: { drain: `${drain}ms` }, slo: { latency: { p50: '1ms', p99: `${bound}ms` } } }),
    between(1, 20_000).map((drain) => ({ drain, bound: drain + 1 })),
    between(1, 20_000).map((drain) => ({ drain, bound: drain })),
  ),
  // The fifth Monday of February comes with a leap day on a Monday: next in 2044.
  example(
    'SW1720',
    (schedule) => nightly({ schedule }),
    oneOf('0 0 * 2 1#5', '30 4 * 2 1#5'),
    oneOf('0 2 * * *', '0 0 29 2 *', '0 1 * * 6#1', '0 0 * 3 1#5'),
  ),
  example(
    'SW2720',
    (minutes) => nightly({ schedule: '0 * * * *', timeout: `${minutes}m` }),
    between(61, 600),
    between(1, 60),
  ),
  // A weekly window at 99 % may last 100.8 minutes.
  example(
    'SW2721',
    (minutes) =>
      shop({
        services: [api({ slo: '99%', traffic: { rate: '50/s' } })],
        maintenance: { weekly: { schedule: '0 2 * * 0', for: `${minutes}m` } },
      }),
    between(101, 600),
    between(1, 100),
  ),
  example(
    'SW1721',
    (hours) => shop({ maintenance: { nightly: { schedule: '0 2 * * *', for: `${hours}h` } } }),
    between(24, 100),
    between(1, 23),
  ),
  example(
    'SW1801',
    ([variable, value]) => shopOf({ env: { [variable]: value } }),
    oneOf<readonly [string, string]>(
      ['OPENAI_API_KEY', `sk-${'a1B2c3D4e5F6g7H8i9J0k1L2'}`],
      ['DATABASE', 'postgres://app:hunter2@db/app'],
      ['ADMIN_PASSWORD', 'swordfish-9000'],
    ),
    oneOf<readonly [string, string]>(
      ['LOG_LEVEL', 'debug'],
      ['OPENAI_API_KEY_FILE', '/run/secrets/openai'],
      ['DATABASE', 'postgres://db/app'],
    ),
  ),
  example(
    'SW1801',
    (value) => shop({ environments: [environment('staging', { env: { SESSION_SECRET: value } })], services: [api()] }),
    oneOf('correct-horse-battery', 'hunter2hunter2'),
    oneOf('/run/secrets/session', ''),
  ),
  example(
    'SW1802',
    (url) => shop({ postgres: [postgres('db', { url })] }),
    oneOf('postgres://app:hunter2@db.example.com/app', 'postgresql://a:b@c/d'),
    oneOf('env:DB_URL', 'postgres://db.example.com/app', 'postgres://app@db.example.com/app'),
  ),
  example('SW1803', kept('value'), fc.constant('nothing' as const), oneOf('restart', 'signal')),
  { code: 'SW1803', fails: fc.constant(kept('value')('nothing')), holds: fc.constant(kept('file')('nothing')) },
  example(
    'SW1804',
    ({ refresh, rotate }) =>
      shopOf({ env: { JWT: secret('jwt', { refresh: `${refresh}m`, rotateEvery: `${rotate}m` }) } }),
    fc.tuple(between(1, 6000), between(0, 6000)).map(([rotate, more]) => ({ rotate, refresh: rotate + more })),
    fc.tuple(between(1, 6000), between(1, 6000)).map(([refresh, more]) => ({ refresh, rotate: refresh + more })),
  ),
  example<SecurityExceptionSpec>(
    'SW1805',
    (exception) => shopOf({ security: [exception] }),
    oneOf<SecurityExceptionSpec>(
      { allow: 'root', reason: 'old image', until: '2026-11-19' },
      { allow: 'capability', reason: 'binds port 80', until: '2027-01-01' },
      { allow: 'root', capability: 'NET_ADMIN', reason: 'old image', until: '2027-01-01' },
    ),
    oneOf<SecurityExceptionSpec>(
      { allow: 'root', reason: 'old image', until: '2026-11-20' },
      { allow: 'capability', capability: 'NET_BIND_SERVICE', reason: 'binds port 80', until: '2027-01-01' },
    ),
  ),
  example(
    'SW1806',
    ({ from, secretStore }) =>
      shop({
        environments: [environment('staging', { engine: 'kubernetes', ...(secretStore && { secretStore }) })],
        services: [api({ env: { JWT: secret('jwt', { from }) } })],
      }),
    fc.constant({ from: 'vault:secret/data/api#jwt', secretStore: '' }),
    oneOf(
      { from: 'vault:secret/data/api#jwt', secretStore: 'https://vault.example.com' },
      { from: 'env:JWT', secretStore: '' },
    ),
  ),
  example(
    'SW2801',
    (used) => shop({ secrets: [secret('jwt')], services: [api({ env: used ? { JWT: secret('jwt') } : {} })] }),
    fc.constant(false),
    fc.constant(true),
  ),
  example(
    'SW2802',
    (secrets) => shop({ environments: [production({ secrets })], services: [api({ env: { JWT: secret('jwt') } })] }),
    fc.constant('plain' as const),
    oneOf('external-secrets', 'age'),
  ),
  example<ServiceSpec>(
    'SW1901',
    (spec) => shop({ services: [service('api', { port: 3000, routes: ['/'], ...spec })] }),
    oneOf<ServiceSpec>({}, { run: '' }, { run: [] }),
    oneOf<ServiceSpec>({ run: 'node api.ts' }, { build: '.' }, { image: 'api:1' }),
  ),
  example(
    'SW1902',
    (name) =>
      shop({
        environments: [production()],
        services: [service(name, { run: 'node a.ts', port: 3000, routes: ['/'] })],
      }),
    oneOf('3d', '2fa-service'),
    oneOf('x', 'three-d', 'fa2'),
  ),
  example(
    'SW1902',
    (length) =>
      shop({
        environments: [production()],
        jobs: [job('j'.repeat(length), { run: 'node a.ts', schedule: '0 2 * * *' })],
      }),
    between(53, 63),
    between(1, 52),
  ),
  example(
    'SW1903',
    ([low, high]) =>
      shop({
        services: [api({ bands: { cpu: [`${low}%`, `${high}%`] }, cost: { perMonth: [low, high] } })],
        budget: { all: { perMonth: [low, high] } },
        machines: [machine('pc', { bands: { gpu: [`${low}%`, `${high}%`] } })],
      }),
    between(1, 100).map((low) => [low, low - 1] as const),
    fc.tuple(between(0, 50), between(0, 50)).map(([low, more]) => [low, low + more] as const),
  ),
  example<LoadProfileSpec>(
    'SW1904',
    (profile) => shopOf({ load: { daily: profile } }),
    oneOf<LoadProfileSpec>(
      { kind: 'constant', for: '15m' },
      { kind: 'constant', for: '15m', users: 10, rate: '5/s' },
      { kind: 'constant', for: '0s', users: 10 },
    ),
    oneOf<LoadProfileSpec>(
      { kind: 'ramp', for: '15m', users: [10, 100] },
      { kind: 'constant', for: '15m', rate: '5/s' },
    ),
  ),
  example<ServiceSpec>(
    'SW2901',
    shopOf,
    oneOf<ServiceSpec>({ tier: 'core' }, { tier: 'core', owner: 'platform', runbook: 'https://runbooks.example/api' }),
    oneOf<ServiceSpec>(
      {
        tier: 'core',
        owner: 'platform',
        runbook: 'https://runbooks.example/api',
        onCall: escalation('night', { steps: [{ to: ['pagerduty:platform'] }] }),
      },
      { tier: 'support' },
    ),
  ),
  example(
    'SW2902',
    (image) => shop({ environments: [production()], services: [api({ image })] }),
    oneOf('api', 'api:latest', 'registry.example.com/api:1.2.3'),
    fc.constant(`registry.example.com/api@sha256:${'0123456789abcdef'.repeat(4)}`),
  ),
  example(
    'SW2903',
    ({ load, peak }) =>
      shopOf({
        traffic: { rate: '1/s', peak: `${peak}/s` },
        load: { daily: { kind: 'constant', for: '15m', rate: `${load}/s` } },
      }),
    between(2, 1000).map((peak) => ({ peak, load: peak - 1 })),
    between(1, 1000).map((peak) => ({ peak, load: peak })),
  ),
  example(
    'SW1910',
    ({ cost, budget }) =>
      shop({ budget: { cluster: { perMonth: [0, budget] } }, services: [api({ cost: { perMonth: cost } })] }),
    between(0, 1000).map((budget) => ({ budget, cost: budget + 1 })),
    between(0, 1000).map((budget) => ({ budget, cost: budget })),
  ),
  // A core at 0.1 USD an hour costs 73 USD a month.
  example(
    'SW2910',
    ({ replicas, budget }) =>
      shop({
        environments: [environment('staging', { prices: { cpuHour: 0.1 } })],
        budget: { cluster: { perMonth: budget } },
        services: [api({ replicas, cpu: 1 })],
      }),
    between(1, 50).map((replicas) => ({ replicas, budget: replicas * 73 - 1 })),
    between(1, 50).map((replicas) => ({ replicas, budget: replicas * 73 + 1 })),
  ),
  example(
    'SW2920',
    (context) =>
      shop({ environments: [environment('production', { engine: 'kubernetes', ...(context && { context }) })] }),
    fc.constant(''),
    fc.constant('prod-eu'),
  ),
  example(
    'SW2921',
    ({ approvals, tier }) => shop({ environments: [production({ approvals })], services: [api({ tier })] }),
    fc.constant({ approvals: [], tier: 'core' as const }),
    oneOf({ approvals: [{ by: ['lead'] }], tier: 'core' }, { approvals: [], tier: 'support' }),
  ),
  example(
    'SW1920',
    (until) => silenced([{ ...aboutCanary, until }]),
    oneOf('2026-11-20', '2026-11-19', '2020-01-01'),
    oneOf('2026-11-21', '2027-01-01'),
  ),
  example<SilenceSpec['code']>(
    'SW1921',
    (code) => silenced([{ ...aboutCanary, code }]),
    oneOf('SW2999', 'SW9000', 'SW1001'),
    oneOf('SW2402', 'SW2601'),
  ),
  example(
    'SW1922',
    (code) => silenced([{ ...aboutCanary, code }]),
    oneOf('SW1101', 'SW1201', 'SW1920', 'SW2930'),
    oneOf('SW2402', 'SW2601'),
  ),
  example<Pick<FleetParts, 'silence'>>(
    'SW2930',
    ({ silence = [] }) => silenced(silence),
    fc.constant({ silence: [{ ...aboutCanary, code: 'SW2601' }] }),
    oneOf({ silence: [aboutCanary] }, { silence: [] }),
  ),
]
