import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Fleet, Job } from '@seaworthy/model'
import { jobObjects, type KubernetesObject, type RenderOptions } from '@seaworthy/render'
import type { JobOutcome } from '../contract.ts'
import type { JobState } from '../contract-state.ts'
import type { KubernetesApi, LiveObject } from './api/api-client.ts'
import { ownedBy } from './apply/apply-objects.ts'
import type { Pod } from './view/pod-view.ts'

const kind = { apiVersion: 'batch/v1', kind: 'Job' }

/** Annotation that holds the key of a job's run, on the Job and on its pods. */
export const keyAnnotation = 'seaworthy.dev/key'

interface LiveJob extends LiveObject {
  readonly status?: {
    readonly active?: number
    readonly succeeded?: number
    readonly failed?: number
    readonly completionTime?: string
    readonly conditions?: readonly {
      readonly type: string
      readonly status: string
      readonly reason?: string
      readonly message?: string
      readonly lastTransitionTime?: string
    }[]
  }
}

/** The name of a run's Job: the same key gives the same name, and the cluster lets a name be made once. */
export function runName(job: string, key: string): string {
  return `${job.slice(0, 50)}-${createHash('sha256').update(key).digest('hex').slice(0, 10)}`
}

/**
 * Runs a job exactly once per key: whoever comes second finds the Job there and waits for the same end. The Job stays, as
 * the record that it ran.
 */
export async function runKubernetesJob(
  api: KubernetesApi,
  fleet: Fleet,
  job: Job,
  key: string,
  options: RenderOptions,
): Promise<JobOutcome> {
  const name = runName(job.name, key)
  const { namespace } = fleet.environment
  const { schedule: _, ...once } = job
  for (const object of jobObjects(fleet, once, options)) {
    if (object.kind === 'Job') await api.create(named(object as JobObject, name, key))
    else await api.apply(object)
  }
  return jobEnded(api, namespace, name, key)
}

/** Waits for the end of a Job. */
export async function jobEnded(api: KubernetesApi, namespace: string, name: string, key: string): Promise<JobOutcome> {
  for (;;) {
    const live = (await api.get(kind, namespace, name)) as LiveJob | undefined
    const { attempts, ended } = progressOf(live)
    const finishedAt = Date.parse(ended?.lastTransitionTime ?? live?.status?.completionTime ?? '') || Date.now()
    if (ended?.type === 'Complete') return { kind: 'succeeded', key, attempts, finishedAt }
    if (ended) {
      const last = await lastPod(api, namespace, name).catch(() => undefined)
      return {
        kind: 'failed',
        key,
        attempts,
        finishedAt,
        ...(last?.exitCode !== undefined && { exitCode: last.exitCode }),
        reason: [ended.message ?? ended.reason ?? 'it failed', last?.line].filter(Boolean).join('; last line: '),
      }
    }
    await wait(300)
  }
}

interface JobObject extends KubernetesObject {
  readonly spec: {
    readonly ttlSecondsAfterFinished?: number
    readonly template: { readonly metadata: { readonly annotations?: Readonly<Record<string, string>> } }
  }
}

function named(object: JobObject, name: string, key: string): JobObject {
  const note = { [keyAnnotation]: key }
  const { ttlSecondsAfterFinished: _, template, ...spec } = object.spec
  const podMetadata = { ...template.metadata, annotations: { ...template.metadata.annotations, ...note } }
  return {
    ...object,
    metadata: { ...object.metadata, name, annotations: { ...object.metadata.annotations, ...note } },
    spec: { ...spec, template: { ...template, metadata: podMetadata } },
  }
}

type Condition = NonNullable<NonNullable<LiveJob['status']>['conditions']>[number]

function progressOf(live: LiveJob | undefined): { attempts: number; ended: Condition | undefined } {
  return {
    attempts: (live?.status?.succeeded ?? 0) + (live?.status?.failed ?? 0),
    ended: live?.status?.conditions?.find(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    ),
  }
}

async function lastPod(
  api: KubernetesApi,
  namespace: string,
  job: string,
): Promise<{ readonly line: string; readonly exitCode: number | undefined } | undefined> {
  const { items } = await api.list({ apiVersion: 'v1', kind: 'Pod' }, namespace, `job-name=${job}`)
  const pods = (items as readonly Pod[]).toSorted(
    (a, b) => Date.parse(a.metadata.creationTimestamp) - Date.parse(b.metadata.creationTimestamp),
  )
  const pod = pods.at(-1)
  if (!pod) return undefined
  const text = await api.text(`/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log`, { tailLines: '1' })
  return { line: text.trim(), exitCode: pod.status?.containerStatuses?.[0]?.state?.terminated?.exitCode }
}

/** The newest run of each job of a fleet. */
export async function jobStates(api: KubernetesApi, fleet: Fleet): Promise<readonly JobState[]> {
  const { items } = await api.list(kind, fleet.environment.namespace, ownedBy(fleet.name))
  const newest = (items as readonly LiveJob[]).toSorted(
    (a, b) => Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp),
  )
  return Object.keys(fleet.jobs).map((job): JobState => {
    const live = newest.find(({ metadata }) => metadata.labels?.['app.kubernetes.io/name'] === job)
    if (!live) return { job, phase: 'idle', attempts: 0 }
    const { attempts, ended } = progressOf(live)
    const key = live.metadata.annotations?.[keyAnnotation]
    const phase = ended?.type === 'Complete' ? 'succeeded' : ended ? 'failed' : 'running'
    return {
      job,
      phase,
      attempts,
      ...(key !== undefined && { key }),
      ...(phase === 'failed' && ended?.message !== undefined && { reason: ended.message }),
    }
  })
}
