import { command, tryCommand } from '../host/command.ts'
import type { AddressPlan, NodePlan } from './address-plan.ts'

/** Numbers of the 10.x ranges that some route or address of this machine uses. */
export async function usedPrefixes(): Promise<ReadonlySet<number>> {
  const routes = await command('ip', ['-4', '-o', 'route', 'show', 'table', 'all'])
  return new Set([...routes.matchAll(/(?:^|\s)10\.(\d+)\./gm)].map(([, second]) => Number(second)))
}

/** Makes the bridge, gives it its address, and the host the routes to all pods. */
export async function createBridge(plan: AddressPlan): Promise<void> {
  await batch([
    `link add ${plan.bridge} type bridge`,
    `address add ${plan.host}/24 dev ${plan.bridge}`,
    `link set ${plan.bridge} up`,
    ...plan.nodes.map((node) => `route add ${node.podRange} via ${node.address} dev ${plan.bridge}`),
  ])
  // Hosts with Docker drop what is forwarded, and that includes what crosses a bridge.
  for (const rule of forwardRules(plan)) await tryCommand('iptables', ['-w', '-I', 'FORWARD', ...rule])
}

/** Lays the cable from the bridge into the namespace of process `pid`, with address and routes. */
export async function connectNode(plan: AddressPlan, node: NodePlan, pid: number): Promise<void> {
  await batch([
    `link add ${node.cable} type veth peer name eth0 netns ${pid}`,
    `link set ${node.cable} master ${plan.bridge} up`,
  ])
  const others = plan.nodes.filter((other) => other !== node)
  await batch(
    [
      'link set lo up',
      `address add ${node.address}/24 dev eth0`,
      'link set eth0 up',
      `route add default via ${plan.host}`,
      ...others.map((other) => `route add ${other.podRange} via ${other.address}`),
    ],
    ['nsenter', '--target', String(pid), '--net'],
  )
  // /proc/sys/net shows the namespace of the process that reads it, so the shell must be inside.
  await command('nsenter', [
    '--target',
    String(pid),
    '--net',
    'sh',
    '-c',
    'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables || modprobe br_netfilter',
  ])
}

/** Pulls a node's cable, or puts it back. */
export async function setCable(node: NodePlan, connected: boolean): Promise<void> {
  await command('ip', ['link', 'set', node.cable, connected ? 'up' : 'down'])
}

/** Removes the bridge, the cables and the host's rules; what is not there is no error. */
export async function removeNetwork(plan: AddressPlan): Promise<void> {
  for (const node of plan.nodes) await tryCommand('ip', ['link', 'delete', node.cable])
  await tryCommand('ip', ['link', 'delete', plan.bridge])
  for (const rule of forwardRules(plan)) {
    while ((await tryCommand('iptables', ['-w', '-D', 'FORWARD', ...rule])).status === 0);
  }
}

function forwardRules(plan: AddressPlan): string[][] {
  return [
    ['-i', plan.bridge, '-j', 'ACCEPT'],
    ['-o', plan.bridge, '-j', 'ACCEPT'],
  ]
}

async function batch(lines: readonly string[], prefix: readonly string[] = []): Promise<void> {
  const [program = 'ip', ...args] = [...prefix, 'ip', '-batch', '-']
  await command(program, args, { input: `${lines.join('\n')}\n` })
}
