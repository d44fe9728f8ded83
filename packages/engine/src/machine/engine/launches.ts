import { join } from 'node:path'
import { engineProblem } from '../../problem-codes.ts'
import type { Replica } from '../../supervisor/replica-state.ts'
import type { JobRun } from '../../supervisor/unit.ts'
import type { Desired } from '../desired/desired.ts'
import { type Addresses, externalUrl, injectedEnvironment } from '../desired/injected-environment.ts'
import { canListen, freePort } from '../launch/free-port.ts'
import type { Launch } from '../launch/launch.ts'
import { programLaunch } from '../launch/program.ts'
import { postgresLaunch, postgresUrl } from '../resources/postgres.ts'
import { redisLaunch, redisUrl } from '../resources/redis.ts'
import type { SecretSource } from '../secret-source.ts'

/** What launches need to know besides the desired state. */
export interface LaunchFacts {
  readonly stateDir: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly setpriv: string | undefined
  readonly secret: SecretSource
  readonly random: () => number
  /** Ports of other replicas. */
  readonly taken: () => ReadonlySet<number>
}

/** Variables of the controller's own environment that programs inherit; everything else would be a hidden input. */
const inheritedNames = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'TZ',
  'SHELL',
  'USER',
  'LOGNAME',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
]

/** Where the fleet's resources are to be found. */
export function addressesOf(desired: Desired, facts: Pick<LaunchFacts, 'stateDir' | 'env'>): Addresses {
  const { fleet } = desired
  return {
    url: (kind, name) => {
      const port = desired.ports[`${kind}:${name}`] ?? 0
      const place = { stateDir: facts.stateDir, port }
      if (kind === 'external') return externalUrl(name, fleet.externals[name]?.url ?? '', facts.env)
      const resource = kind === 'postgres' ? fleet.postgres[name] : fleet.redis[name]
      if (resource?.url !== undefined) return externalUrl(name, resource.url, facts.env)
      if (kind === 'postgres') return fleet.postgres[name] ? postgresUrl(fleet.postgres[name], place) : ''
      return fleet.redis[name] ? redisUrl(fleet.redis[name], place) : ''
    },
    volume: (name) => join(facts.stateDir, 'volumes', name),
  }
}

/** Everything needed to start a replica of a service or a resource. Rejects with a Problem when something is missing. */
export async function replicaLaunch(
  desired: Desired,
  replica: Replica,
  facts: LaunchFacts,
  adopting = false,
): Promise<Launch> {
  const [head = '', version = ''] = replica.unit.split(/@(.*)/)
  const [kind, name = ''] = head.includes(':') ? head.split(':') : ['service', head]
  const path = facts.env.PATH ?? ''
  const place = {
    stateDir: facts.stateDir,
    port: desired.ports[head] ?? 0,
    path,
    ...(facts.setpriv !== undefined && { setpriv: facts.setpriv }),
  }
  const { postgres, redis } = desired.fleet
  if (kind === 'postgres' && postgres[name]) return await postgresLaunch(postgres[name], place)
  if (kind === 'redis' && redis[name]) return redisLaunch(redis[name], place)
  const spec = desired.services[name]?.versions[version]?.spec
  if (!spec) {
    throw engineProblem({
      code: 'SW4002',
      message: `Nothing is known of ${replica.unit}, which ${replica.id} belongs to.`,
    })
  }
  const fixed = spec.protocol === 'tcp' && replica.slot === 0 ? (spec.hostPort ?? desired.ports[name]) : undefined
  const known = replica.address === undefined ? undefined : Number(replica.address.split(':').at(-1))
  const port =
    spec.port === undefined
      ? undefined
      : (fixed ?? (await keptPort(known, adopting)) ?? (await freePort(facts.taken(), facts.random)))
  return await programLaunch({
    program: spec,
    where: `services.${name}`,
    id: replica.id,
    root: desired.root,
    stateDir: facts.stateDir,
    environment: injectedEnvironment(desired, spec, addressesOf(desired, facts)),
    given: {
      ...(port !== undefined && { PORT: String(port), HOST: '127.0.0.1' }),
      SEAWORTHY_FLEET: desired.fleet.name,
      SEAWORTHY_ENVIRONMENT: desired.environment,
      SEAWORTHY_SERVICE: name,
      SEAWORTHY_VERSION: version,
      SEAWORTHY_REPLICA: replica.id,
    },
    ...(port !== undefined && { address: `127.0.0.1:${port}` }),
    ...common(facts, adopting),
  })
}

/** The port of the last run, unless another program has taken it since. */
async function keptPort(port: number | undefined, adopting: boolean): Promise<number | undefined> {
  return port !== undefined && (adopting || (await canListen(port))) ? port : undefined
}

/** Everything needed to start a run of a job. */
export async function jobLaunch(
  desired: Desired,
  run: JobRun,
  facts: LaunchFacts,
  overrides: object | undefined,
  adopting = false,
): Promise<Launch> {
  const catalog = desired.fleet.jobs[run.job]
  if (!catalog) throw engineProblem({ code: 'SW4008', message: `The fleet has no job ${run.job} any more.` })
  const given = overrides as Partial<typeof catalog> | undefined
  const job = { ...catalog, ...given, env: { ...catalog.env, ...given?.env } }
  return await programLaunch({
    program: job,
    where: `jobs.${run.job}`,
    id: run.key,
    root: desired.root,
    stateDir: facts.stateDir,
    environment: injectedEnvironment(desired, job, addressesOf(desired, facts)),
    given: {
      SEAWORTHY_FLEET: desired.fleet.name,
      SEAWORTHY_ENVIRONMENT: desired.environment,
      SEAWORTHY_JOB: run.job,
      SEAWORTHY_JOB_KEY: run.key,
    },
    ...common(facts, adopting),
  })
}

function common(facts: LaunchFacts, adopting: boolean) {
  return {
    secret: facts.secret,
    adopting,
    inherited: inherited(facts.env),
    ...(facts.setpriv !== undefined && { setpriv: facts.setpriv }),
  }
}

function inherited(env: LaunchFacts['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    inheritedNames.flatMap((name) => {
      const value = env[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
