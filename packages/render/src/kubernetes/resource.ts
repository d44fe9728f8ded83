import type { Fleet, Postgres, Redis, Storage, Volume } from '@seaworthy/model'
import { databaseSecretName } from './environment.ts'
import { labelsOf, selectorOf } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import { bytesQuantity } from './quantity.ts'
import { accessMode } from './workload.ts'

/** What one server of data runs with. */
interface Server {
  readonly name: string
  readonly image: string
  readonly port: number
  readonly user: number
  readonly dataPath: string
  readonly storage: Storage
  readonly args: readonly string[]
  readonly env: readonly object[]
  readonly ready: readonly string[]
  readonly memory: string
  readonly cpu: string
}

function claimSpec(storage: Storage): object {
  return {
    accessModes: [accessMode(storage.access)],
    ...(storage.class && { storageClassName: storage.class }),
    resources: { requests: { storage: bytesQuantity(storage.size) } },
  }
}

function serverObjects(fleet: Fleet, server: Server): KubernetesObject[] {
  const metadata = { name: server.name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, server.name) }
  const amounts = { cpu: server.cpu, memory: server.memory, 'ephemeral-storage': '1Gi' }
  const probe = { exec: { command: server.ready }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 }
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: {
      type: 'ClusterIP',
      clusterIP: 'None',
      selector: selectorOf(fleet, server.name),
      ports: [{ name: 'main', port: server.port, targetPort: 'main', protocol: 'TCP' }],
    },
  }
  const container = {
    name: server.name,
    image: server.image,
    imagePullPolicy: 'IfNotPresent',
    ...(server.args.length > 0 && { args: server.args }),
    ...(server.env.length > 0 && { env: server.env }),
    ports: [{ name: 'main', containerPort: server.port, protocol: 'TCP' }],
    resources: { requests: amounts, limits: amounts },
    startupProbe: { ...probe, failureThreshold: 30 },
    readinessProbe: probe,
    livenessProbe: { tcpSocket: { port: 'main' }, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'data', mountPath: server.dataPath },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'run', mountPath: '/var/run' },
    ],
  }
  const stateful = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata,
    spec: {
      serviceName: server.name,
      replicas: 1,
      revisionHistoryLimit: 5,
      selector: { matchLabels: selectorOf(fleet, server.name) },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels: labelsOf(fleet, server.name) },
        spec: {
          serviceAccountName: server.name,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          // Time for a checkpoint: a database that is killed has to recover at its next start.
          terminationGracePeriodSeconds: 60,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: server.user,
            runAsGroup: server.user,
            fsGroup: server.user,
            fsGroupChangePolicy: 'OnRootMismatch',
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [container],
          volumes: [
            { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
            { name: 'run', emptyDir: { sizeLimit: '16Mi' } },
          ],
        },
      },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec(server.storage) }],
    },
  }
  return [service, stateful]
}

/** A PostgreSQL server in the cluster, or the Cluster object of CloudNativePG; nothing for an existing server. */
export function postgresObjects(fleet: Fleet, postgres: Postgres): KubernetesObject[] {
  if (postgres.url) return []
  const { name } = postgres
  if (postgres.operator === 'cloudnative-pg') {
    return [
      {
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Cluster',
        metadata: { name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, name) },
        spec: {
          instances: postgres.replicas,
          storage: {
            size: bytesQuantity(postgres.storage.size),
            ...(postgres.storage.class && { storageClass: postgres.storage.class }),
          },
          postgresql: { parameters: { max_connections: String(postgres.maxConnections) } },
          bootstrap: {
            initdb: { database: postgres.database, owner: 'app', secret: { name: databaseSecretName(name) } },
          },
          ...(postgres.zones.length > 0 && {
            affinity: { topologyKey: 'topology.kubernetes.io/zone', podAntiAffinityType: 'preferred' },
            // Policies and budgets find its pods as they find those of everything else.
            inheritedMetadata: { labels: labelsOf(fleet, postgres.name) },
          }),
        },
      },
    ]
  }
  const value = (key: string, text: string): object => ({ name: key, value: text })
  return serverObjects(fleet, {
    name,
    image: `docker.io/library/postgres:${postgres.version ?? 17}`,
    port: 5432,
    user: 999,
    dataPath: '/var/lib/postgresql/data',
    storage: postgres.storage,
    args: ['-c', `max_connections=${postgres.maxConnections}`],
    env: [
      value('POSTGRES_USER', 'app'),
      value('POSTGRES_DB', postgres.database),
      value('PGDATA', '/var/lib/postgresql/data/pgdata'),
      { name: 'POSTGRES_PASSWORD', valueFrom: { secretKeyRef: { name: databaseSecretName(name), key: 'password' } } },
    ],
    ready: ['pg_isready', '--username=app', `--dbname=${postgres.database}`],
    cpu: '500m',
    memory: '1Gi',
  })
}

/** A Redis server in the cluster; nothing for an existing server. */
export function redisObjects(fleet: Fleet, redis: Redis): KubernetesObject[] {
  if (redis.url) return []
  const memory = Math.ceil((redis.maxMemory * 1.5 + 64 * 1024 ** 2) / 1024 ** 2)
  return serverObjects(fleet, {
    name: redis.name,
    image: 'docker.io/library/redis:7',
    port: 6379,
    user: 999,
    dataPath: '/data',
    storage: redis.storage,
    args: [
      '--maxmemory',
      String(redis.maxMemory),
      '--maxmemory-policy',
      redis.eviction,
      '--appendonly',
      redis.persist ? 'yes' : 'no',
    ],
    env: [],
    ready: ['redis-cli', 'ping'],
    cpu: '250m',
    memory: `${memory}Mi`,
  })
}

/** The claim of a shared volume. */
export function volumeClaim(fleet: Fleet, volume: Volume): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: volume.name, namespace: fleet.environment.namespace, labels: labelsOf(fleet, volume.name) },
    spec: claimSpec(volume.storage),
  }
}
