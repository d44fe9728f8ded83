import type { Fleet, Job, Need, Service } from '@seaworthy/model'

/** One variable of a container, as Kubernetes writes it. */
export interface Variable {
  readonly name: string
  readonly value?: string
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } }
}

/** Name of the Secret object that holds a secret of the fleet under the key `value`. */
export function secretObjectName(secret: string): string {
  return `secret-${secret}`
}

/** Name of the Secret object that holds a database's password under the key `password`. */
export function databaseSecretName(database: string): string {
  return `${database}-credentials`
}

const fromUrl = /^env:(.+)$/

/** The variables that a need injects: its address, and what is required to read it. */
function needVariables(fleet: Fleet, need: Need): Variable[] {
  const { name, kind } = need.on
  const url = `${need.as}_URL`
  switch (kind) {
    case 'service': {
      const service = fleet.services[name]
      if (!service?.port) return []
      const scheme = service.protocol === 'tcp' ? 'tcp' : 'http'
      return [{ name: url, value: `${scheme}://${name}:${service.port}` }]
    }
    case 'postgres': {
      const database = fleet.postgres[name]
      if (database?.url) return [external(url, database.url)]
      const password = `${need.as}_PASSWORD`
      // The operator names the service of whichever instance takes writes.
      const host = database?.operator === 'cloudnative-pg' ? `${name}-rw` : name
      return [
        { name: password, valueFrom: { secretKeyRef: { name: databaseSecretName(name), key: 'password' } } },
        { name: url, value: `postgres://app:$(${password})@${host}:5432/${database?.database ?? name}` },
      ]
    }
    case 'redis': {
      const redis = fleet.redis[name]
      return [redis?.url ? external(url, redis.url) : { name: url, value: `redis://${name}:6379` }]
    }
    case 'external': {
      const other = fleet.externals[name]
      return other ? [external(url, other.url)] : []
    }
    case 'volume':
      return need.mount ? [{ name: `${need.as}_PATH`, value: need.mount }] : []
    case 'job':
      return []
    default:
      return kind satisfies never
  }
}

/** An address that is written out, or one that stands in the Secret `external-urls`. */
function external(name: string, url: string): Variable {
  const variable = fromUrl.exec(url)?.[1]
  return variable
    ? { name, valueFrom: { secretKeyRef: { name: 'external-urls', key: variable } } }
    : { name, value: url }
}

/** Directory in which secrets handed over as files appear. */
export const secretFolder = '/run/secrets/seaworthy'

/** Secrets that a program reads as files. */
export function fileSecrets(program: Service | Job): string[] {
  const uses = Object.values(program.env).filter((value) => typeof value === 'object' && value.as === 'file')
  return [...new Set(uses.map((use) => (use as { secret: string }).secret))].sort()
}

/** Every variable of a program's container, in a fixed order: what Seaworthy injects, then needs, then the catalog's. */
export function variablesOf(fleet: Fleet, program: Service | Job): Variable[] {
  const port = 'port' in program ? program.port : undefined
  const injected: Variable[] = [
    { name: 'SEAWORTHY_FLEET', value: fleet.name },
    { name: 'SEAWORTHY_SERVICE', value: program.name },
    { name: 'SEAWORTHY_ENVIRONMENT', value: fleet.environment.name },
    ...(port ? [{ name: 'PORT', value: String(port) }] : []),
  ]
  const shared = Object.entries(fleet.environment.env).map(([name, value]) => ({ name, value }))
  const own = Object.entries(program.env).map(([name, value]): Variable => {
    if (typeof value !== 'object') return { name, value: String(value) }
    if (value.as === 'file') return { name: `${name}_FILE`, value: `${secretFolder}/${value.secret}` }
    return { name, valueFrom: { secretKeyRef: { name: secretObjectName(value.secret), key: 'value' } } }
  })
  const byName = new Map<string, Variable>()
  for (const variable of [
    ...injected,
    ...shared,
    ...program.needs.flatMap((need) => needVariables(fleet, need)),
    ...own,
  ]) {
    // Set again at the end: a variable may only use ones that stand before it.
    byName.delete(variable.name)
    byName.set(variable.name, variable)
  }
  return [...byName.values()]
}
