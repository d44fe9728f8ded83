import { environment, escalation, fleet, postgres, redis, secret, service } from 'seaworthy'

/** A fleet of a thousand services in a hundred groups, each group with its database and cache: large, and sound. */
const pager = escalation('pager', { steps: [{ to: ['pagerduty:team'] }], respond: '15m' })
const groups = Array.from({ length: 100 }, (_, group) => ({
  db: postgres(`db-${group}`, {
    storage: '20Gi',
    maxConnections: 1000,
    backup: { schedule: '0 2 * * *', rpo: '30h', rto: '1h', remote: ['s3:backups/fleet'], drill: '0 4 * * 1' },
  }),
  cache: redis(`cache-${group}`, { maxMemory: '512Mi' }),
}))
const services = groups.flatMap(({ db, cache }, group) =>
  Array.from({ length: 10 }, (_, index) =>
    service(`service-${group}-${index}`, {
      build: `services/${group}/${index}`,
      owner: `team-${group}`,
      port: 3000,
      needs: index === 0 ? [db, { on: cache, optional: true }] : [{ on: cache, optional: true }],
      routes: [`s${group}-${index}.example.com/v1`],
      health: { live: '/live', ready: '/ready' },
      env: { API_KEY: secret(`key-${group}`), LOG_LEVEL: 'info' },
      protect: {
        rateLimit: '600/min',
        auth: { jwt: { issuer: 'https://id.example.com', jwks: 'https://id.example.com/keys' } },
      },
      traffic: { rate: '50/s' },
      slo: { availability: '99.9%', latency: { p95: '500ms' } },
      cpu: '500m',
      memory: '512Mi',
      scale: { min: 2, max: 10, cpu: '70%' },
      minAvailable: 1,
      onCall: pager,
      runbook: 'https://runbooks.example.com/service',
      on: { development: { scale: null, minAvailable: null, replicas: 1 }, production: { cpu: 1 } },
    }),
  ),
)

export default fleet('thousand', {
  services,
  environments: [environment('development'), environment('staging'), environment('production', { tls: 'files' })],
})
