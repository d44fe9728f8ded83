import { setTimeout as wait } from 'node:timers/promises'
import type { KubernetesApi } from '../api/api-client.ts'
import { ownedBy } from '../apply/apply-objects.ts'
import { isReady, type Pod, phaseOf } from '../view/pod-view.ts'
import { isRolledOut, troubleOf, type Workload } from '../view/workload-view.ts'

/** How a workload stands on its way to what was applied. */
export interface RolloutState {
  readonly workload: string
  readonly ready: number
  readonly wanted: number
  readonly done: boolean
  /** Why it is not done, in words that a person can act on. */
  readonly reasons: readonly string[]
  /** Whether waiting on would not help. */
  readonly hopeless: boolean
}

const hopelessPhases = new Set(['failed', 'crash-looping'])

/** How all workloads of a fleet in a namespace stand. */
export async function rolloutStates(
  api: KubernetesApi,
  fleet: string,
  namespace: string,
): Promise<readonly RolloutState[]> {
  const list = async (apiVersion: string, kind: string): Promise<readonly unknown[]> =>
    (await api.list({ apiVersion, kind }, namespace, ownedBy(fleet))).items
  const [deployments, sets, pods] = await Promise.all([
    list('apps/v1', 'Deployment'),
    list('apps/v1', 'StatefulSet'),
    list('v1', 'Pod'),
  ])
  return ([...deployments, ...sets] as readonly Workload[]).map((workload) => {
    const name = workload.metadata.labels?.['app.kubernetes.io/name']
    const own = (pods as readonly Pod[]).filter(
      ({ metadata }) =>
        metadata.labels?.['app.kubernetes.io/name'] === name && metadata.deletionTimestamp === undefined,
    )
    const done = isRolledOut(workload)
    const unready = done ? [] : own.filter((pod) => !isReady(pod)).map((pod) => phaseOf(pod))
    const trouble = done ? undefined : troubleOf(workload)
    const reasons = [...new Set([...(trouble ? [trouble] : []), ...unready.flatMap(({ reason }) => reason ?? [])])]
    return {
      workload: workload.metadata.name,
      ready: workload.status?.readyReplicas ?? 0,
      wanted: workload.spec.replicas ?? 1,
      done,
      reasons,
      hopeless: trouble !== undefined || unready.some(({ phase }) => hopelessPhases.has(phase)),
    }
  })
}

/** Waits until all workloads are as applied, or one of them cannot become so; `tell` hears of every change. */
export async function rolledOut(
  api: KubernetesApi,
  fleet: string,
  namespace: string,
  tell: (state: RolloutState) => void,
  signal: AbortSignal,
): Promise<readonly RolloutState[]> {
  const told = new Map<string, string>()
  for (;;) {
    const states = await rolloutStates(api, fleet, namespace)
    for (const state of states) {
      const text = JSON.stringify(state)
      if (told.get(state.workload) !== text) tell(state)
      told.set(state.workload, text)
    }
    if (states.every(({ done }) => done) || states.some(({ hopeless }) => hopeless)) return states
    await wait(1000, undefined, { signal })
  }
}
