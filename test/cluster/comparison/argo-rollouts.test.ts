import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { archiveOf, buildHello } from '../pods/images.ts'
import { areBuilt, getObject, type HostProgram, type TestNamespace, until, useCluster } from '../use-cluster.ts'
import { startArgoRollouts } from './argo-rollouts.ts'
import { type RunningPrometheus, startPrometheus } from './prometheus.ts'
import { type RolloutPlan, type RolloutState, rolloutObjects } from './rollout-objects.ts'

const { cluster, reason } = await useCluster({ own: true })
const missing =
  reason ?? ((await areBuilt('rollout')) ? undefined : 'Argo Rollouts is not built: npm run cluster -- build rollout')

/** Quick enough for a test, and strict. */
const plan: RolloutPlan = {
  steps: [[50, 15]],
  startingStep: 1,
  intervalSeconds: 3,
  windowSeconds: 6,
  leastSuccessRate: 0.95,
  failureLimit: 1,
  of: 'canary',
}

describe.skipIf(missing)(`Argo Rollouts with Prometheus${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let space: TestNamespace
  let folder: string
  let image: string
  let argo: HostProgram
  let prometheus: RunningPrometheus
  const load = new AbortController()

  const release = async (env: Record<string, string>): Promise<void> => {
    await space.apply(...rolloutObjects({ image, replicas: 2, env }, plan, prometheus.url))
  }
  const ended = (): Promise<RolloutState> =>
    until(
      'the rollout to end',
      async () => {
        const state = await getObject<RolloutState>(space.kubectl, ['rollout.argoproj.io', 'hello'])
        const seen = state.status?.observedGeneration === String(state.metadata.generation)
        return seen && ['Healthy', 'Degraded'].includes(state.status?.phase ?? '') && state
      },
      { timeoutMs: 120_000, everyMs: 500 },
    )

  beforeAll(async () => {
    if (!cluster) return
    folder = await mkdtemp(join(tmpdir(), 'seaworthy-argo-'))
    const [loaded] = await cluster.loadImage(await archiveOf(await buildHello(), folder))
    image = loaded?.byDigest ?? ''
    argo = await startArgoRollouts(cluster)
    prometheus = await startPrometheus(cluster, 1)
    space = await cluster.namespace('argo')
    await release({ VERSION: '1' })
    const first = (await ended()).status
    expect(first?.phase, first?.message).toBe('Healthy')
    void keepLoad()
  })

  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true })
    load.abort()
    await space?.kubectl(['delete', 'rollout.argoproj.io', '--all', '--wait=false'])
    await space?.[Symbol.asyncDispose]()
    await argo?.[Symbol.asyncDispose]()
    await prometheus?.[Symbol.asyncDispose]()
  })

  /** Requests to every ready pod, so that Prometheus has something to count. */
  async function keepLoad(): Promise<void> {
    while (!load.signal.aborted) {
      const { items } = await getObject<{ items: readonly { status: { podIP?: string } }[] }>(space.kubectl, [
        'pods',
      ]).catch(() => ({ items: [] }))
      const addresses = items.flatMap(({ status }) => status.podIP ?? [])
      const asks = addresses.flatMap((address) =>
        Array.from({ length: 20 }, () => fetch(`http://${address}:8080/`, { signal: AbortSignal.timeout(500) })),
      )
      for (const ask of asks) await ask.then((answer) => answer.arrayBuffer()).catch(() => undefined)
    }
  }

  it('promotes a good version', async () => {
    const before = await ended()
    await release({ VERSION: '2' })
    const after = await until('another stable version', async () => {
      const state = await ended()
      return state.status?.stableRS !== before.status?.stableRS && state
    })
    expect(after.status).toMatchObject({ phase: 'Healthy' })
  })

  it('aborts a version that fails half of its requests', async () => {
    const before = await ended()
    await release({ VERSION: '3', ERROR_SHARE: '0.5' })
    const after = await ended()
    expect(after.status).toMatchObject({ phase: 'Degraded', abort: true, stableRS: before.status?.stableRS })
    expect(await prometheus.query('sum(http_requests_total{code="500"})')).toBeGreaterThan(0)
  })
})
