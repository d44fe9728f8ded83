import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { containerdSocket } from '../node/node.ts'
import { clusterProblem } from '../problem-codes.ts'
import { addressPlan } from './address-plan.ts'
import { killDaemon, startDaemon, tailOf } from './daemon.ts'
import { type ClusterFaults, clusterFaults } from './faults.ts'
import { importImage, type LoadedImage } from './images.ts'
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
  /** Imports an image archive into every node. Throws SWC005 on a cluster of yours. */
  loadImage(archive: string): Promise<readonly LoadedImage[]>
  /** A fresh namespace, its name starting with `prefix`. */
  namespace(prefix: string, labels?: Readonly<Record<string, string>>): Promise<TestNamespace>
  /** Hold on the rig's own nodes and control plane; absent on a cluster of yours. */
  readonly faults: ClusterFaults | undefined
  /** This machine's side of the rig, from which nodes and pods are reached; absent on a cluster of yours. */
  readonly host: ClusterHost | undefined
}

/** This machine, as the rig's pods see it. */
export interface ClusterHost {
  /** Its address, on which a program started here can be reached from pods. */
  readonly address: string
  /** Its network interface. */
  readonly bridge: string
  /** A folder for data that goes with the cluster. */
  readonly folder: string
  /** Starts a program beside the cluster, which ends with it at the latest. Its output goes to a log of that name. */
  start(name: string, argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<HostProgram>
}

/** A program beside the cluster. */
export interface HostProgram extends AsyncDisposable {
  /** The end of its log. */
  tail(): string
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
      const [images = []] = await Promise.all(sockets.map((socket) => importImage(socket, archive)))
      return images
    },
    namespace: (prefix, labels) => createNamespace(kubectl, prefix, labels),
    faults: clusterFaults(StateFile.open(name), kubectl),
    host: {
      address: plan.host,
      bridge: plan.bridge,
      folder: join(folder, 'data'),
      start: async (program, argv, env = {}) => {
        const log = join(folder, 'logs', `${program}.log`)
        const running = startDaemon({ name: program, argv, env, log, guest: true }, StateFile.open(name))
        return { tail: () => tailOf(log), [Symbol.asyncDispose]: () => killDaemon(running) }
      },
    },
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
    host: undefined,
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
