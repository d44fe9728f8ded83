import type { Probe, Service } from '@seaworthy/model'
import { splitWords } from '../words.ts'

/** A duration as Compose writes it. */
export function composeDuration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}

/** How Compose asks: a command inside the container. Node is in every image that Seaworthy builds; others get a TCP question by the same means. */
function command(probe: Probe, port: number | undefined): string[] {
  if (probe.exec !== undefined) return ['CMD', ...splitWords(probe.exec)]
  if (probe.http !== undefined) {
    return [
      'CMD',
      'node',
      '-e',
      `fetch('http://127.0.0.1:${port ?? 80}${probe.http}').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`,
    ]
  }
  return [
    'CMD',
    'node',
    '-e',
    `require('node:net').connect(${probe.tcp || (port ?? 80)}, '127.0.0.1').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`,
  ]
}

/** The one health check that Compose knows: readiness, or whether the port accepts; its start period is what the startup probe allows. */
export function healthcheck(service: Service): object | undefined {
  const { health, port } = service
  const probe: Probe | undefined =
    health.ready ?? (port ? { tcp: 0, every: 10_000, timeout: 2_000, failures: 3, successes: 1, delay: 0 } : undefined)
  if (!probe) return undefined
  const start = health.startup ? health.startup.delay + health.startup.every * health.startup.failures : probe.delay
  return {
    test: command(probe, port),
    interval: composeDuration(probe.every),
    timeout: composeDuration(probe.timeout),
    retries: probe.failures,
    ...(start > 0 && { start_period: composeDuration(start) }),
  }
}
