import type { Fleet, Job } from '@seaworthy/model'
import { labelsOf } from './labels.ts'
import type { KubernetesObject } from './object.ts'
import type { RenderOptions } from './options.ts'
import { podTemplate } from './pod.ts'
import { seconds } from './quantity.ts'

const concurrency = { forbid: 'Forbid', allow: 'Allow', replace: 'Replace' } as const

function jobSpec(fleet: Fleet, job: Job, options: RenderOptions): object {
  return {
    backoffLimit: job.attempts - 1,
    activeDeadlineSeconds: seconds(job.timeout, 1) * job.attempts,
    ttlSecondsAfterFinished: 86_400,
    template: podTemplate(fleet, job, options),
  }
}

/** A job with a schedule as CronJob; one without as Job, which runs once per release (its name carries the release when there is one). */
export function jobObject(fleet: Fleet, job: Job, options: RenderOptions, key?: string): KubernetesObject {
  const metadata = {
    name: key ? `${job.name}-${key}` : job.name,
    namespace: fleet.environment.namespace,
    labels: labelsOf(fleet, job.name),
  }
  if (!job.schedule) return { apiVersion: 'batch/v1', kind: 'Job', metadata, spec: jobSpec(fleet, job, options) }
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata,
    spec: {
      schedule: job.schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: concurrency[job.concurrency],
      // Kubernetes knows no "run all that were missed"; a deadline lets one missed run be made up for.
      startingDeadlineSeconds: job.missed === 'skip' ? 60 : 3_600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: jobSpec(fleet, job, options) },
    },
  }
}
