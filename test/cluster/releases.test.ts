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
import { environment, type Fleet, fleet, resolve, type ServiceSpec, service } from '@seaworthy/model'
import { HttpClient, httpSender, type LoadResult, parseTarget, runOpenLoad } from '@seaworthy/proof'
import { memoryJournal, type ReleaseState, Releases, realPorts } from '@seaworthy/release'
import { describe, expect, it } from 'vitest'
import { loadFixture } from './pods/fixture-image.ts'
import { until, useCluster } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ own: true })
const image = cluster ? await loadFixture(cluster) : ''

/** Requests per second from clients, at a constant rate. */
const rate = 60

describe.skipIf(!cluster)(`releases on a cluster${reason ? ` (skipped: ${reason})` : ''}`, () => {
  it('promote a good canary step by step while a pod is killed, and lose no request', async () => {
    await using stage = await Stage.open('good')
    const load = stage.load()
    const begun = await stage.release({ version: 'v2', overrides: { env: { VERSION: 'two' } } })
    await until('traffic to the canary', async () => (await stage.share('v2')) > 0, { timeoutMs: 60_000 })
    await stage.killPodOf(stage.first)
    const ended = await stage.releases.finished(begun.id)
    const result = await load.stop()
    expect(ended.phase.kind, said(ended)).toBe('completed')
    expect([result.failures, result.statuses]).toEqual([{}, { 200: result.requests.due }])
    expect(Object.keys(result.labels).length).toBeGreaterThan(0)
    // The canary's pods are the stable ones as they were: none of them was started anew.
    const { services, replicas } = await stage.engine.state()
    expect(services[0]).toMatchObject({ stable: 'v2', versions: [{ version: 'v2', share: 1 }] })
    expect(replicas.every(({ version, restarts }) => version === 'v2' && restarts === 0)).toBe(true)
  })

  it('roll back a canary that fails 5 % of its requests; what it was not dealt stays unharmed', async () => {
    await using stage = await Stage.open('bad')
    const load = stage.load()
    const begun = await stage.release({ version: 'v2', overrides: { env: { BUG: 'error:0.05' } } })
    const ended = await stage.releases.finished(begun.id)
    const result = await load.stop()
    expect(ended.phase.kind).toBe('rolled-back')
    expect(said(ended)).toMatch(/error/)
    expect(result.failures).toEqual({})
    expect(Object.keys(result.statuses).sort()).toEqual(['200', '500'])
    expect((await stage.engine.state()).services[0]?.versions).toMatchObject([{ version: stage.first, share: 1 }])
  })

  it('swap blue and green at once, keep the old pods warm, and lose no request', async () => {
    await using stage = await Stage.open('green', { strategy: 'blue-green', keepWarm: '5s' })
    const load = stage.load()
    const begun = await stage.release({ version: 'v2', overrides: { env: { VERSION: 'two' } } })
    await until('the swap', async () => (await stage.share('v2')) === 1, { timeoutMs: 60_000 })
    expect((await stage.engine.state()).replicas.some(({ version }) => version === stage.first)).toBe(true)
    const ended = await stage.releases.finished(begun.id)
    const result = await load.stop()
    expect(ended.phase.kind, said(ended)).toBe('completed')
    expect([result.failures, result.statuses]).toEqual([{}, { 200: result.requests.due }])
  })

  it.each([
    [
      'an image that no node can pull',
      { overrides: { image: 'registry.invalid/none:1' } },
      /image pull (back-off|fails) on node/,
    ],
    ['a program that ends at its start', { overrides: { env: { BUG: 'exit-on-start:3' } } }, /last exit 3/],
    ['a probe that never passes', { overrides: { env: { BUG: 'never-ready' } } }, /not ready in time.*503/],
  ] as const)('take back %s, and say why', async (_, change, why) => {
    await using stage = await Stage.open('broken')
    const load = stage.load()
    const begun = await stage.release({ version: 'v2', ...change })
    const ended = await stage.releases.finished(begun.id)
    const result = await load.stop()
    expect(ended.phase.kind).toBe('rolled-back')
    expect(said(ended)).toMatch(why)
    expect([result.failures, result.statuses]).toEqual([{}, { 200: result.requests.due }])
  })

  it('take back what a quota refuses, and say which', async () => {
    await using stage = await Stage.open('quota')
    await stage.api.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'two-pods', namespace: stage.namespace },
      spec: { hard: { pods: '2' } },
    })
    const begun = await stage.release({ version: 'v2', overrides: { env: { VERSION: 'two' } } })
    const ended = await stage.releases.finished(begun.id)
    expect(ended.phase.kind).toBe('rolled-back')
    expect(said(ended)).toMatch(/exceeded quota: two-pods/)
  })
})

function said({ phase, history }: ReleaseState): string {
  return [JSON.stringify(phase), ...history.map(({ text }) => text)].join('\n')
}

/** One service with two pods behind a gateway on this machine, and its releases. */
class Stage implements AsyncDisposable {
  readonly namespace: string
  readonly api: KubernetesApi
  readonly engine: KubernetesEngine
  readonly releases: Releases
  readonly first: string
  readonly #fleet: Fleet
  readonly #url: string
  readonly #stateDir: string

  private constructor(parts: {
    namespace: string
    api: KubernetesApi
    engine: KubernetesEngine
    fleet: Fleet
    first: string
    url: string
    stateDir: string
  }) {
    this.namespace = parts.namespace
    this.api = parts.api
    this.engine = parts.engine
    this.first = parts.first
    this.#fleet = parts.fleet
    this.#url = parts.url
    this.#stateDir = parts.stateDir
    this.releases = new Releases(realPorts(parts.engine, memoryJournal()))
  }

  static async open(name: string, rollout: ServiceSpec['rollout'] = canary): Promise<Stage> {
    const namespace = `releases-${name}-${Date.now().toString(36)}`
    const wanted = fleetOf(namespace, rollout)
    const api = new KubernetesApi(kubeconfigAccess({ path: cluster?.kubeconfig ?? '' }))
    const stateDir = mkdtempSync(join(tmpdir(), 'seaworthy-gateway-'))
    const link = gatewayProcess({ stateDir, table: systemProcessTable() })
    const engine = await KubernetesEngine.start({
      api,
      fleet: wanted.name,
      environment: wanted.environment.name,
      namespace,
      link,
    })
    const events: EngineEvent[] = []
    for await (const event of engine.apply(await engine.plan(wanted))) events.push(event)
    expect(events.at(-1)?.kind, JSON.stringify(events.at(-1))).toBe('settled')
    const state = await engine.state()
    const first = state.services[0]?.stable ?? ''
    const url = state.gateway.urls[0] ?? ''
    return new Stage({ namespace, api, engine, fleet: wanted, first, url, stateDir })
  }

  release(request: { version: string; overrides: object }): Promise<ReleaseState> {
    return this.releases.begin({ service: 'api', ...request }, this.#fleet)
  }

  async share(version: string): Promise<number> {
    const [service] = (await this.engine.state()).services
    return service?.versions.find((each) => each.version === version)?.share ?? 0
  }

  async killPodOf(version: string): Promise<void> {
    const victim = (await this.engine.state()).replicas.find((replica) => replica.version === version)
    await this.api.delete({ apiVersion: 'v1', kind: 'Pod' }, this.namespace, victim?.replica ?? '', { graceSeconds: 0 })
  }

  /** Requests at a constant rate, each on its own, until stopped. */
  load(): { stop: () => Promise<LoadResult> } {
    const client = new HttpClient({ target: parseTarget(this.#url), limit: 64 })
    const end = new AbortController()
    const running = runOpenLoad({
      arrivals: { kind: 'constant', rate, seconds: 600 },
      sender: httpSender(client, client.prepare({ path: '/echo' })),
      signal: end.signal,
    })
    return {
      stop: async () => {
        end.abort()
        const result = await running
        await client[Symbol.asyncDispose]()
        return result
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.releases[Symbol.asyncDispose]()
    for await (const _ of this.engine.down({ force: true, destroy: true }));
    await this.engine[Symbol.asyncDispose]()
    await this.api[Symbol.asyncDispose]()
    rmSync(this.#stateDir, { recursive: true, force: true })
  }
}

/** So little traffic could not tell small harm from none in the time of a test: only great harm is looked for, briefly. */
const canary: ServiceSpec['rollout'] = {
  strategy: 'canary',
  steps: ['20%', '50%', '100%'],
  keepWarm: '2s',
  verdict: { warmUp: '1s', episode: '100ms', deadline: '20s', minRequests: 50, underpowered: 'promote' },
}

function fleetOf(namespace: string, rollout: ServiceSpec['rollout']): Fleet {
  const api = service('api', {
    image,
    port: 3000,
    routes: ['/'],
    replicas: 2,
    cpu: '100m',
    memory: '128Mi',
    timeout: '5s',
    health: { ready: { http: '/health/ready', every: '1s' } },
    stop: { drain: '3s', grace: '4s' },
    traffic: { rate: '60/s', errors: '0.1%' },
    kubernetes: [{ kind: 'Deployment', merge: { spec: { progressDeadlineSeconds: 12 } } }],
    ...(rollout && { rollout }),
  })
  const production = environment('production', { engine: 'kubernetes', namespace, gatewayPort: 0 })
  const document = fleet('releases', { services: [api], environments: [production] })
  return resolve(document, 'production')
}
