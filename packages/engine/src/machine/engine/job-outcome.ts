import type { Fleet, Job } from '@seaworthy/model'
import type { JobOutcome } from '../../contract.ts'
import { engineProblem } from '../../problem-codes.ts'
import type { JobProgress } from '../../supervisor/job-state.ts'

function isContracting(fleet: Fleet, job: Job): boolean {
  const services = Object.values(fleet.services)
  const after = services.some((service) => service.migrations.after.includes(job.name))
  return after && !services.some((service) => service.migrations.before.includes(job.name))
}

/** Jobs without a schedule that run before what they gate. */
export function expandingJobs(fleet: Fleet): readonly Job[] {
  return Object.values(fleet.jobs).filter((job) => job.schedule === undefined && !isContracting(fleet, job))
}

/** Jobs without a schedule that may run only once the previous version is gone. */
export function contractingJobs(fleet: Fleet): readonly Job[] {
  return Object.values(fleet.jobs).filter((job) => job.schedule === undefined && isContracting(fleet, job))
}

/** How a run ended; undefined while it has not. Throws SW4011 when nobody can know. */
export function outcomeOf(job: JobProgress | undefined, finishedAt: number): JobOutcome | undefined {
  if (!job) return undefined
  const { state, attempt: attempts } = job
  const { key } = job.run
  switch (state.phase) {
    case 'succeeded':
      return { kind: 'succeeded', key, attempts, finishedAt }
    case 'failed':
      return {
        kind: 'failed',
        key,
        attempts,
        finishedAt,
        reason: state.why,
        ...(state.exit?.code !== undefined && { exitCode: state.exit.code }),
      }
    case 'unknown':
      throw engineProblem({
        code: 'SW4011',
        message: `The job ${job.run.job} (${key}) was running when the machine stopped, and left no exit code.`,
        hint: 'Look at what it did, then `seaworthy job resolve` it as succeeded or to be retried.',
      })
    default:
      return undefined
  }
}
