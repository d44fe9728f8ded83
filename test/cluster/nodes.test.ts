import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildImage } from '@seaworthy/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { helloObjects, podsOf } from './pods/hello-objects.ts'
import { archiveOf, buildHello, helloSpec } from './pods/images.ts'
import { getObject, type TestNamespace, until, useCluster } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ own: true })

describe.skipIf(!cluster)(`a cluster of two nodes${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let space: TestNamespace
  let folder: string
  let image: string

  beforeAll(async () => {
    if (!cluster) return
    folder = await mkdtemp(join(tmpdir(), 'seaworthy-pods-'))
    const hello = await buildHello()
    const [loaded] = await cluster.loadImage(await archiveOf(hello, folder))
    image = loaded?.byDigest ?? ''
    space = await cluster.namespace('nodes', { 'pod-security.kubernetes.io/enforce': 'restricted' })
    await space.apply(...helloObjects({ image, replicas: 4 }))
    await space.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s'])
  })

  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true })
    await space?.[Symbol.asyncDispose]()
  })

  it('runs pods of an image named by digest on both nodes', async () => {
    expect(image).toMatch(/^seaworthy\.test\/hello@sha256:[0-9a-f]{64}$/)
    const pods = await podsOf(space)
    expect(new Set(pods.map((pod) => pod.spec.nodeName))).toEqual(new Set(cluster?.nodes))
  })

  it.each([
    ['gzip', 'oci-archive'],
    ['zstd', 'oci-archive'],
    ['zstd', 'docker-archive'],
  ] as const)('runs an image packed by %s in an %s', async (compression, format) => {
    const name = `packed-${compression}-${format}`
    const image = await buildImage({ ...(await helloSpec()), reference: `seaworthy.test/${name}:1`, compression })
    const path = join(folder, name)
    await image.write(path, format)
    const [loaded] = (await cluster?.loadImage(path)) ?? []
    if (format === 'oci-archive') expect(loaded?.byDigest).toContain(image.digest)
    await space.apply(...helloObjects({ name, image: loaded?.byDigest ?? '', replicas: 1 }))
    await space.kubectl(['rollout', 'status', `deployment/${name}`, '--timeout=60s'])
    await space.kubectl(['delete', 'deployment,service', name])
  })

  it('resolves service names and balances over the pods of both nodes', async () => {
    const [pod] = await podsOf(space)
    const program = `
      const seen = new Set()
      for (let i = 0; i < 40; i += 1) {
        const answer = await fetch('http://hello/', { headers: { connection: 'close' } })
        seen.add((await answer.json()).pod)
      }
      console.log(JSON.stringify([...seen]))`
    await until('every pod to answer behind the service', async () => {
      const said = await space.kubectl([
        'exec',
        pod?.metadata.name ?? '',
        '--',
        'node',
        '--input-type=module',
        '-e',
        program,
      ])
      return new Set(JSON.parse(said)).size === 4
    })
  })

  it('shows the log of a pod', async () => {
    const [pod] = await podsOf(space)
    expect(await space.kubectl(['logs', pod?.metadata.name ?? ''])).toContain('listening')
  })

  it('keeps a claimed volume over the death of its pod', async () => {
    const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } }
    const container = {
      name: 'keeper',
      image,
      command: ['node', '-e', "require('fs').appendFileSync('/data/starts', 'x'); setInterval(() => {}, 1000)"],
      securityContext: {
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    }
    await space.apply({
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata: { name: 'keeper' },
      spec: {
        serviceName: 'keeper',
        replicas: 1,
        selector: { matchLabels: { app: 'keeper' } },
        template: {
          metadata: { labels: { app: 'keeper' } },
          spec: { terminationGracePeriodSeconds: 0, securityContext: { fsGroup: 65532 }, containers: [container] },
        },
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim }],
      },
    })
    const starts = (): Promise<string> =>
      space.kubectl(['exec', 'keeper-0', '--', 'node', '-p', "require('fs').readFileSync('/data/starts', 'utf8')"])
    await until('the first start', async () => (await starts()).trim() === 'x')
    await space.kubectl(['delete', 'pod', 'keeper-0'])
    await until('the second start', async () => (await starts()).trim() === 'xx')
    await space.kubectl(['delete', 'statefulset', 'keeper'])
  })

  it('drains a node: its pods are ready on the other one, and it takes pods again afterwards', async () => {
    const drained = cluster?.nodes[0] ?? ''
    try {
      await cluster?.kubectl(['drain', drained, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=60s'])
      await space.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s'])
      const pods = await podsOf(space)
      expect(new Set(pods.map((pod) => pod.spec.nodeName))).toEqual(new Set([cluster?.nodes[1]]))
    } finally {
      await cluster?.kubectl(['uncordon', drained])
    }
  })

  it('scales by CPU: the HPA reads what the pods use and adds replicas under load', async () => {
    await space.apply({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'hello' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'hello' },
        minReplicas: 4,
        maxReplicas: 6,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
        ],
      },
    })
    const [pod] = await podsOf(space)
    const name = pod?.metadata.name ?? ''
    const program = `
      const end = Date.now() + 60000
      const work = async () => { while (Date.now() < end) await fetch('http://hello/burn?ms=100', { headers: { connection: 'close' } }).catch(() => {}) }
      await Promise.all(Array.from({ length: 8 }, work))`
    const load = space.kubectl(['exec', name, '--', 'node', '--input-type=module', '-e', program]).catch(() => '')
    interface Autoscaler {
      readonly status?: {
        readonly desiredReplicas?: number
        readonly currentMetrics?: readonly {
          readonly resource?: { readonly current: { readonly averageUtilization?: number } }
        }[]
      }
    }
    const scaled = await until(
      'the autoscaler to ask for more than four pods',
      async () => {
        const seen = await getObject<Autoscaler>(space.kubectl, ['hpa', 'hello'])
        return (seen.status?.desiredReplicas ?? 0) > 4 && seen
      },
      { timeoutMs: 120_000, everyMs: 1000 },
    )
    expect(scaled.status?.currentMetrics?.[0]?.resource?.current.averageUtilization).toBeGreaterThan(50)
    await space.kubectl(['delete', 'pod', name, '--wait=false'])
    await load
  })
})
