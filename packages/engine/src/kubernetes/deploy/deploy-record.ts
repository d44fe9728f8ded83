import { gunzipSync, gzipSync } from 'node:zlib'
import type { KubernetesObject } from '@seaworthy/render'
import type { KubernetesApi } from '../api/api-client.ts'

/** One deployment as it was: everything that was applied, but no Secret. */
export interface DeployEntry {
  /** sha256 of the fleet's canonical JSON. */
  readonly identity: string
  /** ms since the Unix epoch. */
  readonly at: number
  readonly approvedBy: readonly string[]
  readonly objects: readonly KubernetesObject[]
}

const kind = { apiVersion: 'v1', kind: 'ConfigMap' }
const recordName = 'seaworthy-deployments'

/** Deployments that are kept, newest first. */
const kept = 5

/** What was deployed into a namespace, newest first; kept in the namespace itself. */
export async function readDeployments(api: KubernetesApi, namespace: string): Promise<readonly DeployEntry[]> {
  const object = await api.get(kind, namespace, recordName)
  const packed = (object?.binaryData as { deployments?: string } | undefined)?.deployments
  if (packed === undefined) return []
  return JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as DeployEntry[]
}

/** Writes down what is deployed now; of as many as fit into a ConfigMap at most five are kept. */
export async function recordDeployment(
  api: KubernetesApi,
  fleet: string,
  namespace: string,
  entry: DeployEntry,
): Promise<void> {
  const before = await readDeployments(api, namespace)
  const bare = { ...entry, objects: entry.objects.filter((object) => object.kind !== 'Secret') }
  let entries = [bare, ...before].slice(0, kept)
  let packed = pack(entries)
  while (packed.length > 900_000 && entries.length > 1) {
    entries = entries.slice(0, -1)
    packed = pack(entries)
  }
  const labels = { 'app.kubernetes.io/managed-by': 'seaworthy', 'app.kubernetes.io/part-of': fleet }
  await api.apply({
    ...kind,
    metadata: { name: recordName, namespace, labels },
    binaryData: { deployments: packed },
  })
}

function pack(entries: readonly DeployEntry[]): string {
  return gzipSync(JSON.stringify(entries)).toString('base64')
}
