import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { engineProblem } from '../../problem-codes.ts'

/** How an API server is reached, and as whom. */
export interface ClusterAccess {
  readonly server: string
  readonly ca?: string
  readonly insecure: boolean
  readonly cert?: string
  readonly key?: string
  /** Asked for before each request; service account tokens change on disk. */
  readonly token?: () => Promise<string>
  /** Namespace of the context. */
  readonly namespace: string
}

interface Cluster {
  readonly server: string
  readonly 'certificate-authority'?: string
  readonly 'certificate-authority-data'?: string
  readonly 'insecure-skip-tls-verify'?: boolean
}

interface User {
  readonly 'client-certificate'?: string
  readonly 'client-certificate-data'?: string
  readonly 'client-key'?: string
  readonly 'client-key-data'?: string
  readonly token?: string
  readonly tokenFile?: string
  readonly exec?: {
    readonly command: string
    readonly args?: readonly string[]
    readonly env?: readonly { readonly name: string; readonly value: string }[]
  }
}

interface Kubeconfig {
  readonly 'current-context'?: string
  readonly clusters?: readonly { readonly name: string; readonly cluster: Cluster }[]
  readonly contexts?: readonly {
    readonly name: string
    readonly context: { readonly cluster: string; readonly user: string; readonly namespace?: string }
  }[]
  readonly users?: readonly { readonly name: string; readonly user: User }[]
}

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount'

/** Access from within a pod, by its service account. Throws SW4040 outside of one. */
export function inClusterAccess(env: NodeJS.ProcessEnv = process.env): ClusterAccess {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env
  if (!host || !port)
    throw engineProblem({
      code: 'SW4040',
      message: 'This process does not run in a pod.',
      hint: 'Give a kubeconfig instead.',
    })
  return {
    server: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    ca: readFileSync(`${serviceAccount}/ca.crt`, 'utf8'),
    insecure: false,
    token: async () => readFileSync(`${serviceAccount}/token`, 'utf8').trim(),
    namespace: readFileSync(`${serviceAccount}/namespace`, 'utf8').trim(),
  }
}

/**
 * Access by a kubeconfig (`path`, `$KUBECONFIG` or `~/.kube/config`) and one of its contexts (the current one when absent).
 * Throws SW4040 when the file, the context or what it names is missing.
 */
export function kubeconfigAccess(
  options: { readonly path?: string; readonly context?: string } = {},
  env: NodeJS.ProcessEnv = process.env,
): ClusterAccess {
  const path = options.path ?? env.KUBECONFIG?.split(':')[0] ?? `${homedir()}/.kube/config`
  const config = read(path)
  const name = options.context ?? config['current-context']
  const found = config.contexts?.find((each) => each.name === name)?.context
  if (!found) {
    const known = config.contexts?.map((each) => each.name).join(', ') || 'none'
    throw engineProblem({
      code: 'SW4040',
      message: `${path} has no context "${name ?? ''}".`,
      hint: `It has ${known}.`,
    })
  }
  const cluster = config.clusters?.find((each) => each.name === found.cluster)?.cluster
  const user = config.users?.find((each) => each.name === found.user)?.user ?? {}
  if (!cluster)
    throw engineProblem({
      code: 'SW4040',
      message: `${path} does not describe the cluster "${found.cluster}" of its context "${name}".`,
      hint: 'Add it under `clusters`.',
    })
  const file = (given: string | undefined, data: string | undefined): string | undefined =>
    data !== undefined
      ? Buffer.from(data, 'base64').toString('utf8')
      : given === undefined
        ? undefined
        : readFileSync(resolve(dirname(path), given), 'utf8')
  const ca = file(cluster['certificate-authority'], cluster['certificate-authority-data'])
  const cert = file(user['client-certificate'], user['client-certificate-data'])
  const key = file(user['client-key'], user['client-key-data'])
  const token = tokenOf(user, dirname(path))
  return {
    server: cluster.server.replace(/\/$/, ''),
    insecure: cluster['insecure-skip-tls-verify'] === true,
    namespace: found.namespace ?? 'default',
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(token && { token }),
  }
}

function read(path: string): Kubeconfig {
  try {
    return parse(readFileSync(path, 'utf8')) as Kubeconfig
  } catch (cause) {
    throw engineProblem({
      code: 'SW4040',
      message: `The kubeconfig ${path} can’t be read: ${(cause as Error).message}.`,
      where: { file: path },
      hint: 'Name another with KUBECONFIG or the option --kubeconfig.',
      cause,
    })
  }
}

function tokenOf(user: User, folder: string): (() => Promise<string>) | undefined {
  const { token, tokenFile, exec } = user
  if (token !== undefined) return async () => token
  if (tokenFile !== undefined) return async () => readFileSync(resolve(folder, tokenFile), 'utf8').trim()
  if (!exec) return undefined
  let kept: { token: string; until: number } | undefined
  return async () => {
    if (kept && kept.until > Date.now() + 60_000) return kept.token
    const env = { ...process.env, ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])) }
    const { stdout } = await promisify(execFile)(exec.command, [...(exec.args ?? [])], { env })
    const { status } = JSON.parse(stdout) as { status: { token: string; expirationTimestamp?: string } }
    kept = {
      token: status.token,
      until: status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Date.now() + 600_000,
    }
    return kept.token
  }
}
