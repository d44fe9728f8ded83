import type { Probe, Service } from '@seaworthy/model'
import type { Probe as KubernetesProbe } from 'kubernetes-types/core/v1.d.ts'
import { splitWords } from '../words.ts'
import { seconds } from './quantity.ts'

function probeOf(probe: Probe, port: number | undefined): KubernetesProbe {
  const timing = {
    periodSeconds: seconds(probe.every, 1),
    timeoutSeconds: seconds(probe.timeout, 1),
    failureThreshold: probe.failures,
    ...(probe.successes !== 1 && { successThreshold: probe.successes }),
    ...(probe.delay > 0 && { initialDelaySeconds: seconds(probe.delay) }),
  }
  if (probe.http !== undefined) return { httpGet: { path: probe.http, port: port ?? 80 }, ...timing }
  if (probe.tcp !== undefined) return { tcpSocket: { port: probe.tcp || (port ?? 80) }, ...timing }
  return { exec: { command: splitWords(probe.exec ?? []) }, ...timing }
}

const listening: Probe = { tcp: 0, every: 10_000, timeout: 2_000, failures: 3, successes: 1, delay: 0 }

/**
 * The three probes of a service with the field's meaning: startup holds the others off, readiness routes, liveness
 * restarts. Without a declared liveness the port must accept connections; a service without a port has only what it declares.
 */
export function probesOf(service: Service): {
  readonly livenessProbe?: KubernetesProbe
  readonly readinessProbe?: KubernetesProbe
  readonly startupProbe?: KubernetesProbe
} {
  const { port, health } = service
  const live = health.live ?? (port ? listening : undefined)
  const ready = health.ready ?? (port ? listening : undefined)
  // Liveness and startup may not ask for more than one success in a row.
  const once = (probe: Probe): Probe => ({ ...probe, successes: 1 })
  return {
    ...(live && { livenessProbe: probeOf(once(live), port) }),
    ...(ready && { readinessProbe: probeOf(ready, port) }),
    ...(health.startup && { startupProbe: probeOf(once(health.startup), port) }),
  }
}
