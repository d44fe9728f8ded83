import type { LiveObject } from '../api/api-client.ts'

/** A Deployment or StatefulSet as the API gives it, as much of it as the engine needs. */
export interface Workload extends LiveObject {
  readonly spec: { readonly replicas?: number }
  readonly status?: {
    readonly observedGeneration?: number
    readonly replicas?: number
    readonly updatedReplicas?: number
    readonly readyReplicas?: number
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
      readonly message?: string
    }[]
  }
}

/** Whether every pod of a workload is of its newest template, ready, and as many as wanted. */
export function isRolledOut({ metadata, spec, status }: Workload): boolean {
  const wanted = spec.replicas ?? 1
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.replicas ?? 0) === wanted &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.readyReplicas ?? 0) === wanted
  )
}

/** Why a workload's pods cannot be made (a quota, an admission rule), or why it was given up; undefined when neither is so. */
export function troubleOf({ metadata, status }: Workload): string | undefined {
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) return undefined
  const failure = status?.conditions?.find((each) => each.type === 'ReplicaFailure' && each.status === 'True')
  if (failure) return `its pods are refused: ${failure.message ?? failure.reason ?? 'no reason given'}`
  const late = status?.conditions?.find((each) => each.type === 'Progressing' && each.status === 'False')
  return late?.reason === 'ProgressDeadlineExceeded' ? 'it was not ready in time' : undefined
}
