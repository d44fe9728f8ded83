import type { Fleet, Scale, ScaleStep, Service } from '@seaworthy/model'
import { serviceLabels } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import { seconds } from './quantity.ts'

function policies(step: ScaleStep): object[] {
  const periodSeconds = Math.min(1800, seconds(step.window, 1))
  return [
    ...(step.percent !== undefined
      ? [{ type: 'Percent', value: Math.max(1, Math.round(step.percent * 100)), periodSeconds }]
      : []),
    ...(step.replicas !== undefined ? [{ type: 'Pods', value: step.replicas, periodSeconds }] : []),
  ]
}

function rules(step: ScaleStep): object {
  const list = policies(step)
  return {
    stabilizationWindowSeconds: Math.min(3600, seconds(step.stabilise)),
    ...(list.length > 0 && { selectPolicy: 'Max', policies: list }),
  }
}

function resourceMetric(name: string, share: number): object {
  return {
    type: 'Resource',
    resource: { name, target: { type: 'Utilization', averageUtilization: Math.round(share * 100) } },
  }
}

function workloadReference(service: Service, workloadName: string): { apiVersion: string; kind: string; name: string } {
  return {
    apiVersion: 'apps/v1',
    kind: Object.keys(service.storage).length > 0 ? 'StatefulSet' : 'Deployment',
    name: workloadName,
  }
}

/** CPU is what an autoscaler goes by when the catalog names nothing. */
const defaultCpu = 0.7

/** The HorizontalPodAutoscaler of a scaled service. */
export function horizontalAutoscaler(
  fleet: Fleet,
  service: Service,
  scale: Scale,
  workloadName: string = service.name,
): KubernetesObject {
  const metrics = [
    ...(scale.cpu !== undefined || (scale.memory === undefined && scale.inFlight === undefined)
      ? [resourceMetric('cpu', scale.cpu ?? defaultCpu)]
      : []),
    ...(scale.memory !== undefined ? [resourceMetric('memory', scale.memory)] : []),
    ...(scale.inFlight !== undefined
      ? [
          {
            type: 'Pods',
            pods: {
              metric: { name: 'seaworthy_in_flight_requests' },
              target: { type: 'AverageValue', averageValue: String(scale.inFlight) },
            },
          },
        ]
      : []),
  ]
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: service.name, namespace: fleet.environment.namespace, labels: serviceLabels(fleet, service) },
    spec: {
      scaleTargetRef: workloadReference(service, workloadName),
      minReplicas: Math.max(1, scale.min),
      maxReplicas: scale.max,
      metrics,
      behavior: { scaleUp: rules(scale.up), scaleDown: rules(scale.down) },
    },
  }
}

/** The KEDA ScaledObject of a scaled service: the same targets, floors by the clock, and zero replicas where the catalog allows it. */
export function scaledObject(
  fleet: Fleet,
  service: Service,
  scale: Scale,
  workloadName: string = service.name,
): KubernetesObject {
  const utilization = (type: string, share: number): object => ({
    type,
    metricType: 'Utilization',
    metadata: { value: String(Math.round(share * 100)) },
  })
  const triggers = [
    ...(scale.cpu !== undefined || (scale.memory === undefined && scale.inFlight === undefined)
      ? [utilization('cpu', scale.cpu ?? defaultCpu)]
      : []),
    ...(scale.memory !== undefined ? [utilization('memory', scale.memory)] : []),
    ...(scale.inFlight !== undefined
      ? [
          {
            type: 'prometheus',
            metadata: {
              serverAddress: `http://prometheus.${fleet.environment.namespace}:9090`,
              query: `sum(seaworthy_in_flight_requests{service="${service.name}"})`,
              threshold: String(scale.inFlight),
            },
          },
        ]
      : []),
    ...scale.schedule.map((floor) => ({
      type: 'cron',
      metadata: {
        timezone: 'UTC',
        start: floor.cron,
        end: endOf(floor.cron, floor.for),
        desiredReplicas: String(floor.min),
      },
    })),
  ]
  const { apiVersion, kind, name } = workloadReference(service, workloadName)
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: service.name, namespace: fleet.environment.namespace, labels: serviceLabels(fleet, service) },
    spec: {
      scaleTargetRef: { apiVersion, kind, name },
      minReplicaCount: scale.min,
      maxReplicaCount: scale.max,
      triggers,
      advanced: {
        horizontalPodAutoscalerConfig: { behavior: { scaleUp: rules(scale.up), scaleDown: rules(scale.down) } },
      },
    },
  }
}

/** The cron expression of the end of a floor that begins at a fixed minute and hour, on the same days (the next ones past midnight). */
function endOf(cron: string, ms: number): string {
  const [minute = '0', hour = '0', ...days] = cron.split(/\s+/)
  const total = Number(hour) * 60 + Number(minute) + Math.round(ms / 60_000)
  if (!Number.isInteger(total)) return cron
  const [dayOfMonth = '*', month = '*', dayOfWeek = '*'] = days
  const over = Math.floor(total / 1440)
  const shifted = over === 0 || dayOfWeek === '*' ? dayOfWeek : shiftDays(dayOfWeek, over)
  return [total % 60, Math.floor(total / 60) % 24, dayOfMonth, month, shifted].join(' ')
}

function shiftDays(days: string, by: number): string {
  return days.replace(/\d/g, (day) => String((Number(day) + by) % 7))
}
