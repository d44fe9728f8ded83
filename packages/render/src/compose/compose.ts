import type { Fleet, Job, Need, Postgres, Redis, Service } from '@seaworthy/model'
import type { FileTree } from '../file-tree.ts'
import { imageOf, type RenderOptions } from '../kubernetes/options.ts'
import { bytesQuantity } from '../kubernetes/quantity.ts'
import { splitWords } from '../words.ts'
import { toYaml } from '../yaml.ts'
import { composeDuration, healthcheck } from './healthcheck.ts'
import { fleetLosses, type NotExpressed } from './not-expressed.ts'

/** A Compose file and what it could not say. */
export interface ComposeOutput {
  readonly tree: FileTree
  readonly notExpressed: readonly NotExpressed[]
}

/** `$` begins a variable in Compose; two of them are one. */
function escaped(text: string): string {
  return text.replaceAll('$', '$$$$')
}

function addressOf(fleet: Fleet, need: Need): Record<string, string> {
  const { kind, name } = need.on
  const key = `${need.as}_URL`
  const given = (url: string): Record<string, string> => ({
    [key]: url.startsWith('env:') ? `\${${url.slice(4)}:?set ${url.slice(4)}}` : escaped(url),
  })
  switch (kind) {
    case 'service': {
      const service = fleet.services[name]
      return service?.port ? { [key]: `http://${name}:${service.port}` } : {}
    }
    case 'postgres': {
      const database = fleet.postgres[name]
      return database?.url
        ? given(database.url)
        : {
            [key]: `postgres://app:\${${passwordVariable(name)}:?set ${passwordVariable(name)}}@${name}:5432/${database?.database ?? name}`,
          }
    }
    case 'redis': {
      const redis = fleet.redis[name]
      return redis?.url ? given(redis.url) : { [key]: `redis://${name}:6379` }
    }
    case 'external': {
      const other = fleet.externals[name]
      return other ? given(other.url) : {}
    }
    case 'volume':
      return need.mount ? { [`${need.as}_PATH`]: need.mount } : {}
    case 'job':
      return {}
    default:
      return kind satisfies never
  }
}

function passwordVariable(name: string): string {
  return `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`
}

function secretVariable(fleet: Fleet, secret: string): string {
  const from = fleet.secrets[secret]?.from
  return from?.startsWith('env:') ? from.slice(4) : secret.toUpperCase().replaceAll('-', '_')
}

function environmentOf(fleet: Fleet, program: Service | Job): Record<string, string> {
  const own = Object.entries(program.env).map(([name, value]): [string, string] => {
    if (typeof value !== 'object') return [name, escaped(String(value))]
    if (value.as === 'file') return [`${name}_FILE`, `/run/secrets/${value.secret}`]
    const variable = secretVariable(fleet, value.secret)
    return [name, `\${${variable}:?set ${variable}}`]
  })
  const shared = Object.entries(fleet.environment.env).map(([name, value]) => [name, escaped(value)])
  const port = 'port' in program && program.port ? { PORT: String(program.port) } : {}
  return {
    SEAWORTHY_FLEET: fleet.name,
    SEAWORTHY_SERVICE: program.name,
    ...port,
    ...Object.fromEntries(shared),
    ...Object.assign({}, ...program.needs.map((need) => addressOf(fleet, need))),
    ...Object.fromEntries(own),
  }
}

function dependencies(fleet: Fleet, program: Service | Job): Record<string, object> {
  const gates = 'migrations' in program ? program.migrations.before : []
  const needs = program.needs.flatMap((need): [string, object][] => {
    const { kind, name } = need.on
    const elsewhere = kind === 'external' || kind === 'volume' || fleet.postgres[name]?.url || fleet.redis[name]?.url
    if (elsewhere) return []
    if (kind === 'job') return [[name, { condition: 'service_completed_successfully' }]]
    const service = fleet.services[name]
    const checked = kind !== 'service' || (service && healthcheck(service))
    return [
      [name, { condition: checked ? 'service_healthy' : 'service_started', ...(need.optional && { required: false }) }],
    ]
  })
  return Object.fromEntries([
    ...needs,
    ...gates.map((job): [string, object] => [job, { condition: 'service_completed_successfully' }]),
  ])
}

function programOf(fleet: Fleet, program: Service | Job, options: RenderOptions): Record<string, unknown> {
  const { build, run } = program
  const depends = dependencies(fleet, program)
  const mounts = program.needs.flatMap((need) =>
    need.on.kind === 'volume' && need.mount ? [`${need.on.name}:${need.mount}${need.readOnly ? ':ro' : ''}`] : [],
  )
  const secrets = [
    ...new Set(
      Object.values(program.env).flatMap((value) =>
        typeof value === 'object' && value.as === 'file' ? [value.secret] : [],
      ),
    ),
  ]
  const restricted = !program.security.some((exception) => exception.allow === 'writable-root')
  return {
    ...(build && !options.images?.[program.name] && !program.image
      ? {
          build: {
            context: build.context,
            ...(build.dockerfile && { dockerfile: build.dockerfile }),
            ...(build.target && { target: build.target }),
          },
        }
      : {}),
    image: imageOf(fleet, program, options),
    ...(run !== undefined && { command: splitWords(run).map(escaped) }),
    environment: environmentOf(fleet, program),
    ...(Object.keys(depends).length > 0 && { depends_on: depends }),
    ...(secrets.length > 0 && { secrets }),
    ...(restricted && { read_only: true, tmpfs: ['/tmp'] }),
    security_opt: ['no-new-privileges:true'],
    cap_drop: ['ALL'],
    pids_limit: program.pids,
    deploy: { resources: { limits: { cpus: String(program.cpu), memory: memory(program.memory) } } },
    volumes: mounts,
  }
}

/** Bytes as Compose writes them: `256m`. */
function memory(bytes: number): string {
  const mebi = bytes / 1024 ** 2
  return Number.isInteger(mebi) ? `${mebi}m` : `${bytes}b`
}

function serviceOf(fleet: Fleet, service: Service, options: RenderOptions): object {
  const { volumes, deploy, ...program } = programOf(fleet, service, options)
  const replicas = service.scale?.min ?? service.replicas ?? 1
  const check = healthcheck(service)
  const disks = Object.keys(service.storage).map((path) => `${service.name}${path.replaceAll('/', '-')}:${path}`)
  const all = [...(volumes as string[]), ...disks]
  const published = service.hostPort ?? (service.routes.length > 0 && replicas === 1 ? service.port : undefined)
  return {
    ...program,
    ...(check && { healthcheck: check }),
    ...(published && service.port && { ports: [`${published}:${service.port}`] }),
    restart: 'unless-stopped',
    stop_signal: service.stop.signal,
    stop_grace_period: composeDuration(service.stop.grace),
    deploy: { replicas, ...(deploy as object) },
    ...(all.length > 0 && { volumes: all }),
  }
}

function postgresOf(postgres: Postgres): object {
  const password = passwordVariable(postgres.name)
  return {
    image: `docker.io/library/postgres:${postgres.version ?? 17}`,
    command: ['postgres', '-c', `max_connections=${postgres.maxConnections}`],
    environment: {
      POSTGRES_USER: 'app',
      POSTGRES_DB: postgres.database,
      POSTGRES_PASSWORD: `\${${password}:?set ${password}}`,
    },
    healthcheck: {
      test: ['CMD', 'pg_isready', '--username=app', `--dbname=${postgres.database}`],
      interval: '5s',
      timeout: '5s',
      retries: 12,
    },
    restart: 'unless-stopped',
    stop_grace_period: '60s',
    volumes: [`${postgres.name}:/var/lib/postgresql/data`],
  }
}

function redisOf(redis: Redis): object {
  return {
    image: 'docker.io/library/redis:7',
    command: [
      'redis-server',
      '--maxmemory',
      bytesQuantity(redis.maxMemory).replace('Mi', 'mb').replace('Gi', 'gb').replace('Ki', 'kb'),
      '--maxmemory-policy',
      redis.eviction,
      '--appendonly',
      redis.persist ? 'yes' : 'no',
    ],
    healthcheck: { test: ['CMD', 'redis-cli', 'ping'], interval: '5s', timeout: '5s', retries: 12 },
    restart: 'unless-stopped',
    ...(redis.persist && { volumes: [`${redis.name}:/data`] }),
  }
}

/** A fleet as one Compose file, for development; what Compose can't say is returned beside it. */
export function composeFile(fleet: Fleet, options: RenderOptions = {}): ComposeOutput {
  const jobs = Object.values(fleet.jobs).filter((job) => !job.schedule)
  const services = Object.fromEntries([
    ...Object.values(fleet.postgres)
      .filter((each) => !each.url)
      .map((each) => [each.name, postgresOf(each)]),
    ...Object.values(fleet.redis)
      .filter((each) => !each.url)
      .map((each) => [each.name, redisOf(each)]),
    ...jobs.map((job) => {
      const { volumes, ...program } = programOf(fleet, job, options)
      return [job.name, { ...program, ...((volumes as string[]).length > 0 && { volumes }), restart: 'no' }]
    }),
    ...Object.values(fleet.services).map((service) => [service.name, serviceOf(fleet, service, options)]),
  ])
  const volumes = Object.values(services as Record<string, { volumes?: string[] }>).flatMap((service) =>
    (service.volumes ?? []).map((mount) => mount.split(':')[0] ?? ''),
  )
  const secrets = Object.values(services as Record<string, { secrets?: string[] }>).flatMap(
    (service) => service.secrets ?? [],
  )
  const file = {
    name: fleet.name,
    services,
    ...(volumes.length > 0 && { volumes: Object.fromEntries([...new Set(volumes)].sort().map((name) => [name, {}])) }),
    ...(secrets.length > 0 && {
      secrets: Object.fromEntries(
        [...new Set(secrets)].sort().map((name) => [name, { environment: secretVariable(fleet, name) }]),
      ),
    }),
  }
  return { tree: new Map([['compose.yaml', toYaml(file)]]), notExpressed: fleetLosses(fleet) }
}
