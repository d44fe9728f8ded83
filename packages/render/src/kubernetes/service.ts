import type { Fleet, Service } from '@seaworthy/model'
import { labelsOf, selectorOf, serviceLabels } from './labels.ts'
import type { KubernetesObject } from './object.ts'

/** The account that a program's pods run under; it may do nothing, and its token is not mounted. */
export function serviceAccount(fleet: Fleet, name: string): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, name) },
    automountServiceAccountToken: false,
  }
}

const applicationProtocol = {
  http: 'http',
  ws: 'kubernetes.io/ws',
  sse: 'http',
  grpc: 'kubernetes.io/h2c',
  tcp: undefined,
  worker: undefined,
} as const

/** The Service in front of all pods of a service, of whichever version; none without a port. */
export function serviceObject(fleet: Fleet, service: Service): KubernetesObject | undefined {
  const ports = [
    ...(service.port ? [{ name: 'main', port: service.port, protocol: service.protocol }] : []),
    ...Object.entries(service.ports).map(([name, { port, protocol }]) => ({ name: name.slice(0, 15), port, protocol })),
  ]
  if (ports.length === 0) return undefined
  const stateful = Object.keys(service.storage).length > 0
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: service.name, namespace: fleet.environment.namespace, labels: serviceLabels(fleet, service) },
    spec: {
      type: 'ClusterIP',
      ...(stateful && { clusterIP: 'None' }),
      selector: selectorOf(fleet, service.name),
      ...(service.affinity.by === 'ip' && { sessionAffinity: 'ClientIP' }),
      ports: ports.map(({ name, port, protocol }) => ({
        name,
        port,
        targetPort: name,
        protocol: 'TCP',
        ...(applicationProtocol[protocol] && { appProtocol: applicationProtocol[protocol] }),
      })),
    },
  }
}
