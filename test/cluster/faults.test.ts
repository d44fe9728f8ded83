import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { helloObjects, podsOf } from './pods/hello-objects.ts'
import { archiveOf, buildHello } from './pods/images.ts'
import { type Cluster, type ClusterFaults, getObject, type TestNamespace, until, useCluster } from './use-cluster.ts'

const { cluster, reason } = await useCluster({ own: true })

interface Node {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] }
}

describe.skipIf(!cluster)(`faults of a cluster${reason ? ` (skipped: ${reason})` : ''}`, () => {
  let space: TestNamespace
  let folder: string
  const { faults = {} as ClusterFaults, kubectl, nodes } = cluster ?? ({ nodes: [] as string[] } as unknown as Cluster)
  const [first = '', second = ''] = nodes

  const isReady = async (name: string): Promise<boolean> => {
    const { status } = await getObject<Node>(kubectl, ['node', name])
    return status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  }
  const answers = async (address: string | undefined): Promise<boolean> =>
    fetch(`http://${address}:8080/`, { signal: AbortSignal.timeout(500) }).then(
      (answer) => answer.ok,
      () => false,
    )
  const addressOn = async (node: string): Promise<string | undefined> =>
    (await podsOf(space)).find((pod) => pod.spec.nodeName === node)?.status.podIP

  beforeAll(async () => {
    if (!cluster) return
    folder = await mkdtemp(join(tmpdir(), 'seaworthy-faults-'))
    const [loaded] = await cluster.loadImage(await archiveOf(await buildHello(), folder))
    space = await cluster.namespace('faults')
    await space.apply(...helloObjects({ image: loaded?.byDigest ?? '', replicas: 2 }))
    await space.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s'])
  })

  afterAll(async () => {
    if (folder) await rm(folder, { recursive: true, force: true })
    await space?.[Symbol.asyncDispose]()
  })

  it('stops a kubelet: the node counts as lost while its pods go on serving, and comes back', async () => {
    const address = await addressOn(second)
    {
      await using _ = await faults.stopKubelet(second)
      await until('the node to count as lost', async () => !(await isReady(second)))
      expect(await answers(address)).toBe(true)
    }
    await until('the node to be back', () => isReady(second))
    await space.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=120s'])
  })

  it('freezes a node: its pods stop answering, their work moves, and both come back', async () => {
    await until('a pod on each node', async () => (await addressOn(first)) && (await rebalanced(space, second)))
    const address = await addressOn(second)
    {
      await using _ = await faults.freezeNode(second)
      expect(await answers(address)).toBe(false)
      await until('the node to count as lost', async () => !(await isReady(second)))
      await until('two pods on the other node', async () => {
        const pods = await podsOf(space)
        return pods.filter((pod) => pod.spec.nodeName === first).length === 2
      })
    }
    await until('the node to be back', () => isReady(second))
  })

  it('pulls the cable of a node and puts it back', async () => {
    const address = await addressOn(first)
    expect(await answers(address)).toBe(true)
    {
      await using _ = await faults.disconnectNode(first)
      expect(await answers(address)).toBe(false)
    }
    await until('the pod to answer again', () => answers(address))
    await until('the node to be ready', () => isReady(first))
  })

  it.each(['kube-apiserver', 'etcd'] as const)('restarts %s without losing objects or running pods', async (part) => {
    const before = await podsOf(space)
    await faults.restart(part)
    await until('the same pods', async () => {
      const now = await podsOf(space)
      return before.every((pod) => now.some((other) => other.metadata.name === pod.metadata.name))
    })
    expect(await answers(before[0]?.status.podIP)).toBe(true)
  })

  it('kills the scheduler until it is healed: pods wait, then run', async () => {
    const fault = await faults.kill('kube-scheduler')
    try {
      await space.kubectl(['scale', 'deployment/hello', '--replicas=3'])
      await until('a pod without a node', async () => {
        const { items } = await getObject<{ items: readonly { spec: { nodeName?: string } }[] }>(space.kubectl, [
          'pods',
        ])
        return items.some((pod) => pod.spec.nodeName === undefined)
      })
    } finally {
      await fault.heal()
    }
    await space.kubectl(['rollout', 'status', 'deployment/hello', '--timeout=60s'])
    expect(await podsOf(space)).toHaveLength(3)
  })
})

/** Deletes a pod while one node is crowded, so that the scheduler's spreading puts the next one on `node`. */
async function rebalanced(space: TestNamespace, node: string): Promise<boolean> {
  const pods = await podsOf(space)
  if (pods.some((pod) => pod.spec.nodeName === node)) return true
  await space.kubectl(['delete', 'pod', pods[0]?.metadata.name ?? '', '--wait=true'])
  return false
}
