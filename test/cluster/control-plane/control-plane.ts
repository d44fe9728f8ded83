import type { AddressPlan } from '../rig/address-plan.ts'
import type { DaemonSpec } from '../rig/daemon.ts'
import type { ToolPaths } from '../tools/build.ts'
import { apiServerPort, type Credentials } from './credentials.ts'

/** What the parts of a control plane are made from. */
export interface ControlPlaneParts {
  readonly plan: AddressPlan
  readonly tools: Partial<ToolPaths>
  readonly credentials: Credentials
  /** Folder for data, and folder for logs. */
  readonly data: string
  readonly logs: string
}

/** etcd from Debian. `--unsafe-no-fsync`: a test cluster need not outlive its machine. */
export function etcd({ plan, data, logs }: ControlPlaneParts): DaemonSpec {
  const client = `http://${plan.host}:2379`
  const peer = `http://${plan.host}:2380`
  const argv = [
    'etcd',
    '--name=rig',
    `--data-dir=${data}/etcd`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=rig=${peer}`,
    '--logger=zap',
    '--log-level=warn',
  ]
  return { name: 'etcd', argv, log: `${logs}/etcd.log` }
}

/** The API server, with the aggregation layer and Node authorization on. */
export function apiServer({ plan, tools, credentials, logs }: ControlPlaneParts): DaemonSpec {
  const { file } = credentials
  const issuer = 'https://kubernetes.default.svc.cluster.local'
  const argv = [
    need(tools, 'kube-apiserver'),
    `--etcd-servers=http://${plan.host}:2379`,
    `--bind-address=${plan.host}`,
    `--advertise-address=${plan.host}`,
    `--secure-port=${apiServerPort}`,
    `--tls-cert-file=${file('apiserver.crt')}`,
    `--tls-private-key-file=${file('apiserver.key')}`,
    `--client-ca-file=${file('ca.crt')}`,
    `--token-auth-file=${file('tokens.csv')}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    '--allow-privileged=true',
    `--service-cluster-ip-range=${plan.serviceRange}`,
    `--service-account-issuer=${issuer}`,
    `--service-account-key-file=${file('service-account.pub')}`,
    `--service-account-signing-key-file=${file('service-account.key')}`,
    // By name, logs and exec would ask a resolver that knows no nodes.
    '--kubelet-preferred-address-types=InternalIP',
    `--kubelet-certificate-authority=${file('ca.crt')}`,
    `--kubelet-client-certificate=${file('kubelet-client.crt')}`,
    `--kubelet-client-key=${file('kubelet-client.key')}`,
    `--requestheader-client-ca-file=${file('front-proxy-ca.crt')}`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-username-headers=X-Remote-User',
    `--proxy-client-cert-file=${file('front-proxy.crt')}`,
    `--proxy-client-key-file=${file('front-proxy.key')}`,
    // The host has no route to service addresses: aggregated APIs and webhooks are reached by their endpoints.
    '--enable-aggregator-routing=true',
    // Pods of a lost node are replaced after seconds instead of five minutes, so that tests can see it.
    '--default-not-ready-toleration-seconds=5',
    '--default-unreachable-toleration-seconds=5',
  ]
  return { name: 'kube-apiserver', argv, log: `${logs}/kube-apiserver.log` }
}

/** The controllers, quick to notice a lost node and a changed load. */
export function controllerManager({ plan, tools, credentials, logs }: ControlPlaneParts): DaemonSpec {
  const argv = [
    need(tools, 'kube-controller-manager'),
    `--kubeconfig=${credentials.kubeconfig('kube-controller-manager')}`,
    `--bind-address=${plan.host}`,
    '--leader-elect=false',
    '--use-service-account-credentials=true',
    `--service-account-private-key-file=${credentials.file('service-account.key')}`,
    `--root-ca-file=${credentials.file('ca.crt')}`,
    `--cluster-cidr=${plan.podRange}`,
    // Each node's range is fixed in its CNI configuration.
    '--allocate-node-cidrs=false',
    '--node-monitor-period=1s',
    '--node-monitor-grace-period=8s',
    '--horizontal-pod-autoscaler-sync-period=5s',
    '--horizontal-pod-autoscaler-cpu-initialization-period=15s',
    '--horizontal-pod-autoscaler-initial-readiness-delay=5s',
    '--horizontal-pod-autoscaler-downscale-stabilization=30s',
  ]
  return { name: 'kube-controller-manager', argv, log: `${logs}/kube-controller-manager.log` }
}

/** The scheduler with its defaults. */
export function scheduler({ plan, tools, credentials, logs }: ControlPlaneParts): DaemonSpec {
  const argv = [
    need(tools, 'kube-scheduler'),
    `--kubeconfig=${credentials.kubeconfig('kube-scheduler')}`,
    `--bind-address=${plan.host}`,
    '--leader-elect=false',
  ]
  return { name: 'kube-scheduler', argv, log: `${logs}/kube-scheduler.log` }
}

/** The path of a tool that must be there by now. */
export function need(tools: Partial<ToolPaths>, name: keyof ToolPaths): string {
  const path = tools[name]
  if (!path) throw new Error(`The rig was started without ${name}.`)
  return path
}
