import type { Fleet, Secret } from '@seaworthy/model'
import { databaseSecretName, secretObjectName } from './environment.ts'
import { labelsOf } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import type { RenderOptions } from './options.ts'
import { seconds } from './quantity.ts'

const storeName = 'vault'
const vaultSource = /^vault:([^#]+)#(.+)$/

function metadata(fleet: Fleet, name: string): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, name) }
}

/** Where External Secrets finds Vault: one store for the namespace, logged in as the account `external-secrets`. */
export function secretStore(fleet: Fleet): KubernetesObject | undefined {
  const { secrets, secretStore: server } = fleet.environment
  if (secrets !== 'external-secrets' || !server) return undefined
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'SecretStore',
    metadata: metadata(fleet, storeName),
    spec: {
      provider: {
        vault: {
          server,
          path: 'secret',
          version: 'v2',
          auth: {
            kubernetes: {
              mountPath: 'kubernetes',
              role: fleet.environment.namespace,
              serviceAccountRef: { name: 'external-secrets' },
            },
          },
        },
      },
    },
  }
}

function externalSecret(
  fleet: Fleet,
  name: string,
  target: string,
  property: string,
  key: string,
  remote: string | undefined,
  refresh: number,
): KubernetesObject {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: metadata(fleet, target),
    spec: {
      refreshInterval: `${seconds(refresh, 1)}s`,
      secretStoreRef: { kind: 'SecretStore', name: storeName },
      target: { name: target, creationPolicy: 'Owner' },
      data: [{ secretKey: property, remoteRef: { key, property: remote ?? name } }],
    },
  }
}

/** How one secret of the catalog reaches the cluster. Undefined where the Secret object is made by other means. */
export function secretObject(fleet: Fleet, secret: Secret, options: RenderOptions): KubernetesObject | undefined {
  const target = secretObjectName(secret.name)
  const value = options.secretValues?.[secret.name]
  if (value !== undefined)
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata(fleet, target),
      type: 'Opaque',
      stringData: { value },
    }
  if (fleet.environment.secrets !== 'external-secrets' || !fleet.environment.secretStore) return undefined
  const [, path, property] = vaultSource.exec(secret.from ?? '') ?? []
  // Under the store's mount `secret/`, as the path of Vault's key-value engine begins by its mount.
  return externalSecret(
    fleet,
    secret.name,
    target,
    'value',
    path?.replace(/^secret\/(data\/)?/, '') ?? `${fleet.name}/${secret.name}`,
    property ?? 'value',
    secret.refresh,
  )
}

/** The password of a database in the cluster. */
export function databaseSecret(fleet: Fleet, database: string, options: RenderOptions): KubernetesObject | undefined {
  const target = databaseSecretName(database)
  const value = options.secretValues?.[target]
  if (value !== undefined)
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata(fleet, target),
      type: 'kubernetes.io/basic-auth',
      stringData: { username: 'app', password: value },
    }
  if (fleet.environment.secrets !== 'external-secrets' || !fleet.environment.secretStore) return undefined
  return externalSecret(fleet, database, target, 'password', `${fleet.name}/${database}`, 'password', 3_600_000)
}
