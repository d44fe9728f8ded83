import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { Fleet, Job } from '@seaworthy/model'
import { jobObjects, type RenderOptions } from '@seaworthy/render'
import type { JobOutcome } from '../contract.ts'
import type { KubernetesApi, LiveObject } from './api/api-client.ts'

const kind = { apiVersion: 'batch/v1', kind: 'Job' }

interface JobStatus {
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

/** The name of a run's Job: the same key gives the same name, and the cluster lets a name be made once. */
export function runName(job: string, key: string): string {
  return `${job.slice(0, 50)}-${createHash('sha256').update(key).digest('hex').slice(0, 10)}`
}

/**
 * Runs a job exactly once per key: whoever comes second finds the Job there and waits for the same end.
 * `tail` reads the last line that its pod wrote.
 */
export async function runKubernetesJob(
  api: KubernetesApi,
  fleet: Fleet,
  job: Job,
  key: string,
  options: RenderOptions,
  tail: (labelSelector: string) => Promise<string | undefined>,
): Promise<JobOutcome> {
  const name = runName(job.name, key)
  const { namespace } = fleet.environment
  const { schedule: _, ...once } = job
  for (const object of jobObjects(fleet, once, options)) {
    if (object.kind !== 'Job') await api.apply(object)
    else
      await api.create({
        ...object,
        metadata: {
          ...object.metadata,
          name,
          annotations: { ...object.metadata.annotations, 'seaworthy.dev/key': key },
        },
      })
  }
  for (;;) {
    const live = (await api.get(kind, namespace, name)) as (LiveObject & { status?: JobStatus }) | undefined
    const attempts = (live?.status?.succeeded ?? 0) + (live?.status?.failed ?? 0)
    const ended = live?.status?.conditions?.find(
      ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
    )
    const finishedAt = Date.parse(ended?.lastTransitionTime ?? live?.status?.completionTime ?? '') || Date.now()
    if (ended?.type === 'Complete') return { kind: 'succeeded', key, attempts, finishedAt }
    if (ended) {
      const last = await tail(`job-name=${name}`).catch(() => undefined)
      return {
        kind: 'failed',
        key,
        attempts,
        finishedAt,
        reason: [ended.message ?? ended.reason ?? 'it failed', last].filter(Boolean).join('; last line: '),
      }
    }
    await wait(500)
  }
}
