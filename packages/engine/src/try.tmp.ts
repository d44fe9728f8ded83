import { mkdtempSync } from 'node:fs'
import { fleet, job, postgres, resolve, service } from '@seaworthy/model'
import { startMachineEngine } from './machine/engine/start-machine-engine.ts'

const db = postgres('main', { storage: '1Gi' })
const migrate = job('migrate', {
  run: ['node', '-e', 'console.log("migrated", process.env.MAIN_URL?.length)'],
  needs: [db],
})
const api = service('api', {
  run: 'node test/fixtures/service.ts',
  port: 3000,
  health: '/health/ready',
  routes: ['/'],
  replicas: 2,
  needs: [db],
  migrations: { before: [migrate] },
  stop: { drain: '5s' },
})
const web = service('web', {
  run: 'node test/fixtures/service.ts',
  port: 3000,
  health: '/health/ready',
  routes: ['/web'],
  needs: [api],
})
const f = resolve(fleet('tiny', { services: [api, web] }), 'development')
const t0 = performance.now()
const engine = await startMachineEngine({ stateDir: mkdtempSync('/tmp/eng/s-'), root: '/work/main' })
console.log('engine up', performance.now() - t0)
const plan = await engine.plan(f)
console.log(plan.actions)
for await (const e of engine.apply(plan))
  console.log(
    (performance.now() - t0).toFixed(0),
    e.kind === 'replica' ? `${e.replica.replica} ${e.replica.phase} ${e.replica.reason ?? ''}` : JSON.stringify(e),
  )
const s = await engine.state()
console.log(
  s.gateway,
  s.services.map((x) => [x.internalUrl, x.urls]),
  s.replicas,
  s.resources,
  s.jobs,
  s.limitations,
)
const r = await fetch(s.gateway.urls[0] + '/echo', { headers: { 'x-request-id': 'a1' } })
console.log(r.status, await r.text())
for await (const e of engine.apply(await engine.plan(f))) console.log('again', e.kind)
for await (const e of engine.down())
  console.log(
    (performance.now() - t0).toFixed(0),
    e.kind === 'replica' ? `${e.replica.replica} ${e.replica.phase} ${e.replica.reason ?? ''}` : JSON.stringify(e),
  )
await engine[Symbol.asyncDispose]()
console.log('end')
