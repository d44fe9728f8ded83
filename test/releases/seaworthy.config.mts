import { fleet, job, postgres, service } from 'seaworthy'

// Two services of the examples with room enough for real traffic, for rehearsing releases of them.

const database = postgres('database', { storage: '1Gi' })
const projectAi = '../../examples/project-ai'
const migrate = job('migrate', { run: 'node services/migrate/main.ts', cwd: projectAi, needs: [database] })

const rollout = {
  strategy: 'canary',
  steps: ['20%', '100%'],
  keepWarm: '45s',
  verdict: { warmUp: '2s', deadline: '4m', minRequests: 50 },
} as const

// A promise lets the verdict call a version safe that keeps it, also where hardly anything ever fails.
const slo = { errors: '1%', latency: { p99: '300ms' } } as const

const common = {
  cpu: 1,
  memory: '400Mi',
  replicas: 2,
  health: { live: '/health/live', ready: '/health/ready' },
  timeout: '5s',
  stop: '5s',
  rollout,
  slo,
} as const

const api = service('api', {
  ...common,
  run: 'node services/api/main.ts',
  cwd: projectAi,
  port: 8000,
  needs: [{ on: database, as: 'DATABASE' }],
  migrations: { before: [migrate] },
  routes: [{ path: '/v1', idempotent: true }],
  traffic: { rate: '60/s', errors: '0.2%' },
})

const wallet = service('wallet', {
  ...common,
  run: 'node service/main.ts',
  cwd: '../../examples/codai',
  port: 3000,
  env: { SERVICE: 'wallet', KIND: 'ledger' },
  needs: [{ on: database, as: 'DATABASE' }],
  routes: [{ path: '/wallet', stripPath: true, idempotent: true }],
  traffic: { rate: '60/s', errors: '0.2%' },
})

export default fleet('rehearsal', { services: [api, wallet], environments: [] })
