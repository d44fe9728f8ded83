import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddressPlan } from '../rig/address-plan.ts'
import { createAuthority, type KeyPair, serviceAccountKeys } from './certificates.ts'

/** Files that the parts of a control plane share. */
export interface Credentials {
  /** PEM of the authority that signed every server. */
  readonly authority: string
  /** Path of a file in the folder, such as `apiserver.crt`. */
  file(name: string): string
  /** Path of a kubeconfig for a user of the token table. */
  kubeconfig(user: string): string
}

/** The port of every rig's API server; each has an address of its own. */
export const apiServerPort = 6443

/** Names under which pods and the aggregation layer reach the control plane. */
function apiServerNames(plan: AddressPlan): readonly string[] {
  const service = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']
  return ['localhost', '127.0.0.1', plan.host, plan.apiServerService, ...service]
}

/** Writes authorities, certificates, the token table and one kubeconfig a user into `folder`. */
export async function writeCredentials(plan: AddressPlan, folder: string): Promise<Credentials> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = (name: string): string => join(folder, name)
  const write = (name: string, text: string): void => writeFileSync(file(name), text, { mode: 0o600 })
  const pair = (name: string, { certificate, key }: KeyPair): void => {
    write(`${name}.crt`, certificate)
    write(`${name}.key`, key)
  }
  const authority = await createAuthority('seaworthy-test-cluster')
  // Aggregated API servers trust any name that this second authority's holder states, so it signs nothing else.
  const front = await createAuthority('seaworthy-test-front-proxy')
  write('ca.crt', authority.certificate)
  write('front-proxy-ca.crt', front.certificate)
  pair('apiserver', await authority.issue('CN=kube-apiserver', apiServerNames(plan)))
  pair('kubelet-client', await authority.issue('CN=kube-apiserver-kubelet-client,O=system:masters'))
  pair('front-proxy', await front.issue('CN=front-proxy-client'))
  pair('metrics-server', await authority.issue('CN=metrics-server', ['metrics-server.kube-system.svc', plan.host]))
  for (const node of plan.nodes) {
    pair(node.name, await authority.issue(`CN=system:node:${node.name},O=system:nodes`, [node.name, node.address]))
  }
  const keys = serviceAccountKeys()
  write('service-account.key', keys.privateKey)
  write('service-account.pub', keys.publicKey)

  const users = [
    { user: 'admin', name: 'admin', group: 'system:masters' },
    ...['kube-controller-manager', 'kube-scheduler', 'kube-proxy'].map((user) => ({
      user,
      name: `system:${user}`,
      group: '',
    })),
    ...plan.nodes.map(({ name }) => ({ user: name, name: `system:node:${name}`, group: 'system:nodes' })),
  ]
  const tokens: string[] = []
  for (const { user, name, group } of users) {
    const token = randomBytes(24).toString('hex')
    tokens.push(`${token},${name},${user}${group && `,"${group}"`}`)
    write(`${user}.kubeconfig`, kubeconfig(plan, authority.certificate, user, token))
  }
  write('tokens.csv', `${tokens.join('\n')}\n`)
  return { authority: authority.certificate, file, kubeconfig: (user) => file(`${user}.kubeconfig`) }
}

/** A kubeconfig with one context; JSON is YAML. */
function kubeconfig(plan: AddressPlan, authority: string, user: string, token: string): string {
  const cluster = {
    server: `https://${plan.host}:${apiServerPort}`,
    'certificate-authority-data': Buffer.from(authority).toString('base64'),
  }
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'rig', cluster }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: 'rig', context: { cluster: 'rig', user } }],
      'current-context': 'rig',
    },
    undefined,
    2,
  )
}
