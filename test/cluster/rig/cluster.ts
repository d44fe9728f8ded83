import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { containerdSocket } from '../node/node.ts'
import { clusterProblem } from '../problem-codes.ts'
import { addressPlan } from './address-plan.ts'
import { type ClusterFaults, clusterFaults } from './faults.ts'
import { importImage } from './images.ts'
import { applyObjects, getObject, type Kubectl, kubectlFor } from './kubectl.ts'
import { readState, rigFolder, StateFile } from './state.ts'

/** A namespace that is deleted, without waiting, when it is disposed of. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string
  /** kubectl with `--namespace` set. */
  readonly kubectl: Kubectl
  /** Applies objects into it. */
  apply(...objects: readonly object[]): Promise<void>
}

/** A cluster that tests may do anything to. */
export interface Cluster {
  /** Path of a kubeconfig with all rights. */
  readonly kubeconfig: string
  readonly kubectl: Kubectl
  /** Names of the nodes. */
  readonly nodes: readonly string[]
  /** `api`: nothing is scheduled, pods stay objects. */
  readonly shape: 'api' | 'cluster'
  /** Imports an image archive into every node. Returns its names, the one by digest among them. Throws SWC005 on a cluster of yours. */
  loadImage(archive: string): Promise<readonly string[]>
  /** A fresh namespace, its name starting with `prefix`. */
  namespace(prefix: string, labels?: Readonly<Record<string, string>>): Promise<TestNamespace>
  /** Hold on the rig's own nodes and control plane; absent on a cluster of yours. */
  readonly faults: ClusterFaults | undefined
  /** The network interface on which the rig's nodes and pods are reached from this machine; absent on a cluster of yours. */
  readonly bridge: string | undefined
}

/** The rig of that name, which must be up. Throws SWC004. */
export async function connectRig(name: string): Promise<Cluster> {
  const state = readState(name)
  if (!state?.ready)
    throw clusterProblem({
      code: 'SWC004',
      message: `The cluster ${name} is not running.`,
      hint: 'Run `npm run cluster -- up`.',
    })
  const folder = rigFolder(name)
  const plan = addressPlan(name, state.index)
  const program: string = JSON.parse(readFileSync(join(folder, 'tools.json'), 'utf8')).kubectl
  const kubeconfig = join(folder, 'credentials', 'admin.kubeconfig')
  const kubectl = kubectlFor(program, kubeconfig)
  const sockets = plan.nodes.map((node) => containerdSocket(join(folder, node.name)))
  return {
    kubeconfig,
    kubectl,
    shape: state.shape,
    nodes: state.shape === 'api' ? [] : plan.nodes.map((node) => node.name),
    async loadImage(archive) {
      if (state.shape === 'api')
        throw clusterProblem({ code: 'SWC005', message: 'An API server alone has no nodes for images.' })
      const names = await Promise.all(sockets.map((socket) => importImage(socket, archive)))
      return [...new Set(names.flat())]
    },
    namespace: (prefix, labels) => createNamespace(kubectl, prefix, labels),
    faults: clusterFaults(StateFile.open(name), kubectl),
    bridge: plan.bridge,
  }
}

/** A disposable cluster of the user's, by its kubeconfig; `program` is the kubectl to use. */
export async function connectOther(kubeconfig: string, program = 'kubectl'): Promise<Cluster> {
  const kubectl = kubectlFor(program, kubeconfig)
  const { items } = await getObject<{ items: readonly { metadata: { name: string } }[] }>(kubectl, ['nodes'])
  return {
    kubeconfig,
    kubectl,
    shape: items.length > 0 ? 'cluster' : 'api',
    nodes: items.map((node) => node.metadata.name),
    loadImage: async () => {
      throw clusterProblem({
        code: 'SWC005',
        message: 'Images can only be imported into the nodes of our own cluster.',
        hint: 'Push the archive to a registry that your cluster reads.',
      })
    },
    namespace: (prefix, labels) => createNamespace(kubectl, prefix, labels),
    faults: undefined,
    bridge: undefined,
  }
}

async function createNamespace(
  kubectl: Kubectl,
  prefix: string,
  labels: Readonly<Record<string, string>> = {},
): Promise<TestNamespace> {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`
  await applyObjects(kubectl, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } })
  const own: Kubectl = (args, options) => kubectl(['--namespace', name, ...args], options)
  return {
    name,
    kubectl: own,
    apply: (...objects) => applyObjects(own, objects),
    async [Symbol.asyncDispose]() {
      await kubectl(['delete', 'namespace', name, '--wait=false', '--ignore-not-found'])
    },
  }
}
