import type { Fleet, Service } from '@seaworthy/model'

/** Something that the catalog says and a target can't. */
export interface NotExpressed {
  /** Catalog path. */
  readonly path: string
  /** What is lost, and what to do about it. */
  readonly why: string
}

/** What of a service Compose can't say. */
export function composeLosses(service: Service): NotExpressed[] {
  const at = (field: string): string => `services.${service.name}.${field}`
  const losses: (NotExpressed | false)[] = [
    service.scale !== undefined && {
      path: at('scale'),
      why: `Compose does not scale: ${service.scale.min} replicas run`,
    },
    service.rollout.strategy !== 'rolling' && {
      path: at('rollout'),
      why: `Compose has no ${service.rollout.strategy} release: containers are replaced`,
    },
    service.health.live !== undefined && {
      path: at('health.live'),
      why: 'Compose has one health check and does not restart on it: readiness is used',
    },
    service.routes.length > 0 && {
      path: at('routes'),
      why: `Compose has no gateway: ${(service.scale?.min ?? service.replicas ?? 1) === 1 ? 'the port is published on the machine instead' : 'nothing is published, since several replicas can’t share a port'}`,
    },
    service.affinity.by !== 'none' && {
      path: at('affinity'),
      why: 'Compose balances by DNS: clients are not kept on a replica',
    },
    (service.place.machines.length > 0 || service.place.zones.length > 0) && {
      path: at('place'),
      why: 'Compose runs on one machine',
    },
    service.migrations.after.length > 0 && {
      path: at('migrations.after'),
      why: 'Compose can’t run a job when the previous version is gone: run it by hand',
    },
    service.network.egress.length > 0 && { path: at('network.egress'), why: 'Compose does not restrict egress' },
  ]
  return losses.filter((loss) => loss !== false)
}

/** What of a whole fleet Compose can't say. */
export function fleetLosses(fleet: Fleet): NotExpressed[] {
  const cron = Object.values(fleet.jobs).filter((job) => job.schedule)
  return [
    ...Object.values(fleet.services).flatMap(composeLosses),
    ...cron.map((job) => ({ path: `jobs.${job.name}.schedule`, why: 'Compose has no schedule: the job is left out' })),
  ]
}
