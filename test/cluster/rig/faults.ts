import { childrenOf, isAlive, signal } from '../host/processes.ts'
import { until } from '../host/until.ts'
import { clusterProblem } from '../problem-codes.ts'
import type { NodePlan } from './address-plan.ts'
import { addressPlan } from './address-plan.ts'
import { setFrozen } from './cgroup.ts'
import { daemonNamed, killDaemon, restartDaemon, startDaemon } from './daemon.ts'
import type { Kubectl } from './kubectl.ts'
import { setCable } from './network.ts'
import type { StateFile } from './state.ts'

/** Parts of the control plane that can be stopped and started. */
export type ControlPlanePart =
  | 'coredns'
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-controller-manager'
  | 'kube-scheduler'
  | 'metrics-server'

/** A fault that lasts until it is healed; healing twice is once. */
export interface Fault extends AsyncDisposable {
  heal(): Promise<void>
}

/** What can be done to a cluster of ours. Each fault is in force when its promise resolves. */
export interface ClusterFaults {
  /** Nothing on the node runs any more, daemons and pods alike, but its kernel still accepts connections. */
  freezeNode(node: string): Promise<Fault>
  /** The node's cable is pulled: no packet in or out, everything on it goes on running. */
  disconnectNode(node: string): Promise<Fault>
  /** The node's kubelet stands still (SIGSTOP); its pods go on serving. */
  stopKubelet(node: string): Promise<Fault>
  /** A part of the control plane is killed (SIGKILL), and started again when healed. */
  kill(part: ControlPlanePart): Promise<Fault>
  /** A part is killed and started again at once; resolves when the API server is ready. */
  restart(part: ControlPlanePart): Promise<void>
}

/** The faults of a rig. */
export function clusterFaults(state: StateFile, kubectl: Kubectl): ClusterFaults {
  const plan = addressPlan(state.value.name, state.value.index)
  const nodeNamed = (name: string): NodePlan => {
    const node = plan.nodes.find((one) => one.name === name)
    if (!node) throw clusterProblem({ code: 'SWC005', message: `This cluster has no node ${name}.` })
    return node
  }
  const untilApiReady = (): Promise<unknown> =>
    until('the API server', async () => (await kubectl(['get', '--raw=/readyz'])) === 'ok', { everyMs: 200 })

  return {
    async freezeNode(name) {
      const { cgroup } = nodeNamed(name)
      setFrozen(cgroup, true)
      return healable(async () => setFrozen(cgroup, false))
    },

    async disconnectNode(name) {
      const node = nodeNamed(name)
      await setCable(node, false)
      return healable(() => setCable(node, true))
    },

    async stopKubelet(name) {
      const outer = daemonNamed(`${nodeNamed(name).name}/kubelet`, state)
      // What was started is nsenter; the kubelet is its child.
      const [kubelet] = childrenOf(outer.pid)
      if (kubelet === undefined)
        throw clusterProblem({ code: 'SWC005', message: `The kubelet of ${name} is not running.` })
      signal(kubelet, 'SIGSTOP')
      return healable(async () => signal(kubelet, 'SIGCONT'))
    },

    async kill(part) {
      const running = daemonNamed(part, state)
      await killDaemon(running)
      return healable(async () => {
        if (!isAlive(daemonNamed(part, state))) startDaemon(running, state)
        await untilApiReady()
      })
    },

    async restart(part) {
      await restartDaemon(part, state)
      await untilApiReady()
    },
  }
}

function healable(undo: () => Promise<void>): Fault {
  let healed: Promise<void> | undefined
  const heal = (): Promise<void> => {
    healed ??= undo()
    return healed
  }
  return { heal, [Symbol.asyncDispose]: heal }
}
