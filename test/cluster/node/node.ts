import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { need } from '../control-plane/control-plane.ts'
import type { Credentials } from '../control-plane/credentials.ts'
import { command } from '../host/command.ts'
import { childrenOf } from '../host/processes.ts'
import { until } from '../host/until.ts'
import type { AddressPlan, NodePlan } from '../rig/address-plan.ts'
import { createCgroup, membershipFiles } from '../rig/cgroup.ts'
import { type DaemonSpec, startDaemon, tailOf } from '../rig/daemon.ts'
import { connectNode } from '../rig/network.ts'
import type { StateFile } from '../rig/state.ts'
import type { ToolPaths } from '../tools/build.ts'
import { writeNodeFiles } from './node-files.ts'

/** What a node is made from. */
export interface NodeParts {
  readonly plan: AddressPlan
  readonly node: NodePlan
  readonly tools: Partial<ToolPaths>
  readonly credentials: Credentials
  /** The node's own folder. */
  readonly folder: string
  readonly logs: string
  readonly state: StateFile
}

/** Where a node's containerd listens, seen from the host. */
export function containerdSocket(folder: string): string {
  return join(folder, 'run/containerd/containerd.sock')
}

// In the new namespaces: the node's own folders in place of the machine's, then the process that holds all of it. When
// that one dies, the kernel ends every process, and drops every mount and cable, of the node.
const sandboxScript = `set -e
mount --make-rprivate /
mount --bind "$1/lib" /var/lib
mount --bind "$1/log" /var/log
mount --bind "$1/run" /run
mount --make-rshared /
hostname "$2"
: > "$1/run/entered"
exec "$3"
`

/** Makes the namespaces of a node and lays its cable. Returns the number of its first process, as the host sees it. */
export async function startSandbox(parts: NodeParts): Promise<number> {
  const { plan, node, tools, credentials, folder, logs, state } = parts
  createCgroup(node.cgroup)
  writeNodeFiles(plan, node, credentials, folder)
  const unshare = ['unshare', '--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child', '--mount-proc']
  const script = ['sh', '-c', sandboxScript, 'sh', folder, node.name, need(tools, 'pause')]
  const log = `${logs}/${node.name}.log`
  const outer = startDaemon({ name: node.name, argv: inCgroup(node, [...unshare, ...script]), log }, state)
  const first = await until(
    `the namespaces of ${node.name}`,
    async () => existsSync(join(folder, 'run/entered')) && childrenOf(outer.pid)[0],
    { everyMs: 10, timeoutMs: 10_000, explain: () => tailOf(log) },
  )
  await connectNode(plan, node, first)
  return first
}

/** The node's container runtime. */
export function containerd({ node, folder, logs }: NodeParts, first: number): DaemonSpec {
  const argv = inNode(node, first, ['containerd', '--config', `${folder}/containerd.toml`, '--log-level', 'warn'])
  return {
    name: `${node.name}/containerd`,
    argv,
    env: { TMPDIR: '/run/tmp' },
    log: `${logs}/${node.name}-containerd.log`,
  }
}

/** The node's agent. */
export function kubelet({ node, tools, credentials, folder, logs }: NodeParts, first: number): DaemonSpec {
  const argv = inNode(node, first, [
    need(tools, 'kubelet'),
    `--config=${folder}/kubelet.json`,
    `--kubeconfig=${credentials.kubeconfig(node.name)}`,
    '--root-dir=/var/lib/kubelet',
    '--cert-dir=/var/lib/kubelet/pki',
    `--hostname-override=${node.name}`,
    `--node-ip=${node.address}`,
    `--node-labels=topology.kubernetes.io/zone=${node.zone},topology.kubernetes.io/region=rig`,
  ])
  return { name: `${node.name}/kubelet`, argv, log: `${logs}/${node.name}-kubelet.log` }
}

/** What makes services reachable on the node. */
export function kubeProxy({ node, tools, folder, logs }: NodeParts, first: number): DaemonSpec {
  const argv = inNode(node, first, [need(tools, 'kube-proxy'), `--config=${folder}/kube-proxy.json`])
  return { name: `${node.name}/kube-proxy`, argv, log: `${logs}/${node.name}-kube-proxy.log` }
}

/** Waits until a node's containerd answers. */
export async function untilContainerd({ node, folder, logs }: NodeParts): Promise<void> {
  await until(
    `containerd of ${node.name}`,
    async () =>
      existsSync(containerdSocket(folder)) && command('ctr', ['--address', containerdSocket(folder), 'version']),
    { everyMs: 50, timeoutMs: 20_000, explain: () => tailOf(`${logs}/${node.name}-containerd.log`) },
  )
}

function inNode(node: NodePlan, first: number, argv: readonly string[]): readonly string[] {
  const enter = ['nsenter', '--target', String(first), '--net', '--mount', '--pid', '--uts', '--ipc', '--']
  return inCgroup(node, [...enter, ...argv])
}

/** Starts a program as a member of the node's group of daemons, so that a frozen node stands still as a whole. */
function inCgroup(node: NodePlan, argv: readonly string[]): readonly string[] {
  const join = membershipFiles(`${node.cgroup}/daemons`).map((file) => `echo $$ > ${file}`)
  return ['sh', '-c', `${join.join('; ')}; exec "$@"`, 'sh', ...argv]
}
