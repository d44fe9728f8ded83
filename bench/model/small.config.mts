import { environment, fleet, postgres, redis, secret, service } from 'seaworthy'

const db = postgres('db', { storage: '20Gi' })
const cache = redis('cache')
const api = service('api', {
  run: 'node api.ts',
  port: 3000,
  needs: [db, { on: cache, optional: true }],
  routes: ['/v1'],
  env: { JWT_KEY: secret('jwt') },
  scale: [2, 6],
  on: { development: { scale: null } },
})
const worker = service('worker', { run: 'node worker.ts', needs: [db] })

export default fleet('small', {
  services: [api, worker],
  environments: [environment('development'), environment('production')],
})
