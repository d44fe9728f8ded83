import { type ControlPlaneParts, need } from '../control-plane/control-plane.ts'
import type { DaemonSpec } from '../rig/daemon.ts'

const port = 4443

/** metrics-server on the host. Its resolution must exceed the time it gives a kubelet to answer. */
export function metricsServer({ plan, tools, credentials, logs }: ControlPlaneParts): DaemonSpec {
  const config = credentials.kubeconfig('admin')
  const argv = [
    need(tools, 'metrics-server'),
    `--kubeconfig=${config}`,
    `--authentication-kubeconfig=${config}`,
    `--authorization-kubeconfig=${config}`,
    `--bind-address=${plan.host}`,
    `--secure-port=${port}`,
    `--tls-cert-file=${credentials.file('metrics-server.crt')}`,
    `--tls-private-key-file=${credentials.file('metrics-server.key')}`,
    `--kubelet-certificate-authority=${credentials.file('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--kubelet-request-timeout=5s',
    '--metric-resolution=10s',
  ]
  return { name: 'metrics-server', argv, log: `${logs}/metrics-server.log` }
}

/** The objects that lead `metrics.k8s.io` to it: a service without pods, its one endpoint, and the API's registration. */
export function metricsObjects({ plan, credentials }: ControlPlaneParts): object {
  const named = { name: 'metrics-server', namespace: 'kube-system' }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: named,
    spec: { ports: [{ name: 'https', port: 443, targetPort: port }] },
  }
  const endpoints = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...named, labels: { 'kubernetes.io/service-name': 'metrics-server' } },
    addressType: 'IPv4',
    ports: [{ name: 'https', port, protocol: 'TCP' }],
    endpoints: [{ addresses: [plan.host], conditions: { ready: true } }],
  }
  const registration = {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1beta1.metrics.k8s.io' },
    spec: {
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      caBundle: Buffer.from(credentials.authority).toString('base64'),
      service: { ...named, port: 443 },
    },
  }
  return { apiVersion: 'v1', kind: 'List', items: [service, endpoints, registration] }
}
