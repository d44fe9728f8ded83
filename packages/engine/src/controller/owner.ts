import type { Clock } from '../machine/ports.ts'
import { isAlive } from '../machine/process/process-group.ts'
import type { ProcessTable } from '../machine/process/process-table.ts'
import type { ProcessIdentity } from '../supervisor/replica-state.ts'

/** ms between two looks, and how long an owner may be away before its fleet is stopped. */
const every = 500
const patience = 3000

/**
 * Watches the terminal that a fleet was started from: when that process ends without having stopped the fleet (killed,
 * its window closed), the fleet is stopped, so that nothing is left behind. A detached fleet has no owner.
 */
export class OwnerWatch implements Disposable {
  readonly #clock: Clock
  readonly #table: ProcessTable
  readonly #abandoned: () => void
  #owner: ProcessIdentity | undefined
  #missingSince: number | undefined
  #timer: Disposable | undefined

  constructor(clock: Clock, table: ProcessTable, abandoned: () => void) {
    this.#clock = clock
    this.#table = table
    this.#abandoned = abandoned
  }

  /** Whose fleet this is; undefined when nobody's. */
  get owner(): ProcessIdentity | undefined {
    return this.#owner
  }

  /** Hands the fleet to a process, or to nobody. */
  give(pid: number | undefined): void {
    const entry = pid === undefined ? undefined : this.#table.find(pid)
    this.#owner = entry && { pid: entry.pid, startTime: entry.startTime }
    this.#missingSince = undefined
    this.#timer?.[Symbol.dispose]()
    if (this.#owner) this.#look()
  }

  #look(): void {
    this.#timer = this.#clock.after(every, () => {
      const now = this.#clock.now()
      const missing = this.#owner !== undefined && !isAlive(this.#table, this.#owner)
      this.#missingSince = missing ? (this.#missingSince ?? now) : undefined
      if (this.#missingSince !== undefined && now - this.#missingSince >= patience) {
        this.#owner = undefined
        this.#abandoned()
        return
      }
      this.#look()
    })
  }

  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]()
  }
}
