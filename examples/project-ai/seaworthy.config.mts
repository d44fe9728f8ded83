import { environment, escalation, external, fleet, job, postgres, redis, secret, service, volume } from 'seaworthy'

// People who are told, and people who decide.

const night = escalation('night', {
  steps: [
    { to: ['pagerduty:project-ai'] },
    { after: '15m', to: ['slack:#project-ai', 'pagerduty:team-lead'] },
    { after: '30m', to: ['pagerduty:engineering-manager'] },
  ],
  respond: '1h',
  resolve: '4h',
})
const day = escalation('day', { steps: [{ to: ['slack:#project-ai'] }], respond: '1d' })

// What the services stand on.

const database = postgres('database', {
  storage: '20Gi',
  maxConnections: 200, // twelve replicas at full scale, each with a pool of ten, and room for people
  backup: {
    schedule: '0 2 * * *',
    continuous: true, // a nightly backup alone could lose a day; with the log archived it is five minutes
    rpo: '1h',
    rto: '15m',
    drill: '0 4 * * 1',
  },
  on: {
    production: {
      operator: 'cloudnative-pg',
      replicas: 3,
      zones: ['zone-a', 'zone-b', 'zone-c'],
      backup: { remote: ['s3:project-ai-backups/database'] },
    },
  },
})
const cache = redis('cache', { storage: '5Gi' })
const shared = volume('shared', {
  storage: { size: '10Gi', access: 'many' },
  on: { production: { backup: { schedule: '30 2 * * *', remote: ['s3:project-ai-backups/shared'] } } },
})
const openai = external('openai', { url: 'https://api.openai.com', on: { development: { check: 'none' } } })

/** A secret from Vault, read again every hour; on a developer's machine a value is made up. */
const kept = (name: string) =>
  secret(name, {
    from: `vault:secret/data/project-ai#${name}`,
    refresh: '1h',
    on: { development: { from: 'generate:32' } },
  })

const migrate = job('migrate', { run: 'node services/migrate/main.ts', build: '.', needs: [database], timeout: '5m' })

// The API: decisions, approvals and their audit.

const api = service('api', {
  description: 'Decides, asks people where it must, and keeps an audit that cannot be rewritten',
  run: 'node services/api/main.ts',
  build: '.',
  port: 8000,
  owner: 'project-ai',
  tier: 'core',
  onCall: night,
  runbook: 'https://runbooks.example.com/project-ai/api',
  health: {
    live: { http: '/health/live', every: '10s' },
    ready: { http: '/health/ready', every: '5s' },
    startup: { http: '/health/startup', every: '5s', failures: 24 },
  },
  needs: [
    database,
    { on: cache, optional: true },
    { on: shared, mount: '/shared' },
    { on: openai, optional: true, timeout: '10s', retries: 1, breaker: { failures: 5, open: '60s', probes: 3 } },
  ],
  breaker: { failures: 5, open: '60s', probes: 3 },
  network: { egress: ['api.openai.com:443', 'huggingface.co:443', 'smtp.example.com:587'] },
  env: {
    LOG_LEVEL: 'info',
    DATABASE_PASSWORD: kept('database-password'),
    OPENAI_API_KEY: kept('openai'),
    HUGGING_FACE_TOKEN: kept('hugging-face'),
    FERNET_KEY: kept('fernet'),
    JWT_KEY: kept('jwt'),
    SMTP_PASSWORD: kept('smtp'),
  },
  routes: [
    {
      path: '/v1',
      idempotent: true, // the API knows a repeated request by its key, or by the request id that the gateway keeps
      version: { name: 'v1', status: 'stable', deprecated: '2028-01-01', sunset: '2029-01-01', successor: 'v2' },
    },
    { path: '/v2', idempotent: true, version: { name: 'v2', status: 'beta' } },
    { path: '/', methods: ['GET'] },
  ],
  protect: {
    rateLimit: { limit: '60/min', by: 'client', exempt: ['/health', '/metrics'] },
    inspect: { mode: 'block', classes: ['sql', 'xss', 'command'] },
    fields: { '$.subject': 'text', '$.action': 'text', '$.comment': 'text' },
    headers: {
      'Content-Security-Policy': "default-src 'self'",
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
    },
    cors: { origins: ['https://app.project-ai.example.com'], credentials: true },
    auth: {
      jwt: { issuer: 'https://id.project-ai.example.com', audience: 'project-ai', secret: kept('jwt') },
      apiKey: { secret: kept('api-keys') },
      exempt: ['/health'],
    },
  },
  affinity: { by: 'cookie', name: 'project-ai' },
  scale: {
    min: 3,
    max: 10,
    cpu: '70%',
    memory: '80%',
    up: { percent: '100%', window: '30s' },
    down: { percent: '50%', window: '5m', stabilise: '5m' },
  },
  minAvailable: 2,
  place: { spread: 'zone', antiAffinity: 'preferred' },
  rollout: {
    strategy: 'blue-green',
    maxUnavailable: 0,
    onHarm: 'rollback',
    keepWarm: '10m',
    smoke: [{ http: '/health/ready' }, { name: 'a decision is made and found again', run: 'node release/smoke.ts' }],
  },
  migrations: { before: [migrate] },
  slo: { availability: '99.9%', latency: { p95: '500ms' }, errors: '1%', throughput: '200/s' },
  traffic: { rate: '100/s', peak: '200/s', errors: '0.1%' },
  alerts: [
    { name: 'many errors', when: 'errors > 5%', severity: 'critical' },
    { name: 'slow', when: 'p95 > 500ms', severity: 'warning' },
    { name: 'CPU nearly used up', when: 'cpu > 90%', severity: 'critical' },
    { name: 'memory nearly used up', when: 'memory > 90%', severity: 'critical' },
    { name: 'crashes', when: 'crashes > 3/h', severity: 'critical' },
    { name: 'restarts', when: 'restarts > 5/h', severity: 'warning' },
    { name: 'attacks', when: 'blocked > 10/min', severity: 'critical' },
    { name: 'guessing at keys', when: 'auth-failures > 30/min', severity: 'critical' },
  ],
  metrics: {
    user_actions: 'what people did',
    ai_decisions: 'decisions made, by outcome',
    governance_approvals: 'approvals given, by outcome',
  },
  load: {
    load: { kind: 'ramp', users: [10, 100], for: '15m' },
    stress: { kind: 'ramp', users: [100, 500], for: '15m' },
    burst: { kind: 'spike', users: 1000, for: '1m' },
    soak: { kind: 'soak', users: 50, for: '4h' },
  },
  on: {
    // Nobody is kept out of a developer's own machine.
    development: {
      replicas: 1,
      scale: null,
      minAvailable: null,
      cpu: '100m',
      memory: '256Mi',
      env: { LOG_LEVEL: 'debug' },
      protect: { rateLimit: null, auth: null },
    },
    staging: {
      replicas: 2,
      scale: null,
      minAvailable: 1,
      cpu: '200m',
      memory: '384Mi',
      env: { TEST_DATA: true },
    },
    production: {
      scale: { min: 5 },
      cpu: 1,
      memory: '2Gi',
      rollout: {
        strategy: 'canary',
        steps: ['10%', '50%', '100%'],
        // Two shares of at most two minutes, then everyone: a release takes less than five. Two minutes of 10 % show
        // eight times the errors, of 50 % five times; to look for less would take longer.
        verdict: { deadline: '2m', detect: 8 },
        hooks: [{ run: 'node release/load.ts', when: 'before-release', timeout: '2m' }],
      },
    },
  },
})

// The worker: carries out what was allowed. It has a port for its health and no route.

const worker = service('worker', {
  description: 'Carries out what was allowed, one piece of work at a time',
  run: 'node services/worker/main.ts',
  build: '.',
  protocol: 'worker',
  port: 8001,
  owner: 'project-ai',
  health: { live: '/health/live', ready: '/health/ready' },
  needs: [database],
  replicas: 2,
  slo: { queueAge: '5m' },
  alerts: [{ name: 'work waits', when: 'queue-age > 5m', severity: 'warning' }],
  on: {
    development: { replicas: 1, cpu: '100m', memory: '256Mi' },
    staging: { cpu: '100m', memory: '256Mi' },
    production: { cpu: '500m', memory: '512Mi' },
  },
})

export default fleet('project-ai', {
  description: 'One governed AI API: decisions, approvals and their audit',
  services: [api, worker],
  environments: [
    environment('development', { gatewayPort: 5000 }),
    environment('staging', {
      engine: 'kubernetes',
      context: 'staging',
      domain: 'staging.project-ai.example.com',
      tls: 'cert-manager',
      secretStore: 'https://vault.example.com',
    }),
    environment('production', {
      engine: 'kubernetes',
      context: 'production',
      domain: 'project-ai.example.com',
      tls: 'cert-manager',
      secretStore: 'https://vault.example.com',
      approvals: [{ by: ['team-lead', 'engineering-manager'] }],
    }),
  ],
  monitoring: {
    prometheus: { retention: '15d' },
    grafana: true,
    notify: { critical: night, warning: day },
  },
  agreement: { availability: '99.5%', respond: '1h', resolve: '4h' },
  budget: {
    cluster: { perMonth: [200, 500] },
    storage: { perMonth: [10, 30] },
    network: { perMonth: [50, 100] },
    monitoring: { perMonth: 50 },
  },
})
