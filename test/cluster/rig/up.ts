import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dns } from '../addons/dns.ts'
import { metricsObjects, metricsServer } from '../addons/metrics.ts'
import { storageObjects } from '../addons/storage.ts'
import {
  apiServer,
  type ControlPlaneParts,
  controllerManager,
  etcd,
  need,
  scheduler,
} from '../control-plane/control-plane.ts'
import { writeCredentials } from '../control-plane/credentials.ts'
import { withLock } from '../host/lock.ts'
import { isAlive } from '../host/processes.ts'
import type { ClusterShape } from '../host/requirements.ts'
import { until } from '../host/until.ts'
import {
  containerd,
  containerdSocket,
  kubelet,
  kubeProxy,
  type NodeParts,
  startSandbox,
  untilContainerd,
} from '../node/node.ts'
import { buildTools, type ToolPaths } from '../tools/build.ts'
import { toolSets } from '../tools/tool.ts'
import { type AddressPlan, addressPlan, maximumRigs } from './address-plan.ts'
import { startDaemon, tailOf } from './daemon.ts'
import { takeDown } from './down.ts'
import { importImage } from './images.ts'
import { applyObjects, getObject, type Kubectl, kubectlFor } from './kubectl.ts'
import { createBridge, usedPrefixes } from './network.ts'
import { writePauseImage } from './pause-image.ts'
import { addressLock, rigLock } from './rig-name.ts'
import { readSettings } from './settings.ts'
import { readState, rigFolder, StateFile } from './state.ts'

/** What is to run. */
export interface UpOptions {
  readonly name: string
  readonly shape: ClusterShape
}

/** How `up` ended. */
export interface UpResult {
  /** False when the rig was running already. */
  readonly started: boolean
  /** ms from the first process to everything ready; 0 when nothing was started. */
  readonly readyMs: number
}

/**
 * Brings a rig to the state "everything ready": does nothing when it is, starts it when it is not there, and starts it
 * afresh when something of it has died. Builds the tools it needs first. Throws SWC001, SWC002, SWC004.
 */
export async function up({ name, shape }: UpOptions): Promise<UpResult> {
  const tools = await buildTools(toolSets[shape])
  return withLock(rigLock(name), async () => {
    const before = readState(name)
    const enough = before?.ready && (before.shape === shape || before.shape === 'cluster')
    if (enough && before.processes.every((running) => running.guest || isAlive(running)))
      return { started: false, readyMs: 0 }
    await takeDown(name)
    const state = StateFile.create({
      version: 1,
      name,
      index: -1,
      shape,
      processes: [],
      settings: readSettings(),
      ready: false,
    })
    try {
      const start = performance.now()
      await bringUp(state, tools)
      state.update({ ready: true })
      return { started: true, readyMs: performance.now() - start }
    } catch (error) {
      await takeDown(name)
      throw error
    }
  })
}

async function bringUp(state: StateFile, tools: Partial<ToolPaths>): Promise<void> {
  const { name, shape } = state.value
  const folder = rigFolder(name)
  const [data, logs] = [join(folder, 'data'), join(folder, 'logs')]
  for (const path of [data, logs]) mkdirSync(path, { recursive: true })
  const plan = await takeAddresses(state)
  const credentials = await writeCredentials(plan, join(folder, 'credentials'))
  writeFileSync(join(folder, 'tools.json'), JSON.stringify(tools))
  const parts: ControlPlaneParts = { plan, tools, credentials, data, logs }
  const kubectl = kubectlFor(need(tools, 'kubectl'), credentials.kubeconfig('admin'))

  const start = performance.now()
  startDaemon(etcd(parts), state)
  startDaemon(apiServer(parts), state)
  if (shape === 'api') return untilReady(kubectl, logs)

  startDaemon(controllerManager(parts), state)
  startDaemon(scheduler(parts), state)
  startDaemon(dns(parts), state)
  const archive = join(data, 'pause.tar')
  await writePauseImage(need(tools, 'pause'), archive)
  const nodes = plan.nodes.map(
    (node): NodeParts => ({ plan, node, tools, credentials, folder: join(folder, node.name), logs, state }),
  )
  await Promise.all([untilReady(kubectl, logs), ...nodes.map((node) => startNode(node, archive))])
  startDaemon(metricsServer(parts), state)
  await applyObjects(kubectl, metricsObjects(parts))
  await applyObjects(kubectl, storageObjects(plan))
  await untilUsable(kubectl, plan, logs)
  if (process.env.SEAWORTHY_CLUSTER_TRACE) console.error(`ready after ${Math.round(performance.now() - start)} ms`)
}

/** Chooses a range that nothing on this machine uses and makes the bridge in it, one rig at a time. */
async function takeAddresses(state: StateFile): Promise<AddressPlan> {
  return withLock(addressLock(), async () => {
    const used = await usedPrefixes()
    const index = Array.from({ length: maximumRigs }, (_, at) => at).find((at) => !used.has(200 + at))
    if (index === undefined) throw new Error('All of 10.200.0.0 to 10.249.255.255 is in use on this machine.')
    state.update({ index })
    const plan = addressPlan(state.value.name, index)
    await createBridge(plan)
    return plan
  })
}

async function startNode(parts: NodeParts, pauseArchive: string): Promise<void> {
  const first = await startSandbox(parts)
  startDaemon(containerd(parts, first), parts.state)
  await untilContainerd(parts)
  await importImage(containerdSocket(parts.folder), pauseArchive)
  startDaemon(kubelet(parts, first), parts.state)
  startDaemon(kubeProxy(parts, first), parts.state)
}

async function untilReady(kubectl: Kubectl, logs: string): Promise<void> {
  await until('the API server', async () => (await kubectl(['get', '--raw=/readyz'])) === 'ok', {
    everyMs: 200,
    explain: () => tailOf(`${logs}/kube-apiserver.log`),
  })
}

interface Conditions {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

function has(object: Conditions, type: string): boolean {
  return object.status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false
}

async function untilUsable(kubectl: Kubectl, plan: AddressPlan, logs: string): Promise<void> {
  await until(
    'both nodes to be ready',
    async () => {
      const { items } = await getObject<{ items: readonly Conditions[] }>(kubectl, ['nodes'])
      return items.length === plan.nodes.length && items.every((node) => has(node, 'Ready'))
    },
    { everyMs: 200, explain: () => plan.nodes.map((node) => tailOf(`${logs}/${node.name}-kubelet.log`)).join('\n') },
  )
  // Until its controller has made it, pods of the default namespace are refused.
  await until('the default service account', () => kubectl(['get', 'serviceaccount', 'default']), { everyMs: 200 })
  // An API that is registered and does not answer makes every namespace's deletion hang.
  await until(
    'the metrics API',
    async () => has(await getObject<Conditions>(kubectl, ['apiservice', 'v1beta1.metrics.k8s.io']), 'Available'),
    { everyMs: 200, explain: () => tailOf(`${logs}/metrics-server.log`) },
  )
}
