import { check, loadFleet, type Probe, resolve } from '@seaworthy/model'
import { describe, expect, test } from 'vitest'

const today = '2026-11-20'
const loaded = await loadFleet(import.meta.dirname)
const [development, staging, production] = ['development', 'staging', 'production'].map((name) =>
  resolve(loaded.document, name),
)
const api = production?.services.api
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000]
const [mebibyte, gibibyte] = [2 ** 20, 2 ** 30]

describe('the catalog of project-ai', () => {
  test('is accepted without a warning', () => {
    const { refusals, warnings, silenced } = check(loaded, { today })
    expect([...refusals, ...warnings, ...silenced]).toEqual([])
  })
})

describe('the claim that cannot be true', () => {
  test('an RPO of one hour from daily backups is refused', async () => {
    const { refusals } = check(await loadFleet(`${import.meta.dirname}/as-claimed`), { today })
    expect(refusals).toMatchObject([
      { code: 'SW1101', path: 'postgres.database.backup.rpo', message: expect.stringContaining('found one every 1d') },
    ])
  })
})

describe('parts', () => {
  test('an API with v1 stable and v2 beta, a worker', () => {
    const versions = api?.routes.flatMap(({ path, version }) =>
      version ? [`${path} ${version.name} ${version.status}`] : [],
    )
    expect(versions).toEqual(['/v1 v1 stable', '/v2 v2 beta'])
    expect(production?.services.worker?.protocol).toBe('worker')
  })
  test('PostgreSQL 20 Gi, Redis 5 Gi, shared storage 10 Gi for many writers', () => {
    expect(production?.postgres.database?.storage.size).toBe(20 * gibibyte)
    expect(production?.redis.cache?.storage.size).toBe(5 * gibibyte)
    expect(production?.volumes.shared?.storage).toMatchObject({ size: 10 * gibibyte, access: 'many' })
  })
  test('Prometheus keeps 15 days; Grafana', () => {
    expect(production?.monitoring).toMatchObject({ prometheus: { retention: 15 * day }, grafana: true })
  })
})

describe('environments', () => {
  test('development: 1 replica, 256 Mi, 100 m, debug logs, localhost:5000', () => {
    expect(development?.services.api).toMatchObject({ replicas: 1, memory: 256 * mebibyte, cpu: 0.1 })
    expect(development?.services.api?.env.LOG_LEVEL).toBe('debug')
    expect(development?.environment).toMatchObject({ engine: 'machine', gatewayPort: 5000 })
  })
  test('staging: 2 replicas, 384 Mi, 200 m, test data', () => {
    expect(staging?.services.api).toMatchObject({ replicas: 2, memory: 384 * mebibyte, cpu: 0.2 })
    expect(staging?.services.api?.env.TEST_DATA).toBe(true)
  })
  test('production: 5 replicas, to 10, 2 Gi, 1 CPU, automatic rollback', () => {
    expect(api).toMatchObject({
      scale: { min: 5, max: 10 },
      memory: 2 * gibibyte,
      cpu: 1,
      rollout: { onHarm: 'rollback' },
    })
  })
  test('autoscaling 3 to 10 in general', () => {
    expect(loaded.document.services).toMatchObject({ api: { scale: { min: 3, max: 10 } } })
  })
})

describe('scaling', () => {
  test('by CPU and memory; up 100 % per 30 s, down 50 % per 5 min', () => {
    expect(api?.scale).toMatchObject({
      cpu: 0.7,
      memory: 0.8,
      up: { percent: 1, window: 30_000 },
      down: { percent: 0.5, window: 5 * minute },
    })
  })
  test('2 stay available, replicas keep apart, none is unavailable while rolling, clients stay where they are', () => {
    expect(api).toMatchObject({
      minAvailable: 2,
      place: { spread: 'zone', antiAffinity: 'preferred' },
      rollout: { maxUnavailable: 0 },
      affinity: { by: 'cookie' },
    })
  })
})

describe('probes', () => {
  test('live, ready and startup, every 5 to 10 s; readiness checks what is needed, liveness does not', () => {
    const { live, ready, startup } = api?.health ?? {}
    for (const probe of [live, ready, startup] as (Probe | undefined)[]) {
      expect(probe?.every).toBeGreaterThanOrEqual(5000)
      expect(probe?.every).toBeLessThanOrEqual(10_000)
    }
    expect([live?.http, ready?.http]).toEqual(['/health/live', '/health/ready'])
  })
})

describe('front', () => {
  test('TLS', () => expect(production?.environment.tls).toBe('cert-manager'))
  test('60 requests a minute and client from a token bucket, health and metrics exempt', () => {
    expect(api?.protect.rateLimit).toEqual({ limit: 1, burst: 60, by: 'client', exempt: ['/health', '/metrics'] })
  })
  test('validation against SQL, XSS and command injection', () => {
    expect(api?.protect.inspect).toEqual({ mode: 'block', classes: ['sql', 'xss', 'command'] })
  })
  test('CSP, HSTS, X-Frame-Options, CORS', () => {
    const names = ['Content-Security-Policy', 'Strict-Transport-Security', 'X-Frame-Options']
    expect(Object.keys(api?.protect.headers ?? {})).toEqual(expect.arrayContaining(names))
    expect(api?.protect.cors?.origins).toHaveLength(1)
  })
  test('JWT and API keys', () => {
    expect(api?.protect.auth).toMatchObject({ jwt: { secret: 'jwt' }, apiKey: { secret: 'api-keys' } })
  })
})

describe('versions', () => {
  test('/v1/ and /v2/, by name also in the header and the query; deprecation, sunset, successor', () => {
    const [v1] = api?.routes ?? []
    expect(v1?.version).toEqual({
      name: 'v1',
      status: 'stable',
      deprecated: '2028-01-01',
      sunset: '2029-01-01',
      successor: 'v2',
    })
  })
})

describe('breaker', () => {
  test('opens after 5 failures for 60 s, closes after trials that succeed', () => {
    const breaker = { failures: 5, open: minute, probes: 3 }
    expect(api?.breaker).toEqual(breaker)
    expect(api?.needs.find(({ on }) => on.name === 'openai')?.breaker).toEqual(breaker)
  })
})

describe('objectives', () => {
  test('99.9 % available, 95 % within 500 ms, errors below 1 %, above 200 requests/s', () => {
    expect(api?.slo).toMatchObject({ availability: 0.999, latency: { p95: 500 }, errors: 0.01, throughput: 200 })
  })
  test('agreement: 99.5 %, critical response within 1 h, resolution within 4 h', () => {
    expect(production?.agreement).toEqual({ availability: 0.995, respond: hour, resolve: 4 * hour })
    expect(production?.escalations.night).toMatchObject({ respond: hour, resolve: 4 * hour })
  })
})

describe('alerts', () => {
  test.each([
    'errors > 5%',
    'p95 > 500ms',
    'cpu > 90%',
    'memory > 90%',
    'crashes > 3/h',
    'restarts > 5/h',
    'blocked > 10/min',
  ])('%s', (condition) => expect(api?.alerts.map(({ when }) => when)).toContain(condition))
  test('PagerDuty, Slack, escalation', () => {
    const receivers = production?.escalations.night?.steps.flatMap(({ to }) => to)
    expect(receivers).toEqual(expect.arrayContaining(['pagerduty:project-ai', 'slack:#project-ai']))
    expect(production?.escalations.night?.steps.map(({ after }) => after)).toEqual([0, 15 * minute, 30 * minute])
  })
})

describe('release', () => {
  test('blue-green in general, canary 10 → 50 → 100 % in production', () => {
    expect(staging?.services.api?.rollout.strategy).toBe('blue-green')
    expect(api?.rollout).toMatchObject({ strategy: 'canary', steps: [0.1, 0.5, 1] })
  })
  test('smoke and load tests before production, approval', () => {
    expect(api?.rollout.smoke).toHaveLength(2)
    expect(api?.rollout.hooks).toMatchObject([{ run: 'node release/load.ts', when: 'before-release' }])
    expect(production?.environment.approvals).toMatchObject([{ count: 1, before: 'release' }])
  })
  test('deployed in less than 5 min: the steps before 100 % together', () => {
    const shares = api?.rollout.steps?.filter((share) => share < 1) ?? []
    expect(shares.length * (api?.rollout.verdict.deadline ?? Number.NaN)).toBeLessThan(5 * minute)
  })
  test('rolled back in less than 2 min: the old version is warm, and the new one drains within it', () => {
    expect(api?.rollout.keepWarm).toBe(10 * minute)
    expect(api?.stop.grace).toBeLessThan(2 * minute)
  })
  test('schema migrations before the first new replica, reversible', () => {
    expect(api?.migrations.before).toEqual(['migrate'])
    expect(production?.jobs.migrate?.irreversible).toBe(false)
  })
})

describe('data', () => {
  test('daily backup with the log archived, RPO 1 h, RTO 15 min, several zones', () => {
    expect(production?.postgres.database).toMatchObject({
      backup: { schedule: '0 2 * * *', continuous: true, rpo: hour, rto: 15 * minute },
      zones: ['zone-a', 'zone-b', 'zone-c'],
    })
  })
  test.each(['database-password', 'openai', 'hugging-face', 'fernet', 'jwt', 'smtp'])(
    'secret %s from Vault through External Secrets, read again every hour',
    (name) => {
      expect(production?.secrets[name]).toMatchObject({ from: expect.stringMatching(/^vault:/), refresh: hour })
      expect(production?.environment.secrets).toBe('external-secrets')
      const used = Object.values(api?.env ?? {}).some((value) => typeof value === 'object' && value.secret === name)
      expect(used).toBe(true)
    },
  )
})

describe('load tests', () => {
  test('10 to 100 users for 15 min; 100 to 500; 1,000 in a burst; 50 users for 1 to 4 h', () => {
    expect(api?.load).toMatchObject({
      load: { users: [10, 100], for: 15 * minute },
      stress: { users: [100, 500] },
      burst: { users: 1000 },
      soak: { users: 50, for: 4 * hour },
    })
  })
})

test('business metrics: user actions, AI decisions, governance approvals', () => {
  expect(Object.keys(api?.metrics ?? {})).toEqual(['user_actions', 'ai_decisions', 'governance_approvals'])
})

test('cost a month: cluster 200–500, storage 10–30, network 50–100, monitoring 50 USD', () => {
  expect(production?.budget).toEqual({
    cluster: { perMonth: [200, 500], currency: 'USD' },
    storage: { perMonth: [10, 30], currency: 'USD' },
    network: { perMonth: [50, 100], currency: 'USD' },
    monitoring: { perMonth: 50, currency: 'USD' },
  })
})
