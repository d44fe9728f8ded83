import type { VersionExposure } from '../../contract.ts'
import type { Replica } from '../../supervisor/replica-state.ts'

type Counts = Omit<VersionExposure, 'service' | 'version'>

const nothing: Counts = { replicaSeconds: 0, readySeconds: 0, restarts: 0, outOfMemory: 0, hangs: 0, failedStarts: 0 }

/** What is kept on disk of it, by unit. */
export type ExposureRecord = Readonly<Record<string, Counts>>

/** Adds up how long the replicas of each version ran and what befell them. */
export class ExposureLedger {
  readonly #sums: Map<string, Counts>
  /** What each replica had counted when it was last looked at. */
  readonly #seen = new Map<string, Pick<Replica, 'restarts' | 'outOfMemory' | 'hangs' | 'failedStarts'>>()
  #at: number

  constructor(record: ExposureRecord | undefined, now: number) {
    this.#sums = new Map(Object.entries(record ?? {}))
    this.#at = now
  }

  /** Counts what an adopted replica had already been counted for. */
  adopt(replica: Replica): void {
    this.#seen.set(replica.id, replica)
  }

  /** Takes in the time since the last call, and what happened in it. `now` is ms of the monotonic clock. */
  advance(replicas: Iterable<Replica>, now: number): void {
    const seconds = (now - this.#at) / 1000
    this.#at = now
    for (const replica of replicas) {
      const before = this.#seen.get(replica.id)
      const sum = this.#sums.get(replica.unit) ?? nothing
      const since = (key: 'restarts' | 'outOfMemory' | 'hangs' | 'failedStarts'): number =>
        sum[key] + Math.max(0, replica[key] - (before?.[key] ?? 0))
      this.#sums.set(replica.unit, {
        replicaSeconds: sum.replicaSeconds + ('process' in replica.state ? seconds : 0),
        readySeconds: sum.readySeconds + (replica.state.phase === 'ready' ? seconds : 0),
        restarts: since('restarts'),
        outOfMemory: since('outOfMemory'),
        hangs: since('hangs'),
        failedStarts: since('failedStarts'),
      })
      this.#seen.set(replica.id, replica)
    }
  }

  /** A replica is gone; another one by its name begins at nothing. */
  forget(replica: string): void {
    this.#seen.delete(replica)
  }

  /** What every version of a service has had. */
  of(service: string): readonly VersionExposure[] {
    return [...this.#sums].flatMap(([unit, counts]) => {
      const [name, version] = unit.split(/@(.*)/)
      return name === service && version ? [{ service, version, ...counts }] : []
    })
  }

  /** What is to be kept on disk. */
  record(): ExposureRecord {
    return Object.fromEntries(this.#sums)
  }
}
