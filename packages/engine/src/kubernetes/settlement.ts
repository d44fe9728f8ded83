import { type Desired, unitId } from '../machine/desired/desired.ts'
import { workloadName } from './objects.ts'
import type { Reconciler } from './reconciler.ts'
import type { ClusterView } from './view/cluster-view.ts'
import { isReady } from './view/pod-view.ts'
import { isRolledOut, troubleOf } from './view/workload-view.ts'

const hopeless = new Set(['failed', 'crash-looping'])

/** Why what is wanted can't come true without a person; empty while it still can. */
export function stuckReasons(desired: Desired, view: ClusterView, reconciler: Reconciler): readonly string[] {
  const reasons = [...reconciler.failedJobs(desired.generation)]
  if (reconciler.trouble !== undefined)
    reasons.push(reconciler.trouble instanceof Error ? reconciler.trouble.message : String(reconciler.trouble))
  for (const { service, versions } of Object.values(desired.services)) {
    for (const { version } of Object.values(versions)) {
      for (const pod of view.podsOf(service, version)) {
        const replica = view.replica(pod)
        if (replica && hopeless.has(replica.phase))
          reasons.push(`${replica.replica}: ${replica.reason ?? replica.phase}`)
      }
      const trouble = refusal(view, service, version)
      if (trouble) reasons.push(`${workloadName(service, version)}: ${trouble}`)
    }
  }
  if (reasons.length === 0) return reasons
  return [
    ...reasons,
    ...[...reconciler.waits.keys()].map((unit) => `${unit.replace('@', '-')} ${reconciler.waitOf(unit)}`),
  ]
}

/** Why the pods of a version can't be made or were given up, with what was last said of one of them. */
export function refusal(view: ClusterView, service: string, version: string): string | undefined {
  const workload = view.workload(workloadName(service, version))
  const trouble = workload && troubleOf(workload)
  if (trouble === undefined) return undefined
  const pod = view.podsOf(service, version).find((each) => !isReady(each))
  const why = pod && view.replica(pod)?.reason
  return why === undefined ? trouble : `${trouble}: ${why}`
}

/** Whether everything runs as wanted, and nothing else of the fleet does. */
export function isSettled(desired: Desired, view: ClusterView, reconciler: Reconciler): boolean {
  if (reconciler.waits.size > 0 || reconciler.trouble !== undefined) return false
  const wanted = new Set<string>()
  for (const { service, versions, replacing } of Object.values(desired.services)) {
    if (replacing !== undefined) return false
    for (const { version } of Object.values(versions)) {
      wanted.add(unitId(service, version))
      const name = workloadName(service, version)
      const workload = view.workload(name)
      if (!workload || (workload.metadata.generation ?? 0) < reconciler.generationOf(name)) return false
      if (!isRolledOut(workload)) return false
      const pods = view.podsOf(service, version)
      if (pods.length !== (workload.spec.replicas ?? 1) || !pods.every(isReady)) return false
    }
  }
  return view
    .versioned()
    .every(({ metadata: { labels = {} } }) =>
      wanted.has(unitId(labels['app.kubernetes.io/name'] ?? '', labels['seaworthy.dev/version'] ?? '')),
    )
}
