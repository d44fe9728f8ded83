import type { Job, Need, Service } from '@seaworthy/model'
import { defaultRestartPolicy } from '../../supervisor/backoff.ts'
import type { ReplicaPolicy } from '../../supervisor/replica-event.ts'
import type { JobRun, Target, Unit, UnitNeed } from '../../supervisor/unit.ts'
import { type Desired, isRouted, unitId } from './desired.ts'
import { healthPlan } from './health-plan.ts'

/** What the supervisor is to keep running for a desired state: a unit per version and per resource that runs here. */
export function unitsOf(desired: Desired): readonly Unit[] {
  const units: Unit[] = []
  for (const name of Object.keys(desired.fleet.postgres)) {
    if (!desired.fleet.postgres[name]?.url) units.push(resourceUnit(`postgres:${name}`, 60_000))
  }
  for (const name of Object.keys(desired.fleet.redis)) {
    if (!desired.fleet.redis[name]?.url) units.push(resourceUnit(`redis:${name}`, 10_000))
  }
  for (const { service, versions } of Object.values(desired.services)) {
    for (const { version, spec, replicas } of Object.values(versions)) {
      units.push({
        id: unitId(service, version),
        target: `service:${service}`,
        needs: [...needsOf(spec.needs), ...gates(spec)],
        policy: policyOf(spec),
        replicas,
        stem: `${service}-${version}`,
      })
    }
  }
  return units
}

/** The run of a job under a key. */
export function jobRun(job: Job, key: string): JobRun {
  return { key, job: job.name, needs: needsOf(job.needs), attempts: job.attempts, timeout: job.timeout }
}

/** Needs as the supervisor sees them. */
export function needsOf(needs: readonly Need[]): readonly UnitNeed[] {
  return needs.map(({ on, optional }) => ({ target: `${on.kind}:${on.name}` as Target, optional }))
}

function gates(spec: Service): readonly UnitNeed[] {
  return spec.migrations.before.map((job) => ({ target: `job:${job}` as Target, optional: false }))
}

/** How replicas of a service are watched, tried again and ended. */
export function policyOf(spec: Service): ReplicaPolicy {
  const { drain, grace } = spec.stop
  return { health: healthPlan(spec), restart: defaultRestartPolicy, routed: isRouted(spec), drain, grace }
}

function resourceUnit(target: `postgres:${string}` | `redis:${string}`, startupMs: number): Unit {
  const kind = target.startsWith('postgres:') ? 'postgres' : 'redis'
  const probe = {
    every: 5000,
    timeout: 2000,
    failures: 3,
    successes: 1,
    delay: 0,
    question: { kind },
  } as const
  return {
    id: target,
    target,
    needs: [],
    replicas: 1,
    stem: target.replace(':', '-'),
    policy: {
      routed: false,
      drain: 0,
      grace: 30_000,
      restart: defaultRestartPolicy,
      health: {
        settle: 0,
        liveAfterReady: true,
        startup: { ...probe, every: 1000, failures: startupMs / 1000 },
        ready: probe,
        live: { ...probe, every: 10_000 },
      },
    },
  }
}
