import type { DownOptions } from '../contract.ts'
import type { EngineEvent } from '../contract-events.ts'
import type { Desired } from '../machine/desired/desired.ts'
import type { KubernetesApi } from './api/api-client.ts'
import { prune } from './apply/apply-objects.ts'
import { recordName } from './fleet-record.ts'
import { prunable } from './ownership.ts'
import type { ClusterView, Sight } from './view/cluster-view.ts'

/** Services in waves: those of the first need nobody, those of each other one only earlier ones. */
export function wavesOf(desired: Desired): readonly (readonly string[])[] {
  const waves: string[][] = []
  const placed = new Set<string>()
  let left = Object.values(desired.services)
  while (left.length > 0) {
    const free = left.filter(({ service, versions }) =>
      Object.values(versions).every(({ spec }) =>
        spec.needs.every(
          ({ on, optional }) =>
            optional ||
            on.kind !== 'service' ||
            on.name === service ||
            placed.has(on.name) ||
            !desired.services[on.name],
        ),
      ),
    )
    // Where services need each other in a circle there is no order to keep.
    const wave = (free.length > 0 ? free : left).map(({ service }) => service)
    waves.push(wave)
    for (const service of wave) placed.add(service)
    left = left.filter(({ service }) => !placed.has(service))
  }
  return waves
}

/** Takes everything of a fleet away, dependents before what they need; volume claims stay unless the namespace goes. */
export async function* takeDown(
  api: KubernetesApi,
  view: ClusterView,
  changes: AsyncIterator<Sight>,
  options: DownOptions & { readonly fleet: string; readonly namespace: string },
  desired: Desired | undefined,
  now: () => number,
): AsyncGenerator<EngineEvent> {
  const { fleet, namespace } = options
  const waves = desired && !options.force ? [...wavesOf(desired)].reverse() : [undefined]
  for (const wave of waves) {
    const isOf = (labels: Readonly<Record<string, string>> | undefined): boolean =>
      wave === undefined || wave.includes(labels?.['app.kubernetes.io/name'] ?? '')
    for (const { apiVersion, kind, metadata } of view.workloads())
      if (isOf(metadata.labels)) await api.delete({ apiVersion, kind }, namespace, metadata.name)
    const pods = (): ReturnType<ClusterView['pods']> => view.versioned().filter(({ metadata }) => isOf(metadata.labels))
    if (options.force)
      for (const { metadata } of view.pods())
        await api.delete({ apiVersion: 'v1', kind: 'Pod' }, namespace, metadata.name, { graceSeconds: 0 })
    while (pods().length > 0) {
      const { value, done } = await changes.next()
      if (done) return
      const { pod, gone } = value as Sight
      const replica = pod && view.replica(pod)
      if (gone && replica && replica.version !== '')
        yield { kind: 'replica', at: now(), replica: { ...replica, phase: 'gone', since: now() } }
    }
  }
  await prune(api, fleet, namespace, [...prunable, { apiVersion: 'batch/v1', kind: 'Job' }], [])
  await api.delete({ apiVersion: 'v1', kind: 'ConfigMap' }, namespace, recordName)
  if (options.destroy) await api.delete({ apiVersion: 'v1', kind: 'Namespace' }, undefined, namespace)
}
