import { Problem } from '@seaworthy/model'
import type { EngineState, JobState, ResourceState, ServiceState } from '../../contract-state.ts'
import type { Supervisor } from '../../supervisor/supervisor.ts'
import type { Target } from '../../supervisor/unit.ts'
import { explainWait, isReady } from '../../supervisor/waits.ts'
import { type Desired, isRouted, stableOf, unitId } from '../desired/desired.ts'
import { serviceUrl } from '../desired/injected-environment.ts'
import type { EngineParts } from './engine-parts.ts'
import { jobView, replicaView, versionView } from './views.ts'

/** Ready replicas of a version. */
export function readyCount(supervisor: Supervisor, service: string, version: string): number {
  const unit = unitId(service, version)
  return [...supervisor.replicas.values()].filter((replica) => replica.unit === unit && replica.state.phase === 'ready')
    .length
}

/** Everything that is known now, as others see it. */
export async function engineState(parts: EngineParts): Promise<EngineState> {
  const { driver, desired, publisher, usage, toWall } = parts
  const { supervisor } = driver
  const current = desired.current
  const gateway = publisher.isOpen ? await parts.link.status().catch(() => undefined) : undefined
  const open = gateway?.listeners.find(({ name }) => name === 'public')
  const publicUrl = open && `http://${open.host === '0.0.0.0' ? '127.0.0.1' : open.host}:${open.port}`
  return {
    kind: 'machine',
    fleet: current?.fleet.name ?? '',
    environment: parts.environment,
    ...(current && { identity: current.identity }),
    generation: current?.generation ?? 0,
    services: current
      ? Object.values(current.services).map((service) => serviceState(current, service.service, supervisor, publicUrl))
      : [],
    replicas: [...supervisor.replicas.values()].map((replica) =>
      replicaView(
        replica,
        supervisor,
        toWall,
        usage.of('process' in replica.state ? replica.state.process.pid : undefined),
      ),
    ),
    resources: current ? resourceStates(current, supervisor) : [],
    jobs: current ? jobStates(current, supervisor, parts.nextRuns()) : [],
    gateway: {
      ready: gateway?.ready ?? false,
      urls: publicUrl ? [publicUrl] : [],
      snapshotVersion: gateway?.snapshotVersion ?? 0,
      ...(publisher.trouble !== undefined && { reason: troubleText(publisher.trouble) }),
    },
    limitations: parts.limitations(),
  }
}

function serviceState(
  desired: Desired,
  name: string,
  supervisor: Supervisor,
  publicUrl: string | undefined,
): ServiceState {
  const service = desired.services[name]
  if (!service) throw new Error(`no service ${name}`)
  const { spec } = stableOf(service)
  const port = desired.ports[name]
  return {
    service: name,
    stable: service.stable,
    versions: Object.values(service.versions).map((version) =>
      versionView(service, version, readyCount(supervisor, name, version.version)),
    ),
    ...(port !== undefined && { internalUrl: serviceUrl(desired, name, port) }),
    urls: publicUrl && isRouted(spec) ? spec.routes.map((route) => `${publicUrl}${route.path}`) : [],
  }
}

function resourceStates(desired: Desired, supervisor: Supervisor): readonly ResourceState[] {
  const { postgres, redis, volumes, externals } = desired.fleet
  const state = (type: ResourceState['type'], resource: string): ResourceState => {
    const target: Target = `${type}:${resource}`
    const ready = isReady(target, supervisor)
    const why = ready
      ? undefined
      : explainWait([{ target, optional: false }], supervisor)?.replace(`waits for ${resource}: `, '')
    return { resource, type, ready, ...(why !== undefined && { reason: why }) }
  }
  return [
    ...Object.keys(postgres).map((name) => state('postgres', name)),
    ...Object.keys(redis).map((name) => state('redis', name)),
    ...Object.keys(volumes).map((name) => state('volume', name)),
    ...Object.keys(externals).map((name) => state('external', name)),
  ]
}

function jobStates(
  desired: Desired,
  supervisor: Supervisor,
  nextRuns: ReadonlyMap<string, number>,
): readonly JobState[] {
  return Object.keys(desired.fleet.jobs).map((name) => {
    const last = [...supervisor.jobs.values()].findLast(({ run }) => run.job === name)
    const nextRunAt = nextRuns.get(name)
    const view: JobState = last ? jobView(last, supervisor) : { job: name, phase: 'idle', attempts: 0 }
    return { ...view, ...(nextRunAt !== undefined && { nextRunAt }) }
  })
}

/** What keeps the gateway from following, with the way out. */
export function troubleText(trouble: unknown): string {
  if (trouble instanceof Problem) return [trouble.message, trouble.hint].filter(Boolean).join('; ')
  return trouble instanceof Error ? trouble.message : String(trouble)
}
