import type {
  EnvironmentSpec,
  EscalationSpec,
  ExternalSpec,
  JobSpec,
  MachineSpec,
  PostgresSpec,
  RedisSpec,
  SecretSpec,
  ServiceSpec,
  VolumeSpec,
} from '../authored.generated.ts'
import { type Part, part } from './part.ts'

/** What `service` returns. */
export type ServicePart = Part<'service', ServiceSpec>
/** What `job` returns. */
export type JobPart = Part<'job', JobSpec>
/** What `postgres` returns. */
export type PostgresPart = Part<'postgres', PostgresSpec>
/** What `redis` returns. */
export type RedisPart = Part<'redis', RedisSpec>
/** What `volume` returns. */
export type VolumePart = Part<'volume', VolumeSpec>
/** What `external` returns. */
export type ExternalPart = Part<'external', ExternalSpec>
/** What `secret` returns. */
export type SecretPart = Part<'secret', SecretSpec>
/** What `machine` returns. */
export type MachinePart = Part<'machine', MachineSpec>
/** What `environment` returns. */
export type EnvironmentPart = Part<'environment', EnvironmentSpec>
/** What `escalation` returns. */
export type EscalationPart = Part<'escalation', EscalationSpec>

/** Something that runs and goes on running: `service('api', { run: 'node api.ts', port: 3000, needs: [db] })`. */
export function service(name: string, spec: ServiceSpec = {}): ServicePart {
  return part('service', name, spec, service)
}

/** Something that runs to its end: `job('migrate', { run: 'node migrate.ts', needs: [db] })`; with `schedule`, again and again. */
export function job(name: string, spec: JobSpec = {}): JobPart {
  return part('job', name, spec, job)
}

/** A PostgreSQL database: `postgres('db', { storage: '20Gi', backup: { schedule: '0 2 * * *' } })`. */
export function postgres(name: string, spec: PostgresSpec = {}): PostgresPart {
  return part('postgres', name, spec, postgres)
}

/** A Redis server: `redis('cache', { maxMemory: '512Mi' })`. */
export function redis(name: string, spec: RedisSpec = {}): RedisPart {
  return part('redis', name, spec, redis)
}

/** Files that outlive replicas: `volume('uploads', { storage: { size: '10Gi', access: 'many' } })`. */
export function volume(name: string, spec: VolumeSpec): VolumePart {
  return part('volume', name, spec, volume)
}

/** Something that others run: `external('openai', { url: 'https://api.openai.com' })`. */
export function external(name: string, spec: ExternalSpec): ExternalPart {
  return part('external', name, spec, external)
}

/** A value that must not be seen: `secret('jwt')` reads `JWT`, `secret('jwt', { from: 'file:/run/secrets/jwt' })` a file. */
export function secret(name: string, spec: SecretSpec = {}): SecretPart {
  return part('secret', name, spec, secret)
}

/** A computer that replicas run on: `machine('mainpc', { cpu: 16, gpu: { model: 'RTX 4090' } })`. */
export function machine(name: string, spec: MachineSpec = {}): MachinePart {
  return part('machine', name, spec, machine)
}

/** A place where the fleet runs: `environment('production', { engine: 'kubernetes', domain: 'example.com' })`. */
export function environment(name: string, spec: EnvironmentSpec = {}): EnvironmentPart {
  return part('environment', name, spec, environment)
}

/** A chain of receivers: `escalation('night', { steps: [{ to: ['pagerduty:team'] }] })`. */
export function escalation(name: string, spec: EscalationSpec): EscalationPart {
  return part('escalation', name, spec, escalation)
}
