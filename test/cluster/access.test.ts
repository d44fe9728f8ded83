import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type EngineEvent,
  gatewayProcess,
  KubernetesApi,
  KubernetesEngine,
  kubeconfigAccess,
  systemProcessTable,
} from '@seaworthy/engine'
import { environment, type Fleet, fleet, job, resolve, service } from '@seaworthy/model'
import { controllerAccess, controllerAccount, foundationObjects } from '@seaworthy/render'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadFixture } from './pods/fixture-image.ts'
import { applyObjects, useCluster } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ own: true })

describe.skipIf(!cluster)(`the rendered role${reason ? ` (skipped: ${reason})` : ''}`, () => {
  const namespace = `access-${Date.now().toString(36)}`
  let wanted: Fleet
  let api: KubernetesApi
  let stateDir: string

  beforeAll(async () => {
    if (!cluster) return
    wanted = fleetOf(namespace, await loadFixture(cluster))
    // What somebody with all rights applies once: the namespace, priorities, and the account itself.
    const ofTheCluster = foundationObjects(wanted, {}).filter(({ metadata }) => metadata.namespace === undefined)
    await applyObjects(cluster.kubectl, [...ofTheCluster, ...controllerAccess(wanted)])
    const token = (await cluster.kubectl(['--namespace', namespace, 'create', 'token', controllerAccount])).trim()
    const { server, ca, insecure } = kubeconfigAccess({ path: cluster.kubeconfig })
    api = new KubernetesApi({ server, insecure, namespace, token: async () => token, ...(ca !== undefined && { ca }) })
    stateDir = mkdtempSync(join(tmpdir(), 'seaworthy-access-'))
  })
  afterAll(async () => {
    await api?.[Symbol.asyncDispose]()
    if (stateDir) rmSync(stateDir, { recursive: true, force: true })
    await cluster?.kubectl(['delete', 'namespace', namespace, '--wait=false', '--ignore-not-found'])
  })

  it('is all that the engine needs: apply with a job, a second version, shares, promotion, removal, the way down', async () => {
    await using engine = await start()
    const events: EngineEvent[] = []
    for await (const event of engine.apply(await engine.plan(wanted))) events.push(event)
    expect(events.at(-1), JSON.stringify(events.at(-1))).toMatchObject({ kind: 'settled' })
    expect(events.find(({ kind }) => kind === 'limitation')).toMatchObject({
      what: expect.stringContaining(`Namespace ${namespace}`),
    })
    const first = (await engine.state()).services[0]?.stable ?? ''
    await engine.ensureVersion('api', { version: 'v2', overrides: { env: { VERSION: 'two' } }, replicas: 1 })
    for await (const seen of engine.observe())
      if (seen.kind === 'replica' && seen.replica.version === 'v2' && seen.replica.phase === 'ready') break
    await engine.route('api', { v2: 1 })
    await engine.promote('api', 'v2')
    await engine.removeVersion('api', first)
    expect((await engine.logs({ service: 'api', lines: 1 })).length).toBeGreaterThan(0)
    expect((await engine.runJob('migrate', 'once more')).kind).toBe('succeeded')
    const ended: EngineEvent[] = []
    for await (const event of engine.down()) ended.push(event)
    expect(ended.at(-1)?.kind).toBe('settled')
  })

  it('lets it read no Secret, and nothing outside of its namespace', async () => {
    const denied = { code: 'SW4044' }
    await expect(api.list({ apiVersion: 'v1', kind: 'Secret' }, namespace)).rejects.toMatchObject(denied)
    await expect(api.list({ apiVersion: 'v1', kind: 'Pod' }, 'kube-system')).rejects.toMatchObject(denied)
    await expect(api.list({ apiVersion: 'v1', kind: 'Node' }, undefined)).rejects.toMatchObject(denied)
  })

  it('is missed at once and by name where it is taken away', async () => {
    await cluster?.kubectl(['--namespace', namespace, 'delete', 'rolebinding', controllerAccount])
    await expect(start()).rejects.toMatchObject({
      code: 'SW4044',
      message: expect.stringMatching(/cannot get resource "configmaps"/),
      hint: expect.stringContaining('roles'),
    })
  })

  function start(): Promise<KubernetesEngine> {
    const link = gatewayProcess({ stateDir, table: systemProcessTable() })
    return KubernetesEngine.start({ api, fleet: wanted.name, environment: 'production', namespace, link })
  }
})

function fleetOf(namespace: string, image: string): Fleet {
  const migrate = job('migrate', { image, run: ['/usr/local/bin/node', '-e', 'console.log("migrated")'], cpu: '100m' })
  const api = service('api', {
    image,
    port: 3000,
    routes: ['/'],
    scale: { min: 1, max: 3 },
    cpu: '100m',
    memory: '128Mi',
    migrations: { before: [migrate] },
    health: { ready: { http: '/health/ready', every: '1s' } },
    stop: { drain: '1s', grace: '2s' },
  })
  const production = environment('production', { engine: 'kubernetes', namespace, gatewayPort: 0 })
  return resolve(fleet('access', { services: [api], jobs: [migrate], environments: [production] }), 'production')
}
