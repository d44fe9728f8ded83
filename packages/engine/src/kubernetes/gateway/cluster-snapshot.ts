import type { Endpoint, GatewaySnapshot } from '@seaworthy/gateway'
import type { Desired } from '../../machine/desired/desired.ts'
import { snapshotFor } from '../../machine/routing/gateway-snapshot.ts'
import { isReady, type Pod, replicaOf } from '../view/pod-view.ts'

/** What the gateways are to do, from what is wanted and which pods are ready. Pure. */
export function clusterSnapshot(desired: Desired, pods: readonly Pod[], version: number): GatewaySnapshot {
  const endpoints = new Map<string, Endpoint[]>()
  for (const pod of pods) {
    const replica = replicaOf(pod)
    if (!replica?.address) continue
    const draining = pod.metadata.deletionTimestamp !== undefined
    if (!draining && !isReady(pod)) continue
    const key = `${replica.service}@${replica.version}`
    endpoints.set(key, [
      ...(endpoints.get(key) ?? []),
      { id: replica.replica, address: replica.address, state: draining ? 'draining' : 'ready' },
    ])
  }
  return snapshotFor(desired, endpoints, version)
}
