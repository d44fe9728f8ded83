import type { Fleet, Service } from '@seaworthy/model'
import { serviceLabels } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import { seconds } from './quantity.ts'

/** What tells the Prometheus operator to read a service's `/metrics`, as often as its tier demands. */
export function serviceMonitor(fleet: Fleet, service: Service): KubernetesObject | undefined {
  if (!service.port || !fleet.monitoring.operator) return undefined
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: service.name, namespace: fleet.environment.namespace, labels: serviceLabels(fleet, service) },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': service.name, 'app.kubernetes.io/part-of': fleet.name } },
      endpoints: [
        { port: 'main', path: '/metrics', interval: `${seconds(fleet.monitoring.scrape[service.tier] ?? 30_000, 1)}s` },
      ],
    },
  }
}
