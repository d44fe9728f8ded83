import type { LogLine, LogQuery } from '../../contract.ts'
import type { EngineParts } from '../engine/engine-parts.ts'
import { LogFollower } from './follow-log.ts'
import { lastLines, logFile } from './log-file.ts'

/** ms between two looks at logs that are followed. */
const followEvery = 200

/** Reads what the programs of a fleet wrote, secrets masked. */
export class FleetLogs {
  readonly #parts: Pick<EngineParts, 'clock' | 'driver' | 'masks' | 'stateDir'>

  constructor(parts: Pick<EngineParts, 'clock' | 'driver' | 'masks' | 'stateDir'>) {
    this.#parts = parts
  }

  /** The last lines of everyone whom the query means. */
  last(query: LogQuery): readonly LogLine[] {
    return this.#writers(query).flatMap((replica) =>
      lastLines(logFile(this.#parts.stateDir, replica), query.lines ?? 100, this.#parts.masks.all).map((text) => ({
        replica,
        text,
      })),
    )
  }

  /** Every line that is written from now on, until `signal` aborts; replicas that come later are followed too. */
  async *follow(query: LogQuery, signal: AbortSignal): AsyncGenerator<LogLine> {
    const follower = (id: string, from?: number): LogFollower =>
      new LogFollower(logFile(this.#parts.stateDir, id), from)
    const followers = new Map(this.#writers(query).map((id) => [id, follower(id)]))
    while (!signal.aborted) {
      for (const replica of this.#writers(query)) {
        const reader = followers.get(replica) ?? follower(replica, 0)
        followers.set(replica, reader)
        for (const text of reader.next(this.#parts.masks.all)) yield { replica, text }
      }
      await new Promise<void>((next) => void this.#parts.clock.after(followEvery, next))
    }
  }

  /** Ids of those who write what a query asks for: replicas, a resource, runs of a job; everyone when it names none. */
  #writers(query: LogQuery): readonly string[] {
    const { replicas, jobs } = this.#parts.driver.supervisor
    const meant = [...replicas.values()].filter(({ id, unit }) => {
      const [service = '', version] = unit.split(/@(.*)/)
      const named = query.service === '' || [service, service.split(':')[1]].includes(query.service)
      return named && (query.version ?? version) === version && (query.replica ?? id) === id
    })
    const runs = [...jobs.values()].filter(({ run }) => query.service === '' || run.job === query.service)
    return [...meant.map(({ id }) => id), ...runs.map(({ run }) => run.key)]
  }
}
