import { jobRun } from '../desired/units.ts'
import type { EngineParts } from '../engine/engine-parts.ts'
import { dueRuns } from './due-runs.ts'

/** Finished runs of a scheduled job that are remembered. */
const remembered = 20

/** Starts scheduled jobs when their moment has come. */
export class ScheduledJobs {
  readonly #parts: EngineParts
  #next: ReadonlyMap<string, number> = new Map()

  constructor(parts: EngineParts) {
    this.#parts = parts
  }

  /** Next scheduled run by job, ms since the Unix epoch. */
  get next(): ReadonlyMap<string, number> {
    return this.#next
  }

  /** Starts what is due, and forgets runs of long ago. */
  look(): void {
    const { desired, store, clock } = this.#parts
    const { current } = desired
    if (!current || desired.stopped) return
    const next = new Map<string, number>()
    for (const job of Object.values(current.fleet.jobs)) {
      if (job.schedule === undefined) continue
      const document = `cron:${job.name}`
      const known = store.read<number>(document)
      const now = clock.wall()
      const { due, last, next: coming } = dueRuns(job, known ?? now, now)
      // On disk before anything starts: what is due is begun at most once, however the controller ends.
      if (known === undefined || last !== known) store.write({ [document]: last })
      if (coming !== undefined) next.set(job.name, coming)
      for (const at of due)
        this.#begin(job.name, `${job.name}-${new Date(at).toISOString().replaceAll(/\D/g, '').slice(0, 12)}`)
      this.#forgetOld(job.name)
    }
    this.#next = next
  }

  #begin(name: string, key: string): void {
    const { driver, desired } = this.#parts
    const job = desired.current?.fleet.jobs[name]
    if (!job) return
    const going = [...driver.supervisor.jobs.values()].filter(
      ({ run, state }) => run.job === name && !['succeeded', 'failed', 'unknown'].includes(state.phase),
    )
    if (going.length > 0 && job.concurrency === 'forbid') return
    if (job.concurrency === 'replace') {
      for (const { run } of going)
        driver.dispatch({ kind: 'job', key: run.key, event: { kind: 'cancel', why: 'the next run replaces it' } })
    }
    driver.dispatch({ kind: 'run-job', run: jobRun(job, key) })
  }

  #forgetOld(name: string): void {
    const { driver } = this.#parts
    const over = [...driver.supervisor.jobs.values()].filter(
      ({ run, state }) => run.job === name && (state.phase === 'succeeded' || state.phase === 'failed'),
    )
    for (const { run } of over.slice(0, -remembered)) driver.dispatch({ kind: 'forget-job', key: run.key })
  }
}
