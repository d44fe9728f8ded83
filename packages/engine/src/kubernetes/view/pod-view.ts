import type { ReplicaPhase, ReplicaView } from '../../contract-state.ts'
import type { LiveObject } from '../api/api-client.ts'

interface ContainerStatus {
  readonly restartCount: number
  readonly ready: boolean
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string }
    readonly running?: object
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number }
  }
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } }
}

/** A pod as the API gives it, as much of it as replicas need. */
export interface Pod extends LiveObject {
  readonly spec: {
    readonly nodeName?: string
    readonly containers: readonly {
      readonly name: string
      readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[]
    }[]
  }
  readonly status?: {
    readonly phase?: string
    readonly podIP?: string
    readonly reason?: string
    readonly message?: string
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
    readonly containerStatuses?: readonly ContainerStatus[]
  }
}

/** Whether a pod may be sent requests. */
export function isReady(pod: Pod): boolean {
  return (
    pod.metadata.deletionTimestamp === undefined &&
    pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
  )
}

const imageTrouble = new Set(['ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull'])

/** Where a pod stands and why, in words that a person can act on; `warning` is what the cluster last complained of it. */
export function phaseOf(pod: Pod, warning?: string): { readonly phase: ReplicaPhase; readonly reason?: string } {
  const status = pod.status?.containerStatuses?.[0]
  const on = pod.spec.nodeName ? ` on ${pod.spec.nodeName}` : ''
  if (pod.metadata.deletionTimestamp !== undefined) return { phase: 'draining' }
  if (pod.status?.phase === 'Failed')
    return {
      phase: 'failed',
      reason: `${pod.status.reason ?? 'ended'}${on}${pod.status.message ? `: ${pod.status.message}` : ''}`,
    }
  if (isReady(pod)) return { phase: 'ready' }
  const scheduled = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled')
  if (scheduled?.status === 'False')
    return { phase: 'waiting', reason: `no node takes it: ${scheduled.message ?? scheduled.reason ?? 'unknown'}` }
  const waiting = status?.state?.waiting
  if (waiting?.reason && imageTrouble.has(waiting.reason))
    return { phase: 'failed', reason: `image pull back-off${on}: ${waiting.message ?? warning ?? 'not found'}` }
  if (waiting?.reason === 'ErrImagePull')
    return { phase: 'starting', reason: `image pull fails${on}: ${waiting.message ?? warning ?? 'not found'}` }
  if (waiting?.reason === 'CreateContainerConfigError' || waiting?.reason === 'CreateContainerError')
    return { phase: 'failed', reason: `the container can’t be made${on}: ${waiting.message ?? waiting.reason}` }
  if (waiting?.reason === 'CrashLoopBackOff') return crashed(status, on)
  if (status?.state?.running && !status.ready)
    return {
      phase: 'starting',
      reason: /probe failed/.test(warning ?? '') ? `${warning}${on}` : `its readiness probe does not pass${on}`,
    }
  return { phase: 'starting', ...(waiting?.message !== undefined && { reason: waiting.message }) }
}

/** After its first end it is tried again at once; after the second the waits begin to grow. */
function crashed(status: ContainerStatus | undefined, on: string): { phase: ReplicaPhase; reason: string } {
  const last = status?.lastState?.terminated
  const restarts = status?.restartCount ?? 0
  const end = last?.reason === 'OOMKilled' ? 'killed at its memory limit' : `exit ${last?.exitCode ?? '?'}`
  return restarts < 1
    ? { phase: 'backoff', reason: `ended, ${end}${on}` }
    : { phase: 'crash-looping', reason: `crash-looping, ${restarts} restarts, last ${end}${on}` }
}

/** A pod as a replica; undefined for pods of no service. */
export function replicaOf(pod: Pod, warning?: string): ReplicaView | undefined {
  const labels = pod.metadata.labels ?? {}
  const service = labels['app.kubernetes.io/name']
  if (service === undefined) return undefined
  const status = pod.status?.containerStatuses?.[0]
  const port = pod.spec.containers[0]?.ports?.find(({ name }) => name === 'main')?.containerPort
  const ip = pod.status?.podIP
  const changed =
    pod.status?.conditions?.find(({ type }) => type === 'Ready')?.lastTransitionTime ?? pod.metadata.creationTimestamp
  return {
    replica: pod.metadata.name,
    service,
    version: labels['seaworthy.dev/version'] ?? '',
    ...phaseOf(pod, warning),
    since: Date.parse(pod.metadata.deletionTimestamp ?? changed),
    restarts: status?.restartCount ?? 0,
    ...(ip !== undefined && port !== undefined && { address: `${ip.includes(':') ? `[${ip}]` : ip}:${port}` }),
  }
}
