import type { Need, SecretUse, Service } from '@seaworthy/model'
import { engineProblem } from '../../problem-codes.ts'
import type { Desired } from './desired.ts'

/** A value that a process is started with; `secret` ones are masked wherever they might be shown. */
export type InjectedValue =
  | { readonly kind: 'plain'; readonly value: string }
  /** A value that must not be seen. */
  | { readonly kind: 'secret'; readonly value: string }
  /** A secret of the catalog, to be fetched when the process is started; as a file where told. */
  | { readonly kind: 'use'; readonly secret: string; readonly as: 'value' | 'file' }

/** Where resources are to be found: each URL with the password in it, each volume's directory. */
export interface Addresses {
  readonly url: (kind: 'postgres' | 'redis' | 'external', name: string) => string
  readonly volume: (name: string) => string
}

/**
 * The variables that the catalog gives a service or job: the environment's, those of `needs` (`<AS>_URL`, for a volume
 * `<AS>_PATH`), its own. Its own win. `PORT` and what names the replica are added when it is launched.
 */
export function injectedEnvironment(
  desired: Desired,
  program: Pick<Service, 'name' | 'needs' | 'env'>,
  addresses: Addresses,
): Readonly<Record<string, InjectedValue>> {
  const values: Record<string, InjectedValue> = {}
  for (const [name, value] of Object.entries(desired.fleet.environments[desired.environment]?.env ?? {})) {
    values[name] = { kind: 'plain', value }
  }
  for (const need of program.needs) {
    const injected = needValue(desired, need, addresses)
    if (injected) values[injected.name] = injected.value
  }
  for (const [name, value] of Object.entries(program.env)) values[name] = ownValue(value)
  return values
}

function ownValue(value: string | number | boolean | SecretUse): InjectedValue {
  return typeof value === 'object'
    ? { kind: 'use', secret: value.secret, as: value.as }
    : { kind: 'plain', value: String(value) }
}

function needValue(
  desired: Desired,
  need: Need,
  addresses: Addresses,
): { readonly name: string; readonly value: InjectedValue } | undefined {
  const { kind, name } = need.on
  const prefix = (need.as ?? name).toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
  switch (kind) {
    case 'service': {
      const port = desired.ports[name]
      return port === undefined
        ? undefined
        : { name: `${prefix}_URL`, value: { kind: 'plain', value: serviceUrl(desired, name, port) } }
    }
    case 'postgres':
    case 'redis':
      return { name: `${prefix}_URL`, value: { kind: 'secret', value: addresses.url(kind, name) } }
    case 'external':
      return { name: `${prefix}_URL`, value: { kind: 'plain', value: addresses.url(kind, name) } }
    case 'volume':
      return { name: `${prefix}_PATH`, value: { kind: 'plain', value: addresses.volume(name) } }
    case 'job':
      return undefined
    default:
      return kind satisfies never
  }
}

/** The URL under which other services reach one. */
export function serviceUrl(desired: Desired, service: string, port: number): string {
  const stable = desired.services[service]
  const protocol = stable?.versions[stable.stable]?.spec.protocol
  return `${protocol === 'tcp' ? 'tcp' : 'http'}://127.0.0.1:${port}`
}

/** The URL behind `env:NAME` or a plain URL. Throws SW4035 when the variable is not set. */
export function externalUrl(name: string, url: string, env: Readonly<Record<string, string | undefined>>): string {
  if (!url.startsWith('env:')) return url
  const variable = url.slice('env:'.length)
  const value = env[variable]
  if (value) return value
  throw engineProblem({
    code: 'SW4035',
    message: `The address of ${name} stands in the environment variable ${variable}, which is not set.`,
    hint: `Set it before \`seaworthy up\`: export ${variable}=...`,
  })
}
