import { environment, escalation, fleet, postgres, redis, type ServiceSpec, service } from 'seaworthy'

// 1. Who is told. Each severity has its own way, from a page to a weekly report.

const atOnce = escalation('at-once', {
  steps: [
    { to: ['pagerduty:codai'] },
    { after: '5m', to: ['pagerduty:team-lead'] },
    { after: '15m', to: ['pagerduty:on-call-engineer'] },
  ],
  respond: '30m',
})
const soon = escalation('soon', {
  steps: [{ to: ['slack:#codai-alerts', 'slack:#codai-team', 'report:daily'] }],
  respond: '30m',
})
const whenever = escalation('whenever', { steps: [{ to: ['dashboard:codai', 'report:weekly'] }] })

// 2. What all of them share.

const database = postgres('database', {
  storage: '50Gi',
  maxConnections: 500,
  backup: { schedule: '0 1 * * *', continuous: true, rpo: '1h', rto: '1h', drill: '0 4 * * 6' },
  on: { production: { backup: { remote: ['s3:codai-backups/database'] } } },
})
const cache = redis('cache', { storage: '5Gi', maxMemory: '2Gi', eviction: 'allkeys-lru' })

// 3. What a tier means: everything in which services differ by importance stands here once.

const tiers = {
  core: {
    cpu: '500m',
    memory: '512Mi',
    onCall: atOnce,
    slo: { availability: '99.9%', latency: { p95: '500ms' } },
    traffic: { rate: '50/s', peak: '200/s', errors: '0.05%' },
    rollout: { strategy: 'canary', steps: ['10%', '50%', '100%'] },
    on: { staging: { scale: [1, 2] }, production: { scale: [3, 10], minAvailable: 2 } },
  },
  business: {
    cpu: '250m',
    memory: '256Mi',
    onCall: soon,
    slo: { availability: '99.5%', latency: { p95: '1s' } },
    traffic: { rate: '10/s', peak: '50/s' },
    rollout: 'blue-green',
    on: { staging: { scale: [1, 2] }, production: { scale: [2, 6], minAvailable: 1 } },
  },
  support: {
    cpu: '100m',
    memory: '128Mi',
    onCall: whenever,
    slo: { availability: '99%' },
    traffic: { rate: '2/s' },
    rollout: 'rolling',
    on: { staging: { scale: [1, 2] }, production: { scale: [2, 3], minAvailable: 1 } },
  },
} as const satisfies Record<string, ServiceSpec>

type Tier = keyof typeof tiers
type Kind = 'events' | 'identity' | 'ledger' | 'records' | 'search'

// 4. What every service has, whatever its tier. One program, told by `KIND` what it does (service/kinds).

const app =
  (tier: Tier) =>
  (name: string, kind: Kind, description: string, more: ServiceSpec = {}) =>
    service(name, {
      ...tiers[tier],
      description,
      tier,
      owner: `${tier}-team`,
      runbook: `https://runbooks.codai.example.com/${name}`,
      run: 'node service/main.ts',
      build: '.',
      port: 3000,
      env: { SERVICE: name, KIND: kind },
      needs: [database, { on: cache, optional: true }],
      health: { live: '/health/live', ready: '/health/ready', startup: '/health/startup' },
      routes: [`${name}/`],
      protect: { rateLimit: '600/min', inspect: 'block' },
      metrics: { events: 'what the service did, by event' },
      on: { ...tiers[tier].on, development: { protect: { rateLimit: null } } },
      ...more,
    })

// 5. The services: one line each.

const core = app('core')
const business = app('business')
const support = app('support')

const services = [
  core('codai', 'records', 'platform hub'),
  core('memorai', 'search', 'memory and database'),
  core('logai', 'identity', 'identity and authentication'),

  business('bancai', 'ledger', 'finance'),
  business('wallet', 'ledger', 'wallet'),
  business('fabricai', 'records', 'AI services'),
  business('studiai', 'search', 'education'),
  business('sociai', 'records', 'social'),
  business('cumparai', 'ledger', 'shopping', {
    flags: { 'new-checkout': { default: false, ramp: ['5%', '25%', '100%'], owner: 'business-team' } },
  }),
  business('x', 'events', 'trading'),
  business('publicai', 'records', 'public AI'),

  support('admin', 'records', 'administration'),
  support('aide', 'records', 'development environment'),
  support('ajutai', 'search', 'help'),
  support('analizai', 'events', 'analytics'),
  support('dash', 'events', 'dashboards'),
  support('docs', 'search', 'documentation'),
  support('explorer', 'search', 'blockchain explorer'),
  support('hub', 'records', 'hub'),
  support('id', 'identity', 'identity management'),
  support('jucai', 'records', 'games'),
  support('kodex', 'search', 'code repository'),
  support('legalizai', 'search', 'legal'),
  support('marketai', 'events', 'marketing'),
  support('metu', 'events', 'metrics'),
  support('mod', 'records', 'moderation'),
  support('stocai', 'events', 'stocks'),
  support('templates', 'records', 'templates'),
  support('tools', 'records', 'tools'),
]

// 6. What is watched: on every service, by tier, and on the whole.

const everywhere = [
  { name: 'many errors', when: 'errors > 5%', severity: 'critical' },
  { name: 'CPU used up', when: 'cpu > 90%', severity: 'critical' },
  { name: 'memory used up', when: 'memory > 90%', severity: 'critical' },
  { name: 'disk used up', when: 'disk > 90%', severity: 'critical' },
  { name: 'crash loop', when: 'crashes > 5/h', severity: 'critical' },
] as const satisfies ServiceSpec['alerts']
const watched = [
  ...everywhere,
  { name: 'errors', when: 'errors > 2%', severity: 'warning' },
  { name: 'CPU high', when: 'cpu > 80%', severity: 'warning' },
  { name: 'memory high', when: 'memory > 80%', severity: 'warning' },
  { name: 'slower than usual', when: 'slowdown > 1.5x', severity: 'warning' },
] as const satisfies ServiceSpec['alerts']
const down = { name: 'down', when: 'down', for: '2m' } as const

export default fleet('codai', {
  description: '29 services in three tiers on one database and one cache',
  services,
  environments: [
    environment('development', { domain: 'localhost' }),
    environment('staging', {
      engine: 'kubernetes',
      context: 'staging',
      namespace: 'codai-staging',
      domain: 'staging.codai.example.com',
      tls: 'cert-manager',
      quota: { cpu: 16, memory: '24Gi', storage: '100Gi' },
    }),
    environment('production', {
      engine: 'kubernetes',
      context: 'production',
      namespace: 'codai-production',
      domain: 'codai.example.com',
      tls: 'cert-manager',
      quota: { cpu: 40, memory: '48Gi', storage: '100Gi' },
      approvals: [{ by: ['team-lead'] }],
    }),
  ],
  monitoring: {
    prometheus: { storage: '20Gi' },
    scrape: { core: '15s', business: '30s', support: '60s' },
    notify: { critical: atOnce, warning: soon, info: whenever },
    alerts: {
      fleet: [
        { name: 'node down', when: 'nodes-down > 0', severity: 'critical' },
        { name: 'API server down', when: 'api-servers-down > 0', severity: 'critical' },
        { name: 'database unreachable', when: 'databases-down > 0', severity: 'critical' },
        { name: 'certificate near its end', when: 'certificate-expiry < 14d', severity: 'warning' },
      ],
      core: [{ ...down, severity: 'critical' }, ...watched],
      business: [{ ...down, severity: 'warning' }, ...watched],
      support: [
        { ...down, severity: 'info' },
        ...everywhere,
        { name: 'not all replicas ready', when: 'ready < 100%', severity: 'info' },
        { name: 'released', when: 'releases > 0/h', severity: 'info' },
        { name: 'quiet', when: 'requests < 1/h', for: '1d', severity: 'info' },
      ],
    },
  },
  silence: [
    {
      code: 'SW2110',
      reason: 'a replica opens two connections (service/main.ts), not ten: 264 of the 500 at full scale',
      until: '2028-01-01',
    },
  ],
})
