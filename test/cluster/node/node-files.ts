import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { volumeNames } from '../addons/storage.ts'
import type { Credentials } from '../control-plane/credentials.ts'
import type { AddressPlan, NodePlan } from '../rig/address-plan.ts'

/** The name under which every node knows the image of a pod's sandbox. */
export const pauseImage = 'seaworthy.test/pause:1'

/** Writes a node's configuration files and makes the folders that become its `/run`, `/var/lib` and `/var/log`. */
export function writeNodeFiles(plan: AddressPlan, node: NodePlan, credentials: Credentials, folder: string): void {
  for (const name of ['run/lock', 'run/tmp', 'lib', 'log', 'cni']) mkdirSync(join(folder, name), { recursive: true })
  for (const volume of volumeNames) mkdirSync(join(folder, 'lib/volumes', volume), { recursive: true, mode: 0o777 })
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('containerd.toml', containerdConfig(folder))
  write('cni/10-bridge.conflist', JSON.stringify(cniConfig(node)))
  write('kubelet.json', JSON.stringify(kubeletConfig(plan, node, credentials)))
  write('kube-proxy.json', JSON.stringify(kubeProxyConfig(plan, node, credentials)))
}

/** containerd 1.6. `restrict_oom_score_adj`: without CAP_SYS_RESOURCE nobody may lower a score. */
function containerdConfig(folder: string): string {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp"]
[grpc]
  address = "/run/containerd/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
  path = "/var/lib/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${pauseImage}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${folder}/cni"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
`
}

function cniConfig(node: NodePlan): object {
  return {
    cniVersion: '0.4.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: node.podRange, gateway: node.podGateway }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true }, snat: true, masqAll: false, backend: 'iptables' },
    ],
  }
}

function kubeletConfig(plan: AddressPlan, node: NodePlan, credentials: Credentials): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: credentials.file('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: credentials.file(`${node.name}.crt`),
    tlsPrivateKeyFile: credentials.file(`${node.name}.key`),
    containerRuntimeEndpoint: 'unix:///run/containerd/containerd.sock',
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${node.cgroup}`,
    enforceNodeAllocatable: [],
    failSwapOn: false,
    failCgroupV1: false,
    clusterDNS: [plan.host],
    clusterDomain: 'cluster.local',
    evictionHard: { 'memory.available': '50Mi', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    imageGCHighThresholdPercent: 100,
    serializeImagePulls: false,
    nodeStatusUpdateFrequency: '2s',
    // Renewed every quarter of it; the controller manager waits 8 s for one.
    nodeLeaseDurationSeconds: 8,
    syncFrequency: '10s',
  }
}

function kubeProxyConfig(plan: AddressPlan, node: NodePlan, credentials: Credentials): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clusterCIDR: plan.podRange,
    hostnameOverride: node.name,
    clientConnection: { kubeconfig: credentials.kubeconfig('kube-proxy') },
    // These kernel settings are not writable inside a network namespace; zero leaves them as they are.
    conntrack: { maxPerCore: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    iptables: { minSyncPeriod: '100ms', syncPeriod: '30s' },
  }
}
